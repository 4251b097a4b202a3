package dev.featurestore.training;

/**
 * What a training set can tell of the row that each selection used, in columns behind the view's: first those of one kind for
 * all selections, then the next kind. Null where a label has no row of the group.
 */
public enum AuditColumn {
    /** {@code <selection>__event_time}: its event time, as UTC text with 9 fraction digits. */
    EVENT_TIME("__event_time"),
    /**
     * {@code <selection>__arrival_time}: when it had arrived for certain, as UTC text with 9 fraction digits: what the writer
     * stamped, but not before the service's own time; without a stamp the service's time and the arrival unit of the rule.
     * Null too if the service told no time.
     */
    ARRIVAL_TIME("__arrival_time"),
    /**
     * {@code <selection>__age_seconds}: the label's time less the event time, in seconds, as a double. Below zero for a row
     * ahead of the clock, which {@code AS_SERVED} lets in.
     */
    AGE("__age_seconds");

    private final String suffix;

    AuditColumn(String suffix) {
        this.suffix = suffix;
    }

    /** The column's name for a selection. */
    public String of(String selection) {
        return selection + suffix;
    }
}
