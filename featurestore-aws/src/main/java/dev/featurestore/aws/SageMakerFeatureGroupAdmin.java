package dev.featurestore.aws;

import dev.featurestore.Sleeper;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.CollectionConfig;
import software.amazon.awssdk.services.sagemaker.model.CreateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.DataCatalogConfig;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;
import software.amazon.awssdk.services.sagemaker.model.OfflineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.OnlineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.S3StorageConfig;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sagemaker.model.ThroughputConfig;
import software.amazon.awssdk.services.sagemaker.model.ThroughputMode;
import software.amazon.awssdk.services.sagemaker.model.TtlDuration;

/** Makes and removes groups through the SageMaker API, and waits until the service is done. */
final class SageMakerFeatureGroupAdmin implements FeatureGroupAdmin {
    private static final Duration POLL = Duration.ofSeconds(2);

    private final SageMakerClient client;

    private final Requests requests;

    private final Sleeper sleeper;

    private final Duration patience;

    private final GroupNames groups;

    SageMakerFeatureGroupAdmin(
            SageMakerClient client, Requests requests, GroupNames groups, Sleeper sleeper, Duration patience) {
        this.client = client;
        this.requests = requests;
        this.groups = groups;
        this.sleeper = sleeper;
        this.patience = patience;
    }

    @Override
    public void create(FeatureGroup<?> group) {
        requireOwn("create", group.name());
        CreateFeatureGroupRequest request = request(group);
        send(
                "Creating feature group '" + group.name() + "'",
                group.name(),
                true,
                () -> client.createFeatureGroup(request));
        awaitCreated(group.name());
    }

    private void awaitCreated(String name) {
        Deadline deadline = Deadline.after(patience, System::nanoTime);
        while (true) {
            DescribeFeatureGroupResponse described = describe(name);
            FeatureGroupStatus status = described.featureGroupStatus();
            if (status == FeatureGroupStatus.CREATED) {
                return;
            }
            if (status != FeatureGroupStatus.CREATING) {
                throw new InvalidRequestException(
                        "Feature group '" + name + "' was not created: its status is "
                                + described.featureGroupStatusAsString() + ", the service's reason: "
                                + described.failureReason(),
                        name,
                        null,
                        null);
            }
            pause(name, "to be created", deadline);
        }
    }

    @Override
    public boolean exists(String name) {
        return status(name) != null;
    }

    @Override
    public List<String> list() {
        return send(
                "Listing feature groups",
                null,
                false,
                () -> client.listFeatureGroupsPaginator(page -> {}).stream()
                        .flatMap(page -> page.featureGroupSummaries().stream())
                        .map(summary -> summary.featureGroupName())
                        .sorted()
                        .toList());
    }

    @Override
    public void delete(String name) {
        requireOwn("delete", name);
        try {
            send(
                    "Deleting feature group '" + name + "'",
                    name,
                    true,
                    () -> client.deleteFeatureGroup(delete -> delete.featureGroupName(name)));
        } catch (WriteOutcomeUnknownException e) {
            // a group that is gone, or is going, says what became of the request
            FeatureGroupStatus status = status(name);
            if (status != null && status != FeatureGroupStatus.DELETING) {
                throw e;
            }
        }
        awaitDeleted(name);
    }

    private void awaitDeleted(String name) {
        Deadline deadline = Deadline.after(patience, System::nanoTime);
        for (FeatureGroupStatus status = status(name); status != null; status = status(name)) {
            if (status == FeatureGroupStatus.DELETE_FAILED) {
                throw new InvalidRequestException(
                        "Feature group '" + name + "' was not deleted: its status is " + status
                                + "; describe it for the service's reason",
                        name,
                        null,
                        null);
            }
            pause(name, "to be deleted", deadline);
        }
    }

    /** Null if there is no such group. */
    private @Nullable FeatureGroupStatus status(String name) {
        try {
            return describe(name).featureGroupStatus();
        } catch (FeatureGroupNotFoundException e) {
            return null;
        }
    }

    /** The service makes and removes groups of the caller's own account only, where one of that name may be another. */
    private void requireOwn(String what, String name) {
        if (!groups.sent(name).equals(name)) {
            throw new InvalidRequestException(
                    "Cannot " + what + " feature group '" + name + "': this store addresses it by ARN, as a group of"
                            + " another account; use a store of the account that owns it",
                    name,
                    null,
                    null);
        }
    }

    private DescribeFeatureGroupResponse describe(String name) {
        return send(
                "Describing feature group '" + name + "'",
                name,
                false,
                () -> client.describeFeatureGroup(describe -> describe.featureGroupName(groups.sent(name))));
    }

