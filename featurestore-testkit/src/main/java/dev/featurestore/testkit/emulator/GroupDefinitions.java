package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import dev.featurestore.testkit.emulator.EmulatedGroup.GroupShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definitions from the JSON of CreateFeatureGroup. The library's own checks of a definition find most of what the service
 * would refuse; what it cannot see in a definition is checked here.
 */
final class GroupDefinitions {
    private static final String CATALOG = "AwsDataCatalog";

    private GroupDefinitions() {}

    /** @throws IllegalArgumentException if the service would refuse it */
    static GroupShape read(JsonNode json) {
        FeatureGroup.Builder<FeatureRecord> group =
                FeatureGroup.named(json.path("FeatureGroupName").asText());
        String identifier = json.path("RecordIdentifierFeatureName").asText();
        String eventTime = json.path("EventTimeFeatureName").asText();
        boolean hasIdentifier = false;
        boolean hasEventTime = false;
        List<Feature<?>> order = new ArrayList<>();
        for (JsonNode definition : json.path("FeatureDefinitions")) {
            String name = definition.path("FeatureName").asText();
            if (name.equals(identifier) && !hasIdentifier) {
                hasIdentifier = true;
                order.add(feature(definition));
                group.recordIdentifier(order.get(order.size() - 1));
            } else if (name.equals(eventTime) && !hasEventTime) {
                hasEventTime = true;
                Feature<Instant> time = eventTime(definition);
                order.add(time);
                group.eventTime(time);
            } else {
                order.add(feature(definition));
                group.features(order.get(order.size() - 1));
            }
        }
        require(hasIdentifier, "RecordIdentifierFeatureName is not the name of a feature of its own");
        require(hasEventTime, "EventTimeFeatureName is not the name of a feature of its own");
        stores(json, group);
        JsonNode throughput = EmulatedCall.optional(json, "ThroughputConfig");
        if (throughput != null) {
            group.throughput(throughput(throughput));
        }
        JsonNode description = EmulatedCall.optional(json, "Description");
        if (description != null) {
            group.description(description.asText());
        }
        for (JsonNode tag : json.path("Tags")) {
            group.tag(tag.path("Key").asText(), tag.path("Value").asText());
        }
        return new GroupShape(group.build(), List.copyOf(order));
    }

    private static Feature<Instant> eventTime(JsonNode definition) {
        require(
                EmulatedCall.optional(definition, "CollectionType") == null
                        && EmulatedCall.optional(definition, "CollectionConfig") == null,
                "The event time feature cannot be a collection");
        String name = definition.path("FeatureName").asText();
        return switch (type(definition)) {
            case STRING -> Feature.eventTime(name);
            case FRACTIONAL -> Feature.eventTime(name, EventTimeFormat.epochSeconds(3));
            case INTEGRAL ->
                throw new IllegalArgumentException(
                        "The event time feature must be of type String or Fractional, got Integral");
        };
    }

    static Feature<?> feature(JsonNode definition) {
        String name = definition.path("FeatureName").asText();
        FeatureCodec<?> elements =
                switch (type(definition)) {
                    case STRING -> Feature.string(name).codec();
                    case INTEGRAL -> Feature.integral(name).codec();
                    case FRACTIONAL -> Feature.fractional(name).codec();
                };
        JsonNode collection = EmulatedCall.optional(definition, "CollectionType");
        JsonNode config = EmulatedCall.optional(definition, "CollectionConfig");
        if (collection == null) {
            require(config == null, "The feature named [" + name + "] has a CollectionConfig but no CollectionType");
            return Feature.of(name, elements);
        }
        CollectionType kind = CollectionType.ofWireName(collection.asText());
        int dimension = config == null
                ? 0
                : config.path("VectorConfig").path("Dimension").asInt();
        require(
                (kind == CollectionType.VECTOR) == (dimension > 0),
                "The feature named [" + name
                        + "] needs a VectorConfig with a Dimension if, and only if, it is a vector");
        return switch (kind) {
            case LIST -> Feature.list(name, elements);
            case SET -> Feature.set(name, elements);
            case VECTOR -> vector(name, elements.type(), dimension);
        };
    }

    private static Feature<?> vector(String name, FeatureType elements, int dimension) {
        require(elements == FeatureType.FRACTIONAL, "The feature named [" + name + "] is a vector and not Fractional");
        return Feature.vector(name, dimension);
    }

    private static FeatureType type(JsonNode definition) {
        return FeatureType.ofWireName(definition.path("FeatureType").asText());
    }

    private static void stores(JsonNode json, FeatureGroup.Builder<?> group) {
        JsonNode online = EmulatedCall.optional(json, "OnlineStoreConfig");
        if (online != null && online.path("EnableOnlineStore").asBoolean()) {
            group.onlineStore(settings -> online(online, settings));
        } else {
            require(
                    online == null || EmulatedCall.optional(online, "TtlDuration") == null,
                    "A TtlDuration needs an online store");
        }
        JsonNode role = EmulatedCall.optional(json, "RoleArn");
        if (role != null) {
            group.roleArn(role.asText());
        }
        JsonNode offline = EmulatedCall.optional(json, "OfflineStoreConfig");
        if (offline != null) {
            require(role != null, "An offline store needs a RoleArn");
            group.offlineStore(settings -> offline(offline, settings));
        }
    }

