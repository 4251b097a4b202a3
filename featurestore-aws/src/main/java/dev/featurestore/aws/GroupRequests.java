package dev.featurestore.aws;

import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.CollectionConfig;
import software.amazon.awssdk.services.sagemaker.model.CreateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.DataCatalogConfig;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.OfflineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.OnlineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.S3StorageConfig;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sagemaker.model.ThroughputConfig;
import software.amazon.awssdk.services.sagemaker.model.ThroughputConfigUpdate;
import software.amazon.awssdk.services.sagemaker.model.ThroughputMode;
import software.amazon.awssdk.services.sagemaker.model.TtlDuration;

/** Definitions in the SDK's words. */
final class GroupRequests {
    private GroupRequests() {}

    static CreateFeatureGroupRequest create(FeatureGroup<?> group) {
        CreateFeatureGroupRequest.Builder request = CreateFeatureGroupRequest.builder()
                .featureGroupName(group.name())
                .recordIdentifierFeatureName(group.recordIdentifier().name())
                .eventTimeFeatureName(group.eventTime().name())
                .featureDefinitions(definitions(group.features()));
        if (!group.description().isEmpty()) {
            request.description(group.description());
        }
        group.onlineStore().ifPresent(online -> request.onlineStoreConfig(online(online)));
        group.offlineStore().ifPresent(offline -> request.offlineStoreConfig(offline(offline)));
        group.throughput().ifPresent(throughput -> request.throughputConfig(throughput(throughput)));
        group.roleArn().ifPresent(request::roleArn);
        if (!group.tags().isEmpty()) {
            request.tags(tags(group.tags()));
        }
        return request.build();
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    static List<FeatureDefinition> definitions(List<? extends Feature<?>> features) {
        List<FeatureDefinition> definitions = new ArrayList<>();
        for (Feature<?> feature : features) {
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
        online.ttl().ifPresent(ttl -> config.ttlDuration(ttl(ttl)));
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

    /** Without unit and value, which takes the time to live away, for null. */
    static TtlDuration ttl(@Nullable Ttl ttl) {
        TtlDuration.Builder duration = TtlDuration.builder();
        if (ttl != null) {
            duration.value(ttl.value()).unit(ttl.unit().wireName());
        }
        return duration.build();
    }

    static ThroughputConfigUpdate update(Throughput throughput) {
        ThroughputConfig config = throughput(throughput);
        return ThroughputConfigUpdate.builder()
                .throughputMode(config.throughputMode())
                .provisionedReadCapacityUnits(config.provisionedReadCapacityUnits())
                .provisionedWriteCapacityUnits(config.provisionedWriteCapacityUnits())
                .build();
    }
}
