package dev.featurestore.errors;

import org.jspecify.annotations.Nullable;

/** The backend or dialect cannot do what was asked. The message names what can. */
public final class UnsupportedCapabilityException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /** A failure on no one feature group, with no cause of its own. */
    public UnsupportedCapabilityException(String message) {
        this(message, null, null, null);
    }

    /**
     * A failure with all that is known of it.
     *
     * @param featureGroupName the group the call was about; null if none or several
     * @param requestId the service's request id; null if there is none
     * @param cause what was thrown below; null if nothing was
     */
    public UnsupportedCapabilityException(
            String message, @Nullable String featureGroupName, @Nullable String requestId, @Nullable Throwable cause) {
        super(ErrorCode.UNSUPPORTED_CAPABILITY, message, featureGroupName, requestId, cause);
    }
}
