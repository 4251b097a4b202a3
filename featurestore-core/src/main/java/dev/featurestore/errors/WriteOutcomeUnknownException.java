package dev.featurestore.errors;

import org.jspecify.annotations.Nullable;

/** A write was sent and its answer never came: it may or may not be stored. Read the record back, or write the same record again: a put of the same content and event time is harmless. */
public final class WriteOutcomeUnknownException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /** A failure on no one feature group, with no cause of its own. */
    public WriteOutcomeUnknownException(String message) {
        this(message, null, null, null);
    }

    /**
     * A failure with all that is known of it.
     *
     * @param featureGroupName the group the call was about; null if none or several
     * @param requestId the service's request id; null if there is none
     * @param cause what was thrown below; null if nothing was
     */
    public WriteOutcomeUnknownException(
            String message, @Nullable String featureGroupName, @Nullable String requestId, @Nullable Throwable cause) {
        super(ErrorCode.WRITE_OUTCOME_UNKNOWN, message, featureGroupName, requestId, cause);
    }
}
