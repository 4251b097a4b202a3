package dev.featurestore.errors;

import org.jspecify.annotations.Nullable;

/** A value does not fit its feature, or a stored text cannot be read as the feature's type. Not retryable. */
public final class RecordMappingException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /** A failure on no one feature group, with no cause of its own. */
    public RecordMappingException(String message) {
        this(message, null, null, null);
    }

    /**
     * A failure with all that is known of it.
     *
     * @param featureGroupName the group the call was about; null if none or several
     * @param requestId the service's request id; null if there is none
     * @param cause what was thrown below; null if nothing was
     */
    public RecordMappingException(
            String message, @Nullable String featureGroupName, @Nullable String requestId, @Nullable Throwable cause) {
        super(ErrorCode.RECORD_MAPPING, message, featureGroupName, requestId, cause);
    }
}
