package dev.featurestore.testkit.athena;

/** The states of a query, as Athena names them. */
public enum QueryState {
    /** Accepted, and not begun. */
    QUEUED,
    /** Begun. */
    RUNNING,
    /** Ended well. */
    SUCCEEDED,
    /** Ended by an error. */
    FAILED,
    /** Ended from outside. */
    CANCELLED;

    /** Whether a query stays in this state. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }
}
