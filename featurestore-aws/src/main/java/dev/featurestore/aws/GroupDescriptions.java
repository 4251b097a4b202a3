package dev.featurestore.aws;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.DeployedFeature;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.DeployedFeatureGroup.LastUpdate;
import dev.featurestore.schema.DeployedFeatureGroup.Status;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.DataCatalogConfig;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.LastUpdateStatus;
import software.amazon.awssdk.services.sagemaker.model.OfflineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.OfflineStoreStatus;
import software.amazon.awssdk.services.sagemaker.model.OnlineStoreConfig;
import software.amazon.awssdk.services.sagemaker.model.ThroughputConfigDescription;
import software.amazon.awssdk.services.sagemaker.model.ThroughputMode;
import software.amazon.awssdk.services.sagemaker.model.TtlDuration;

/** What the service describes, in the library's words. Enumerations are read as text: the service knows more than the SDK. */
final class GroupDescriptions {
    private GroupDescriptions() {}

    /**
     * A group.
     *
     * @param pages of its features, each with everything else as well; at least one
     * @throws UnsupportedCapabilityException if the group has what this version of the library does not know
     */
    static DeployedFeatureGroup read(List<DescribeFeatureGroupResponse> pages) {
        DescribeFeatureGroupResponse first = pages.get(0);
        try {
            return group(first)
                    .features(pages.stream()
                            .flatMap(page -> page.featureDefinitions().stream())
                            .map(GroupDescriptions::feature)
                            .toList())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new UnsupportedCapabilityException("Feature group '" + first.featureGroupName()
                    + "' has what this version of the library does not know: " + e.getMessage());
        }
    }

    private static DeployedFeatureGroup.Builder group(DescribeFeatureGroupResponse described) {
        DeployedFeatureGroup.Builder group = DeployedFeatureGroup.named(described.featureGroupName())
                .arn(described.featureGroupArn())
                .keys(described.recordIdentifierFeatureName(), described.eventTimeFeatureName())
                .roleArn(described.roleArn())
                .description(described.description())
                .createdAt(described.creationTime())
                .throughput(throughput(described.throughputConfig()));
        if (described.featureGroupStatusAsString() != null) {
            group.status(Status.ofWireName(described.featureGroupStatusAsString()), described.failureReason());
        }
        OnlineStoreConfig online = described.onlineStoreConfig();
        if (online != null && Boolean.TRUE.equals(online.enableOnlineStore())) {
            group.onlineStore(settings -> online(online, settings));
        }
        OfflineStoreConfig offline = described.offlineStoreConfig();
        if (offline != null) {
            group.offlineStore(settings -> offline(offline, settings));
            group.offlineStoreState(
                    offline.s3StorageConfig().resolvedOutputS3Uri(), offlineStatus(described.offlineStoreStatus()));
        }
        LastUpdateStatus update = described.lastUpdateStatus();
        if (update != null) {
            group.lastUpdate(lastUpdate(update.statusAsString()), update.failureReason());
        }
        return group;
    }

    private static LastUpdate lastUpdate(String wireName) {
        return switch (wireName) {
            case "InProgress" -> LastUpdate.IN_PROGRESS;
            case "Successful" -> LastUpdate.SUCCESSFUL;
            case "Failed" -> LastUpdate.FAILED;
            default -> throw new IllegalArgumentException("Unknown status of an update '" + wireName + "'");
        };
    }

    private static DeployedFeature feature(FeatureDefinition definition) {
        String collection = definition.collectionTypeAsString();
        boolean isVector = definition.collectionConfig() != null
                && definition.collectionConfig().vectorConfig() != null;
        return new DeployedFeature(
                definition.featureName(),
                FeatureType.ofWireName(definition.featureTypeAsString()),
                collection == null ? null : CollectionType.ofWireName(collection),
                isVector ? definition.collectionConfig().vectorConfig().dimension() : 0);
    }

    private static void online(OnlineStoreConfig config, OnlineStoreSettings.Builder settings) {
        if (config.storageTypeAsString() != null) {
            settings.storageType(OnlineStorageType.ofWireName(config.storageTypeAsString()));
        }
        TtlDuration ttl = config.ttlDuration();
        if (ttl != null && ttl.value() != null) {
            settings.ttl(new Ttl(ttl.value(), Ttl.Unit.ofWireName(ttl.unitAsString())));
        }
        if (config.securityConfig() != null && config.securityConfig().kmsKeyId() != null) {
            settings.kmsKeyId(config.securityConfig().kmsKeyId());
        }
    }

    private static void offline(OfflineStoreConfig config, OfflineStoreSettings.Builder settings) {
        settings.s3Uri(config.s3StorageConfig().s3Uri());
        if (config.s3StorageConfig().kmsKeyId() != null) {
            settings.kmsKeyId(config.s3StorageConfig().kmsKeyId());
        }
        if ("Iceberg".equals(config.tableFormatAsString())) {
            settings.tableFormat(OfflineStoreSettings.TableFormat.ICEBERG);
        }
        DataCatalogConfig table = config.dataCatalogConfig();
        boolean isNamed = table != null && table.database() != null && table.tableName() != null;
        boolean isOurs = Boolean.TRUE.equals(config.disableGlueTableCreation());
        if (isNamed && isOurs) {
            settings.existingTable(table.database(), table.tableName());
        } else if (isNamed) {
            settings.table(table.database(), table.tableName());
        } else if (isOurs) {
            settings.withoutTable();
        }
    }

    private static @Nullable String offlineStatus(@Nullable OfflineStoreStatus status) {
        if (status == null) {
            return null;
        }
        return status.blockedReason() == null
                ? status.statusAsString()
                : status.statusAsString() + ": " + status.blockedReason();
    }

    private static @Nullable Throughput throughput(@Nullable ThroughputConfigDescription config) {
        if (config == null) {
            return null;
        }
        return config.throughputMode() == ThroughputMode.PROVISIONED
                ? Throughput.provisioned(
                        Objects.requireNonNullElse(config.provisionedReadCapacityUnits(), 0),
                        Objects.requireNonNullElse(config.provisionedWriteCapacityUnits(), 0))
                : Throughput.onDemand();
    }
}
