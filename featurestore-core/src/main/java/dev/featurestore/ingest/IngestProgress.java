package dev.featurestore.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a load is.
 *
 * @param done how many records are settled, those of earlier runs of the same load included
 * @param failed how many of them failed for good
 * @param unknown of how many of them the outcome is unknown
 * @param recordsPerSecond settled in this run, over its whole time
 * @param remaining how long it will take at this rate; null if the total was not given or nothing is settled yet
 * @param finished whether the run is over, for whatever reason
 */
public record IngestProgress(
        long done,
        long failed,
        long unknown,
        double recordsPerSecond,
        @Nullable Duration remaining,
        boolean finished) {}
