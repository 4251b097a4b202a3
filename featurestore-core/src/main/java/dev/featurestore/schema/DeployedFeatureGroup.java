package dev.featurestore.schema;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A feature group as the service describes it at one moment. Immutable. Compare it with a definition by {@link
 * SchemaDifference}, or make a definition of it by {@link DefinitionSource}.
 */
public final class DeployedFeatureGroup {
    /** Where a group is in its life. */
    public enum Status {
        /** Being made; records cannot be written yet. */
        CREATING("Creating"),
        /** In use. */
        CREATED("Created"),
        /** Could not be made; it has to be deleted. */
        CREATE_FAILED("CreateFailed"),
        /** Being deleted. */
        DELETING("Deleting"),
        /** Could not be deleted; deleting it again may help. */
        DELETE_FAILED("DeleteFailed");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        /** The service's own spelling, such as {@code CreateFailed}. */
        public String wireName() {
            return wireName;
        }

        /**
         * The status with this wire name.
         *
         * @throws IllegalArgumentException if the service has no such status
         */
        public static Status ofWireName(String wireName) {
            for (Status status : values()) {
                if (status.wireName.equals(wireName)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("Unknown status of a feature group '" + wireName + "'");
        }
    }

    /** What became of the last update of the definition. */
    public enum LastUpdate {
        /** There was none. */
        NONE,
        /** It is under way. */
        IN_PROGRESS,
        /** It has taken effect. */
        SUCCESSFUL,
        /** It has not taken effect; see {@link #lastUpdateFailure}. */
        FAILED
    }

    private final String name;
    private final String arn;
    private final String recordIdentifier;
    private final String eventTime;
    private final List<DeployedFeature> features;
    private final @Nullable OnlineStoreSettings onlineStore;
    private final @Nullable OfflineStoreSettings offlineStore;
    private final @Nullable String resolvedS3Uri;
    private final @Nullable String offlineStoreStatus;
    private final @Nullable Throughput throughput;
    private final @Nullable String roleArn;
    private final String description;
    private final Status status;
    private final @Nullable String failure;
    private final LastUpdate lastUpdate;
    private final @Nullable String lastUpdateFailure;
    private final Instant createdAt;

    private DeployedFeatureGroup(Builder builder) {
        this.name = builder.name;
        this.arn = builder.arn;
        this.recordIdentifier = builder.recordIdentifier;
        this.eventTime = builder.eventTime;
        this.features = List.copyOf(builder.features);
        this.onlineStore = builder.onlineStore;
        this.offlineStore = builder.offlineStore;
        this.resolvedS3Uri = builder.resolvedS3Uri;
        this.offlineStoreStatus = builder.offlineStoreStatus;
        this.throughput = builder.throughput;
        this.roleArn = builder.roleArn;
        this.description = builder.description;
        this.status = builder.status;
        this.failure = builder.failure;
        this.lastUpdate = builder.lastUpdate;
        this.lastUpdateFailure = builder.lastUpdateFailure;
        this.createdAt = builder.createdAt;
    }

    /** Starts a description; it is for backends. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The name that is unique among all accounts. */
    public String arn() {
        return arn;
    }

    /** The name of the feature that identifies a record. */
    public String recordIdentifier() {
        return recordIdentifier;
    }

    /** The name of the feature that says when a record was true. */
    public String eventTime() {
        return eventTime;
    }

    /** All features, in the order in which the service was told of them. */
    public List<DeployedFeature> features() {
        return features;
    }

    /** The feature of exactly this name; empty if there is none. */
    public Optional<DeployedFeature> findFeature(String featureName) {
        return features.stream()
                .filter(feature -> feature.name().equals(featureName))
                .findFirst();
    }

    /** The online store's settings; empty if the group has none. */
    public Optional<OnlineStoreSettings> onlineStore() {
        return Optional.ofNullable(onlineStore);
    }

    /** The offline store's settings, with the names of its table as deployed; empty if the group has none. */
    public Optional<OfflineStoreSettings> offlineStore() {
        return Optional.ofNullable(offlineStore);
    }

    /** Where the files of the offline store really are: below its S3 URI. */
    public Optional<String> resolvedS3Uri() {
        return Optional.ofNullable(resolvedS3Uri);
    }

    /** Active, Blocked with the service's reason, or Disabled, in the service's words; empty without an offline store. */
    public Optional<String> offlineStoreStatus() {
        return Optional.ofNullable(offlineStoreStatus);
    }

    /** The throughput; empty if the service tells none, which is on demand. */
    public Optional<Throughput> throughput() {
        return Optional.ofNullable(throughput);
    }

    /** The role with which the service writes the offline store; empty without one. */
    public Optional<String> roleArn() {
        return Optional.ofNullable(roleArn);
    }

    /** The description; empty if there is none. */
    public String description() {
        return description;
    }

    /** Where the group is in its life. */
    public Status status() {
        return status;
    }

    /** The service's reason why the group could not be created or deleted. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** What became of the last update. */
    public LastUpdate lastUpdate() {
        return lastUpdate;
    }

    /** The service's reason why the last update failed. */
    public Optional<String> lastUpdateFailure() {
        return Optional.ofNullable(lastUpdateFailure);
    }

    /** Whether the service is at work on the group: it is being created or deleted, or an update is under way. */
    public boolean isChanging() {
        return status == Status.CREATING || status == Status.DELETING || lastUpdate == LastUpdate.IN_PROGRESS;
    }

    /** When the group was created. */
    public Instant createdAt() {
        return createdAt;
    }

    /** The name, the number of features and the status. */
    @Override
    public String toString() {
        return "deployed feature group '" + name + "' (" + features.size() + " features, " + status.wireName() + ")";
    }

    /** Collects a description. Identifier, event time and features are required. */
    public static final class Builder {
        private final String name;
        private final List<DeployedFeature> features = new ArrayList<>();
        private String arn = "";
        private String recordIdentifier = "";
        private String eventTime = "";
        private @Nullable OnlineStoreSettings onlineStore;
        private @Nullable OfflineStoreSettings offlineStore;
        private @Nullable String resolvedS3Uri;
        private @Nullable String offlineStoreStatus;
        private @Nullable Throughput throughput;
        private @Nullable String roleArn;
        private String description = "";
        private Status status = Status.CREATED;
        private @Nullable String failure;
        private LastUpdate lastUpdate = LastUpdate.NONE;
        private @Nullable String lastUpdateFailure;
        private Instant createdAt = Instant.EPOCH;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** The ARN. */
        public Builder arn(String value) {
            this.arn = Objects.requireNonNull(value, "value");
            return this;
        }

        /** The names of the record identifier and the event time. */
        public Builder keys(String identifierName, String eventTimeName) {
            this.recordIdentifier = Objects.requireNonNull(identifierName, "identifierName");
            this.eventTime = Objects.requireNonNull(eventTimeName, "eventTimeName");
            return this;
        }

        /** Adds features in the service's order, identifier and event time among them. */
        public Builder features(List<DeployedFeature> more) {
            features.addAll(more);
            return this;
        }

        /** An online store. */
        public Builder onlineStore(Consumer<OnlineStoreSettings.Builder> settings) {
            OnlineStoreSettings.Builder builder = new OnlineStoreSettings.Builder();
            settings.accept(builder);
            this.onlineStore = builder.build();
            return this;
        }

        /** An offline store. */
        public Builder offlineStore(Consumer<OfflineStoreSettings.Builder> settings) {
            OfflineStoreSettings.Builder builder = new OfflineStoreSettings.Builder();
            settings.accept(builder);
            this.offlineStore = builder.build();
            return this;
        }

        /** Where the offline store's files are, and how it is; null for what is not told. */
        public Builder offlineStoreState(@Nullable String filesUri, @Nullable String state) {
            this.resolvedS3Uri = filesUri;
            this.offlineStoreStatus = state;
            return this;
        }

        /** The throughput; null if none is told. */
        public Builder throughput(@Nullable Throughput value) {
            this.throughput = value;
            return this;
        }

        /** The role; null if there is none. */
        public Builder roleArn(@Nullable String value) {
            this.roleArn = value;
            return this;
        }

        /** The description; null if there is none. */
        public Builder description(@Nullable String value) {
            this.description = value == null ? "" : value;
            return this;
        }

        /** The status; {@link Status#CREATED} unless set. The reason of a failure is null if there was none. */
        public Builder status(Status value, @Nullable String reason) {
            this.status = Objects.requireNonNull(value, "value");
            this.failure = reason;
            return this;
        }

        /** The last update; {@link LastUpdate#NONE} unless set. The reason of a failure is null if there was none. */
        public Builder lastUpdate(LastUpdate value, @Nullable String reason) {
            this.lastUpdate = Objects.requireNonNull(value, "value");
            this.lastUpdateFailure = reason;
            return this;
        }

        /** When it was created. */
        public Builder createdAt(Instant value) {
            this.createdAt = Objects.requireNonNull(value, "value");
            return this;
        }

        /** The description. */
        public DeployedFeatureGroup build() {
            return new DeployedFeatureGroup(this);
        }
    }
}
