package dev.featurestore.errors;

import org.jspecify.annotations.Nullable;

/** The store refuses the request and would refuse it again. Not retryable. */
public final class InvalidRequestException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /** A failure on no one feature group, with no cause of its own. */
    public InvalidRequestException(String message) {
        this(message, null, null, null);
    }

    /**
     * A failure with all that is known of it.
     *
     * @param featureGroupName the group the call was about; null if none or several
     * @param requestId the service's request id; null if there is none
     * @param cause what was thrown below; null if nothing was
     */
    public InvalidRequestException(
            String message, @Nullable String featureGroupName, @Nullable String requestId, @Nullable Throwable cause) {
        super(ErrorCode.INVALID_REQUEST, message, featureGroupName, requestId, cause);
    }
}
