package dev.featurestore.ingest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What became of a batch: each of its records is written, skipped, dead-lettered, failed or held back. Immutable.
 *
 * <p>A source that repeats a shard from the lowest failed record on, as Lambda does for Kinesis, delivers everything behind
 * that record again, also what was written: that is harmless, the same record is written twice with the same event time.
 */
public final class StreamBatchResult {
    private final int written;

    private final int skipped;

    private final int deadLettered;

    private final int heldBack;

    private final List<StreamFailure> failures;

    private final List<String> firstFailed;

    StreamBatchResult(int written, int skipped, int deadLettered, int heldBack, List<StreamFailure> failures) {
        this.written = written;
        this.skipped = skipped;
        this.deadLettered = deadLettered;
        this.heldBack = heldBack;
        this.failures = List.copyOf(failures);
        this.firstFailed = firstOfEachShard(failures);
    }

    private static List<String> firstOfEachShard(List<StreamFailure> failures) {
        Set<String> shards = new LinkedHashSet<>();
        List<String> first = new ArrayList<>();
        for (StreamFailure failure : failures) {
            if (shards.add(failure.shard())) {
                first.add(failure.sequenceNumber());
            }
        }
        return List.copyOf(first);
    }

    /**
     * The sequence number of the first record of each shard that failed, in the order of the batch; empty if all is well.
     * These are the item identifiers of Lambda's {@code batchItemFailures}.
     */
    public List<String> firstFailedOfEachShard() {
        return firstFailed;
    }

    /** Every record that failed, in the order of the batch. */
    public List<StreamFailure> failures() {
        return failures;
    }

    /** How many records the store has taken. */
    public int written() {
        return written;
    }

    /** How many records the mapping made no row of. */
    public int skipped() {
        return skipped;
    }

    /** How many records the dead-letter sink has taken. */
    public int deadLettered() {
        return deadLettered;
    }

    /** How many records lie behind a failed one of their shard and were not tried, or not finished with, for that reason. */
    public int heldBack() {
        return heldBack;
    }

    /** Whether nothing is to be delivered again. */
    public boolean isComplete() {
        return failures.isEmpty();
    }

    /** The counts. */
    @Override
    public String toString() {
        return "written " + written + ", skipped " + skipped + ", dead-lettered " + deadLettered + ", failed "
                + failures.size() + ", held back " + heldBack;
    }
}
