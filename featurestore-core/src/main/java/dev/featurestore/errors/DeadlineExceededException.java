package dev.featurestore.errors;

import org.jspecify.annotations.Nullable;

/** The time for a fetch was over before the store had answered for a group. Retryable. */
public final class DeadlineExceededException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with all that is known of it.
     *
     * @param featureGroupName the group that was not answered for; null if there are several
     * @param cause what ended the request; null if nothing had
     */
    public DeadlineExceededException(String message, @Nullable String featureGroupName, @Nullable Throwable cause) {
        super(ErrorCode.DEADLINE_EXCEEDED, message, featureGroupName, null, cause);
    }
}
