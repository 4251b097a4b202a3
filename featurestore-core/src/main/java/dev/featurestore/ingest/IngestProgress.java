package dev.featurestore.ingest;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a load is. */
public final class IngestProgress {
    private final long done;

    private final long failed;

    private final long unknown;

    private final double recordsPerSecond;

    private final @Nullable Duration remaining;

    private final boolean isFinished;

    IngestProgress(
            long done,
            long failed,
            long unknown,
            double recordsPerSecond,
            @Nullable Duration remaining,
            boolean isFinished) {
        this.done = done;
        this.failed = failed;
        this.unknown = unknown;
        this.recordsPerSecond = recordsPerSecond;
        this.remaining = remaining;
        this.isFinished = isFinished;
    }

    /** How many records are settled, those of earlier runs of the same load included. */
    public long done() {
        return done;
    }

    /** How many of them failed for good. */
    public long failed() {
        return failed;
    }

    /** Of how many of them the outcome is unknown. */
    public long unknown() {
        return unknown;
    }

    /** How many records were settled a second in this run, over its whole time. */
    public double recordsPerSecond() {
        return recordsPerSecond;
    }

    /** How long it will take at this rate; empty if the total was not given or nothing is settled yet. */
    public Optional<Duration> remaining() {
        return Optional.ofNullable(remaining);
    }

    /** Whether the run is over, for whatever reason. */
    public boolean isFinished() {
        return isFinished;
    }

    /** The counts. */
    @Override
    public String toString() {
        return done + " settled, " + failed + " failed and " + unknown + " unknown among them, " + recordsPerSecond
                + " a second, "
                + (isFinished ? "finished" : "remaining " + (remaining == null ? "unknown" : remaining));
    }
}
