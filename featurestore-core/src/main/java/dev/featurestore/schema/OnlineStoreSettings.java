package dev.featurestore.schema;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group's online store: the latest record of each identifier, read in milliseconds. */
public final class OnlineStoreSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    private final OnlineStorageType storageType;

    private final @Nullable Ttl ttl;

    private final @Nullable String kmsKeyId;

    private OnlineStoreSettings(Builder builder) {
        this.storageType = builder.storageType;
        this.ttl = builder.ttl;
        this.kmsKeyId = builder.kmsKeyId;
    }

    /** Where records are kept; {@link OnlineStorageType#STANDARD} unless set. */
    public OnlineStorageType storageType() {
        return storageType;
    }

    /** How long records live that do not bring a time to live of their own; empty if for ever. */
    public Optional<Ttl> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** The key that encrypts the store; empty for the service's own. */
    public Optional<String> kmsKeyId() {
        return Optional.ofNullable(kmsKeyId);
    }

    /** Collects the settings of an online store. */
    public static final class Builder {
        private OnlineStorageType storageType = OnlineStorageType.STANDARD;
        private @Nullable Ttl ttl;
        private @Nullable String kmsKeyId;

        Builder() {}

        /** Where records are kept. */
        public Builder storageType(OnlineStorageType type) {
            this.storageType = Objects.requireNonNull(type, "type");
            return this;
        }

        /** Records expire this long after their event time; whole seconds, at least one. */
        public Builder ttl(Duration duration) {
            return ttl(Ttl.of(duration));
        }

        /** Records expire this long after their event time. */
        public Builder ttl(Ttl timeToLive) {
            this.ttl = Objects.requireNonNull(timeToLive, "timeToLive");
            return this;
        }

        /** A symmetric key of your own that encrypts the store. */
        public Builder kmsKeyId(String id) {
            this.kmsKeyId = Objects.requireNonNull(id, "id");
            return this;
        }

        OnlineStoreSettings build() {
            return new OnlineStoreSettings(this);
        }
    }
}