    private static void online(JsonNode json, OnlineStoreSettings.Builder settings) {
        JsonNode storage = EmulatedCall.optional(json, "StorageType");
        if (storage != null) {
            settings.storageType(OnlineStorageType.ofWireName(storage.asText()));
        }
        JsonNode ttl = EmulatedCall.optional(json, "TtlDuration");
        if (ttl != null) {
            settings.ttl(ttl(ttl));
        }
        JsonNode key = EmulatedCall.optional(json.path("SecurityConfig"), "KmsKeyId");
        if (key != null) {
            settings.kmsKeyId(key.asText());
        }
    }

    static Ttl ttl(JsonNode json) {
        require(
                EmulatedCall.optional(json, "Unit") != null && EmulatedCall.optional(json, "Value") != null,
                "A TtlDuration needs a Unit and a Value");
        return new Ttl(
                json.path("Value").asInt(),
                Ttl.Unit.ofWireName(json.path("Unit").asText()));
    }

    private static void offline(JsonNode json, OfflineStoreSettings.Builder settings) {
        JsonNode storage = json.path("S3StorageConfig");
        settings.s3Uri(storage.path("S3Uri").asText());
        JsonNode key = EmulatedCall.optional(storage, "KmsKeyId");
        if (key != null) {
            settings.kmsKeyId(key.asText());
        }
        if ("Iceberg".equals(json.path("TableFormat").asText())) {
            settings.tableFormat(OfflineStoreSettings.TableFormat.ICEBERG);
        }
        boolean disabled = json.path("DisableGlueTableCreation").asBoolean();
        JsonNode table = EmulatedCall.optional(json, "DataCatalogConfig");
        if (table == null) {
            if (disabled) {
                settings.withoutTable();
            }
            return;
        }
        require(
                CATALOG.equals(table.path("Catalog").asText()),
                "The Catalog of a DataCatalogConfig must be " + CATALOG);
        String database = table.path("Database").asText();
        String name = table.path("TableName").asText();
        if (disabled) {
            settings.existingTable(database, name);
        } else {
            settings.table(database, name);
        }
    }

    static Throughput throughput(JsonNode json) {
        int reads = json.path("ProvisionedReadCapacityUnits").asInt();
        int writes = json.path("ProvisionedWriteCapacityUnits").asInt();
        if ("Provisioned".equals(json.path("ThroughputMode").asText())) {
            return Throughput.provisioned(reads, writes);
        }
        require(reads == 0 && writes == 0, "Capacity units need the ThroughputMode Provisioned");
        return Throughput.onDemand();
    }

    /** The definition with features added and, where they are given, another online store and throughput. */
    static GroupShape changed(
            GroupShape before,
            List<Feature<?>> additions,
            @Nullable OnlineChange online,
            @Nullable Throughput throughput) {
        FeatureGroup<?> old = before.definition();
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(old.name())
                .description(old.description())
                .recordIdentifier(old.recordIdentifier())
                .eventTime(old.eventTime());
        for (Feature<?> feature : old.features()) {
            if (feature.equals(old.provenance().arrivalTime())) {
                group.stampArrivalTime(old.feature(feature.name(), Instant.class));
            } else if (feature.equals(old.provenance().writeOrigin())) {
                group.stampWriteOrigin(old.feature(feature.name(), String.class));
            } else if (!feature.equals(old.recordIdentifier()) && !feature.equals(old.eventTime())) {
                group.features(feature);
            }
        }
        group.features(additions);
        old.onlineStore().ifPresent(settings -> group.onlineStore(builder -> copy(settings, online, builder)));
        old.offlineStore().ifPresent(settings -> group.offlineStore(builder -> copy(settings, builder)));
        old.roleArn().ifPresent(group::roleArn);
        old.tags().forEach(group::tag);
        if (throughput != null) {
            group.throughput(throughput);
        } else {
            old.throughput().ifPresent(group::throughput);
        }
        List<Feature<?>> order = new ArrayList<>(before.order());
        order.addAll(additions);
        return new GroupShape(group.build(), List.copyOf(order));
    }

    /**
     * How an online store changes.
     *
     * @param storageType null for the one it has
     * @param ttl null for the one it has, or none
     * @param keepTtl whether the time to live stays as it is
     */
    record OnlineChange(
            @Nullable OnlineStorageType storageType,
            @Nullable Ttl ttl,
            boolean keepTtl) {}

    private static void copy(
            OnlineStoreSettings old, @Nullable OnlineChange change, OnlineStoreSettings.Builder settings) {
        settings.storageType(change == null || change.storageType() == null ? old.storageType() : change.storageType());
        old.kmsKeyId().ifPresent(settings::kmsKeyId);
        if (change == null || change.keepTtl()) {
            old.ttl().ifPresent(settings::ttl);
        } else if (change.ttl() != null) {
            settings.ttl(change.ttl());
        }
    }

    private static void copy(OfflineStoreSettings old, OfflineStoreSettings.Builder settings) {
        settings.s3Uri(old.s3Uri()).tableFormat(old.tableFormat());
        old.kmsKeyId().ifPresent(settings::kmsKeyId);
        String database = old.database().orElse("");
        String table = old.table().orElse("");
        switch (old.catalogTable()) {
            case NONE -> settings.withoutTable();
            case BRING_YOUR_OWN -> settings.existingTable(database, table);
            case CREATED_BY_SERVICE -> {
                if (!table.isEmpty()) {
                    settings.table(database, table);
                }
            }
        }
    }

    private static void require(boolean kept, String rule) {
        if (!kept) {
            throw new IllegalArgumentException(rule);
        }
    }
}
