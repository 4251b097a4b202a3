package dev.featurestore.training;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the row that a selection used for a label: see {@link AuditColumn}. All null if there was none; of what the
 * set was not asked for, only the event time is there.
 *
 * @param eventTime its event time
 * @param arrivalTime when it had arrived for certain
 * @param ageSeconds how much later the label was than the event
 */
public record RowAudit(
        @Nullable Instant eventTime,
        @Nullable Instant arrivalTime,
        @Nullable Double ageSeconds) {
    /** Of a label without a row. */
    public static final RowAudit NO_ROW = new RowAudit(null, null, null);
}
