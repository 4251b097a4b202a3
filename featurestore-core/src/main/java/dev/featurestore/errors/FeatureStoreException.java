package dev.featurestore.errors;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that this library reports.
 *
 * <p>Messages and {@code toString} name groups, features, types, sizes and counts. They never hold a feature value, a
 * record identifier or a credential.
 */
public abstract class FeatureStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private final @Nullable String featureGroupName;

    private final @Nullable String requestId;

    FeatureStoreException(
            ErrorCode code,
            String message,
            @Nullable String featureGroupName,
            @Nullable String requestId,
            @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.featureGroupName = featureGroupName;
        this.requestId = requestId;
    }

    /** The kind of failure; never null. */
    public final ErrorCode code() {
        return code;
    }

    /** Whether the same call, unchanged, may succeed later. Decide by this, never by the message. */
    public final boolean retryable() {
        return code.retryable();
    }

    /** The feature group the call was about, where there was exactly one. */
    public final Optional<String> featureGroupName() {
        return Optional.ofNullable(featureGroupName);
    }

    /** The service's id of the failed request, where the service gave one. */
    public final Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }
}
