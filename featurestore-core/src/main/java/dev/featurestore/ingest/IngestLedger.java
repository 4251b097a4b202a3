package dev.featurestore.ingest;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a load are settled, and how. A failure is in the file of failed records before it counts as settled, so
 * that a checkpoint never passes one over. Safe for use by many threads.
 */
final class IngestLedger {
    /** So many settled positions are dropped from the set at a time. */
    private static final int CHUNK = 8192;

    private final Checkpoint.State before;

    private final FailedRecords.@Nullable Writer file;

    /** The position that bit 0 stands for. */
    private long base;

    private final BitSet settledFromBase = new BitSet();

    private boolean hasWritten;

    private long settled;

    private long failed;

    private long unknown;

    /** Of the failures behind the watermark: whether the outcome is unknown. */
    private final NavigableMap<Long, Boolean> failuresAhead = new TreeMap<>();

    private final List<FailedRecord> first = new ArrayList<>();

    IngestLedger(Checkpoint.State before, FailedRecords.@Nullable Writer file) {
        this.before = before;
        this.file = file;
        this.base = before.position();
        this.settled = before.position();
        this.failed = before.failed();
        this.unknown = before.unknown();
    }

    /** @param failures the first of this run */
    record Totals(
            long resumedFrom, long settled, long failed, long unknown, long watermark, List<FailedRecord> failures) {}

    synchronized void written(long position) {
        hasWritten = true;
        settle(position);
    }

    /** Whether this run has written a record: its group is there. */
    synchronized boolean hasWritten() {
        return hasWritten;
    }

    /** @param record null if none could be made of the row */
    synchronized void failed(long position, @Nullable FeatureRecord record, ErrorCode code, String reason)
            throws IOException {
        FailedRecord failure = FailedRecord.of(position, record, code, reason);
        if (file != null) {
            file.add(failure, record);
        }
        if (first.size() < IngestReport.MAX_FAILURES) {
            first.add(failure);
        }
        boolean isUnknown = code == ErrorCode.WRITE_OUTCOME_UNKNOWN;
        if (isUnknown) {
            unknown++;
        } else {
            failed++;
        }
        failuresAhead.put(position, isUnknown);
        settle(position);
    }

    private void settle(long position) {
        settled++;
        settledFromBase.set(Math.toIntExact(position - base));
        int done = settledFromBase.nextClearBit(0);
        if (done >= CHUNK) {
            drop(done);
        }
    }

    private void drop(int done) {
        BitSet rest = settledFromBase.get(done, Math.max(done, settledFromBase.length()));
        settledFromBase.clear();
        settledFromBase.or(rest);
        base += done;
    }

    /** How far all is settled, and what is so below there. Failures are on the disk when this returns. */
    synchronized Checkpoint.State state() throws IOException {
        if (file != null) {
            file.force();
        }
        long watermark = watermark();
        long failedAhead = 0;
        long unknownAhead = 0;
        failuresAhead.headMap(watermark).clear();
        for (boolean isUnknown : failuresAhead.values()) {
            if (isUnknown) {
                unknownAhead++;
            } else {
                failedAhead++;
            }
        }
        return new Checkpoint.State(watermark, failed - failedAhead, unknown - unknownAhead);
    }

    private long watermark() {
        return base + settledFromBase.nextClearBit(0);
    }

    synchronized Totals totals() {
        return new Totals(before.position(), settled, failed, unknown, watermark(), List.copyOf(first));
    }
}
