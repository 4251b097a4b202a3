package dev.featurestore.ingest;

import dev.featurestore.errors.FeatureStoreException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of a load. Each that was read is written, failed, unknown or unsettled. The counts cover the whole
 * load: those below the checkpoint that the run went on from are in them. Immutable.
 */
public final class IngestReport {
    /** So many failures are kept in the report; all of them are counted, and written to the file of failed records. */
    public static final int MAX_FAILURES = 1000;

    private final long resumedFrom;

    private final long read;

    private final long failed;

    private final long unknown;

    private final long settled;

    private final long resumeFrom;

    private final List<FailedRecord> failures;

    private final Duration elapsed;

    private final @Nullable Exception stoppedBy;

    IngestReport(IngestLedger.Totals totals, long read, Duration elapsed, @Nullable Exception stoppedBy) {
        this.resumedFrom = totals.resumedFrom();
        this.read = read;
        this.failed = totals.failed();
        this.unknown = totals.unknown();
        this.settled = totals.settled();
        this.resumeFrom = totals.watermark();
        this.failures = totals.failures();
        this.elapsed = elapsed;
        this.stoppedBy = stoppedBy;
    }

    /** How many records came from the source, those passed over because they were settled before included. */
    public long read() {
        return read;
    }

    /** How many records the store has taken. */
    public long written() {
        return settled - failed - unknown;
    }

    /** How many records failed for good or were not taken in all the time for them. */
    public long failed() {
        return failed;
    }

    /** How many records were sent without an answer to any of the attempts: they may be stored or not. */
    public long unknown() {
        return unknown;
    }

    /** How many records were read and not settled, since the run was stopped: {@link #resumeFrom} is before all of them. */
    public long unsettled() {
        // a source that ended below its checkpoint was read less than is settled
        return Math.max(0, read - settled);
    }

    /** The first {@value #MAX_FAILURES} failures of this run, unknown outcomes among them, as they happened. */
    public List<FailedRecord> failures() {
        return failures;
    }

    /** The position that this run began at; 0 unless it went on from a checkpoint. */
    public long resumedFrom() {
        return resumedFrom;
    }

    /** The position below which all is settled. A run with the same checkpoint goes on from there. */
    public long resumeFrom() {
        return resumeFrom;
    }

    /** How long this run took. */
    public Duration elapsed() {
        return elapsed;
    }

    /** How many records a second this run settled. */
    public double recordsPerSecond() {
        long nanos = elapsed.toNanos();
        return nanos <= 0 ? 0 : (settled - resumedFrom) * 1e9 / nanos;
    }

    /**
     * What stopped the run before the end of its source: a permission or group that is missing, an interrupt, a source or file
     * that failed; empty if it came to the end.
     */
    public Optional<Exception> stoppedBy() {
        return Optional.ofNullable(stoppedBy);
    }

    /** Whether the source was read to its end and every record written. */
    public boolean isComplete() {
        return stoppedBy == null && failed == 0 && unknown == 0;
    }

    /** The counts and what stopped the run; no values. */
    @Override
    public String toString() {
        String stop = "";
        if (stoppedBy instanceof FeatureStoreException known) {
            stop = "; stopped by " + known.code() + ": " + known.getMessage();
        } else if (stoppedBy != null) {
            // another's message may quote what it read
            stop = "; stopped by " + stoppedBy.getClass().getName();
        }
        return String.format(
                Locale.ROOT,
                "read %d, written %d, failed %d, unknown %d, unsettled %d in %s (%.0f/s)%s",
                read,
                written(),
                failed,
                unknown,
                unsettled(),
                elapsed,
                recordsPerSecond(),
                stop);
    }
}
