package dev.featurestore.errors;

/** The stable name of a kind of failure, for dashboards, alarms and {@code switch}es. Constants are only ever added. */
public enum ErrorCode {
    /** Parts of a definition that do not fit together, or a deployed group that does not match it. */
    INVALID_DEFINITION(false),
    /** A value that does not fit its feature, or a stored text that its codec cannot read. */
    RECORD_MAPPING(false),
    /** A request the store refuses, and would refuse again. */
    INVALID_REQUEST(false),
    /** The feature group does not exist, or is not visible to the caller. */
    FEATURE_GROUP_NOT_FOUND(false),
    /** The caller lacks a permission. */
    ACCESS_DENIED(false),
    /** The store is over its capacity or quota for this caller; the same call may pass later. */
    THROTTLED(true),
    /** The store did not answer, or answered that it cannot now; for reads, the same call may pass later. */
    UNAVAILABLE(true),
    /** The time for a fetch was over before the store had answered; the same call may pass with more time. */
    DEADLINE_EXCEEDED(true),
    /** A write that was sent and whose answer never came: it may or may not be stored. */
    WRITE_OUTCOME_UNKNOWN(false),
    /** A query of the offline store that started and did not end well. */
    QUERY_FAILED(false),
    /** The backend or dialect cannot do this at all. */
    UNSUPPORTED_CAPABILITY(false),
    /** A vector, view or model that was made for another version of the feature view. */
    FINGERPRINT_MISMATCH(false);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same call, unchanged, may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