    private <T> T send(String what, @Nullable String group, boolean isWrite, Supplier<T> request) {
        return requests.send(new ServiceErrors.Call(what, group, isWrite), Deadline.none(), request);
    }

    private void pause(String name, String event, Deadline deadline) {
        if (deadline.isOver()) {
            throw unavailable(name, event, "within " + patience);
        }
        try {
            sleeper.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(name, event, "before the thread was interrupted");
        }
    }

    private static FeatureStoreException unavailable(String name, String event, String when) {
        return new StoreUnavailableException(
                "Feature group '" + name + "' took too long " + event + " " + when + ": look at its status again later",
                name,
                null,
                null);
    }

    private static CreateFeatureGroupRequest request(FeatureGroup<?> group) {
        CreateFeatureGroupRequest.Builder request = CreateFeatureGroupRequest.builder()
                .featureGroupName(group.name())
                .recordIdentifierFeatureName(group.recordIdentifier().name())
                .eventTimeFeatureName(group.eventTime().name())
                .featureDefinitions(definitions(group));
        if (!group.description().isEmpty()) {
            request.description(group.description());
        }
        group.onlineStore().ifPresent(online -> request.onlineStoreConfig(online(online)));
        group.offlineStore().ifPresent(offline -> request.offlineStoreConfig(offline(offline)));
        group.throughput().ifPresent(throughput -> request.throughputConfig(throughput(throughput)));
        group.roleArn().ifPresent(request::roleArn);
        if (!group.tags().isEmpty()) {
            List<Tag> tags = new ArrayList<>();
            group.tags()
                    .forEach((key, value) ->
                            tags.add(Tag.builder().key(key).value(value).build()));
            request.tags(tags);
        }
        return request.build();
    }

    private static List<FeatureDefinition> definitions(FeatureGroup<?> group) {
        List<FeatureDefinition> definitions = new ArrayList<>();
        for (Feature<?> feature : group.features()) {
            FeatureDefinition.Builder definition = FeatureDefinition.builder()
                    .featureName(feature.name())
                    .featureType(feature.type().wireName());
            CollectionCodec<?> collection = feature.collection().orElse(null);
            if (collection != null) {
                definition.collectionType(collection.collectionType().wireName());
                if (collection.dimension() > 0) {
                    definition.collectionConfig(
                            CollectionConfig.fromVectorConfig(vector -> vector.dimension(collection.dimension())));
                }
            }
            definitions.add(definition.build());
        }
        return definitions;
    }

    private static OnlineStoreConfig online(OnlineStoreSettings online) {
        OnlineStoreConfig.Builder config = OnlineStoreConfig.builder()
                .enableOnlineStore(true)
                .storageType(online.storageType().wireName());
        online.ttl()
                .ifPresent(ttl -> config.ttlDuration(TtlDuration.builder()
                        .value(ttl.value())
                        .unit(ttl.unit().wireName())
                        .build()));
        online.kmsKeyId().ifPresent(key -> config.securityConfig(security -> security.kmsKeyId(key)));
        return config.build();
    }

    private static OfflineStoreConfig offline(OfflineStoreSettings offline) {
        S3StorageConfig.Builder storage = S3StorageConfig.builder().s3Uri(offline.s3Uri());
        offline.kmsKeyId().ifPresent(storage::kmsKeyId);
        OfflineStoreConfig.Builder config = OfflineStoreConfig.builder()
                .s3StorageConfig(storage.build())
                .tableFormat(offline.tableFormat() == OfflineStoreSettings.TableFormat.ICEBERG ? "Iceberg" : "Glue")
                .disableGlueTableCreation(
                        offline.catalogTable() != OfflineStoreSettings.CatalogTable.CREATED_BY_SERVICE);
        String table = offline.table().orElse(null);
        if (table != null) {
            config.dataCatalogConfig(DataCatalogConfig.builder()
                    .catalog("AwsDataCatalog")
                    .database(offline.database().orElse(null))
                    .tableName(table)
                    .build());
        }
        return config.build();
    }

    private static ThroughputConfig throughput(Throughput throughput) {
        return switch (throughput.mode()) {
            case ON_DEMAND ->
                ThroughputConfig.builder()
                        .throughputMode(ThroughputMode.ON_DEMAND)
                        .build();
            case PROVISIONED ->
                ThroughputConfig.builder()
                        .throughputMode(ThroughputMode.PROVISIONED)
                        .provisionedReadCapacityUnits(throughput.readCapacityUnits())
                        .provisionedWriteCapacityUnits(throughput.writeCapacityUnits())
                        .build();
        };
    }

    @Override
    public String toString() {
        return "SageMaker feature group administration";
    }
}
