package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OfflineStoreSettings.CatalogTable;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Groups in the JSON of DescribeFeatureGroup. What is not set is left out. */
final class GroupDescription {
    private static final String DATABASE = "sagemaker_featurestore";

    private final GroupCatalog catalog;

    GroupDescription(GroupCatalog catalog) {
        this.catalog = catalog;
    }

    /** Writes the members of a group that has this status, with one page of its features. */
    void write(JsonGenerator out, EmulatedGroup group, EmulatedGroup.Status status, List<Feature<?>> page)
            throws IOException {
        FeatureGroup<?> definition = group.definition();
        out.writeStringField("FeatureGroupArn", catalog.arn(definition.name()));
        out.writeStringField("FeatureGroupName", definition.name());
        out.writeStringField(
                "RecordIdentifierFeatureName", definition.recordIdentifier().name());
        out.writeStringField("EventTimeFeatureName", definition.eventTime().name());
        out.writeArrayFieldStart("FeatureDefinitions");
        for (Feature<?> feature : page) {
            feature(out, feature);
        }
        out.writeEndArray();
        time(out, "CreationTime", group.createdAt());
        time(out, "LastModifiedTime", group.modifiedAt());
        if (definition.onlineStore().isPresent()) {
            online(out, definition.onlineStore().get());
        }
        if (definition.offlineStore().isPresent()) {
            offline(out, group, definition.offlineStore().get());
        }
        if (definition.throughput().isPresent()) {
            throughput(out, definition.throughput().get());
        }
        if (definition.roleArn().isPresent()) {
            out.writeStringField("RoleArn", definition.roleArn().get());
        }
        out.writeStringField("FeatureGroupStatus", status.wireName());
        offlineStatus(out, group);
        EmulatedGroup.Update update = group.update();
        if (update != null) {
            out.writeObjectFieldStart("LastUpdateStatus");
            out.writeStringField("Status", update.status());
            if (update.failure() != null) {
                out.writeStringField("FailureReason", update.failure());
            }
            out.writeEndObject();
        }
        if (!definition.description().isEmpty()) {
            out.writeStringField("Description", definition.description());
        }
    }

    static void offlineStatus(JsonGenerator out, EmulatedGroup group) throws IOException {
        if (group.definition().offlineStore().isPresent()) {
            out.writeObjectFieldStart("OfflineStoreStatus");
            out.writeStringField("Status", "Active");
            out.writeEndObject();
        }
    }

    /** As epoch seconds with milliseconds. */
    static void time(JsonGenerator out, String member, Instant time) throws IOException {
        out.writeFieldName(member);
        out.writeNumber(BigDecimal.valueOf(time.toEpochMilli(), 3));
    }

    private static void feature(JsonGenerator out, Feature<?> feature) throws IOException {
        out.writeStartObject();
        out.writeStringField("FeatureName", feature.name());
        out.writeStringField("FeatureType", feature.type().wireName());
        CollectionCodec<?> collection = feature.collection().orElse(null);
        if (collection != null) {
            out.writeStringField("CollectionType", collection.collectionType().wireName());
            if (collection.collectionType() == CollectionType.VECTOR) {
                out.writeObjectFieldStart("CollectionConfig");
                out.writeObjectFieldStart("VectorConfig");
                out.writeNumberField("Dimension", collection.dimension());
                out.writeEndObject();
                out.writeEndObject();
            }
        }
        out.writeEndObject();
    }

    private static void online(JsonGenerator out, OnlineStoreSettings online) throws IOException {
        out.writeObjectFieldStart("OnlineStoreConfig");
        if (online.kmsKeyId().isPresent()) {
            out.writeObjectFieldStart("SecurityConfig");
            out.writeStringField("KmsKeyId", online.kmsKeyId().get());
            out.writeEndObject();
        }
        out.writeBooleanField("EnableOnlineStore", true);
        if (online.ttl().isPresent()) {
            Ttl ttl = online.ttl().get();
            out.writeObjectFieldStart("TtlDuration");
            out.writeStringField("Unit", ttl.unit().wireName());
            out.writeNumberField("Value", ttl.value());
            out.writeEndObject();
        }
        out.writeStringField("StorageType", online.storageType().wireName());
        out.writeEndObject();
    }

    private void offline(JsonGenerator out, EmulatedGroup group, OfflineStoreSettings offline) throws IOException {
        String name = group.definition().name();
        long creation = group.createdAt().getEpochSecond();
        out.writeObjectFieldStart("OfflineStoreConfig");
        out.writeObjectFieldStart("S3StorageConfig");
        out.writeStringField("S3Uri", offline.s3Uri());
        if (offline.kmsKeyId().isPresent()) {
            out.writeStringField("KmsKeyId", offline.kmsKeyId().get());
        }
        out.writeStringField(
                "ResolvedOutputS3Uri",
                offline.s3Uri().replaceAll("/+$", "") + "/" + GroupCatalog.ACCOUNT + "/sagemaker/" + catalog.region()
                        + "/offline-store/" + name + "-" + creation + "/data");
        out.writeEndObject();
        out.writeBooleanField("DisableGlueTableCreation", offline.catalogTable() != CatalogTable.CREATED_BY_SERVICE);
        if (offline.catalogTable() != CatalogTable.NONE) {
            out.writeObjectFieldStart("DataCatalogConfig");
            out.writeStringField(
                    "TableName",
                    offline.table()
                            .orElseGet(() -> name.toLowerCase(Locale.ROOT).replace('-', '_') + "_" + creation));
            out.writeStringField("Catalog", "AwsDataCatalog");
            out.writeStringField("Database", offline.database().orElse(DATABASE));
            out.writeEndObject();
        }
        out.writeStringField(
                "TableFormat", offline.tableFormat() == OfflineStoreSettings.TableFormat.ICEBERG ? "Iceberg" : "Glue");
        out.writeEndObject();
    }

    private static void throughput(JsonGenerator out, Throughput throughput) throws IOException {
        boolean provisioned = throughput.mode() == Throughput.Mode.PROVISIONED;
        out.writeObjectFieldStart("ThroughputConfig");
        out.writeStringField("ThroughputMode", provisioned ? "Provisioned" : "OnDemand");
        if (provisioned) {
            out.writeNumberField("ProvisionedReadCapacityUnits", throughput.readCapacityUnits());
            out.writeNumberField("ProvisionedWriteCapacityUnits", throughput.writeCapacityUnits());
        }
        out.writeEndObject();
    }
}
