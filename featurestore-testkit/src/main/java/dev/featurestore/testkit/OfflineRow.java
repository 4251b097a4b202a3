package dev.featurestore.testkit;

import dev.featurestore.spi.WireRecord;
import java.time.Instant;
import java.util.Objects;

/**
 * One row of a group's offline store.
 *
 * @param record the features as written; of a delete marker only the identifier and the event time
 * @param deleted whether the row is a delete marker
 * @param apiInvocationTime when the service says the write arrived, as finely as it keeps that
 * @param writeTime when the row was written to the offline store, in milliseconds
 * @param arrivedAt when the write arrived, exactly; the service does not store it, tests may ask for it
 */
public record OfflineRow(
        WireRecord record, boolean deleted, Instant apiInvocationTime, Instant writeTime, Instant arrivedAt) {
    /** Refuses nulls. */
    public OfflineRow {
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(apiInvocationTime, "apiInvocationTime");
        Objects.requireNonNull(writeTime, "writeTime");
        Objects.requireNonNull(arrivedAt, "arrivedAt");
    }
}
