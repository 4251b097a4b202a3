package dev.featurestore.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.InvalidDefinitionException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a group, version 1: {@code docs/definition-json.md} describes it member by member. What is not set is
 * left out, so that equal definitions have equal texts.
 */
final class FeatureGroupJson {
    private static final String FORMAT = "featurestore/feature-group/1";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FeatureGroupJson() {}

    static String write(FeatureGroup<?> group) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("name", group.name());
        putText(json, "description", group.description());
        json.put("recordIdentifier", group.recordIdentifier().name());
        json.put("eventTime", group.eventTime().name());
        Feature<?> arrivalTime = group.provenance().arrivalTime();
        Feature<?> writeOrigin = group.provenance().writeOrigin();
        if (arrivalTime != null) {
            json.put("arrivalTime", arrivalTime.name());
        }
        if (writeOrigin != null) {
            json.put("writeOrigin", writeOrigin.name());
        }
        group.features().forEach(feature -> json.withArray("features").add(feature(feature)));
        group.onlineStore().ifPresent(online -> json.set("onlineStore", online(online)));
        group.offlineStore().ifPresent(offline -> json.set("offlineStore", offline(offline)));
        group.throughput().ifPresent(throughput -> json.set("throughput", throughput(throughput)));
        group.roleArn().ifPresent(role -> json.put("roleArn", role));
        group.tags().forEach((key, value) -> json.withObject("/tags").put(key, value));
        return json.toString();
    }

    private static ObjectNode feature(Feature<?> feature) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", feature.name());
        json.put("type", feature.type().wireName());
        CollectionCodec<?> collection = feature.collection().orElse(null);
        if (collection == null) {
            json.put("codec", feature.codec().name());
        } else {
            json.put("codec", collection.elements().name());
            json.put("collection", collection.collectionType().wireName());
            if (collection.dimension() > 0) {
                json.put("dimension", collection.dimension());
            }
        }
        if (feature.isRequired()) {
            json.put("required", true);
        }
        feature.defaultText().ifPresent(text -> json.put("default", text));
        putText(json, "description", feature.description());
        return json;
    }

    private static ObjectNode online(OnlineStoreSettings online) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("storageType", online.storageType().wireName());
        online.ttl()
                .ifPresent(ttl -> json.putObject("ttl")
                        .put("value", ttl.value())
                        .put("unit", ttl.unit().wireName()));
        online.kmsKeyId().ifPresent(key -> json.put("kmsKeyId", key));
        return json;
    }

    private static ObjectNode offline(OfflineStoreSettings offline) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("s3Uri", offline.s3Uri());
        json.put("tableFormat", offline.tableFormat().name());
        offline.kmsKeyId().ifPresent(key -> json.put("kmsKeyId", key));
        json.put("catalogTable", offline.catalogTable().name());
        offline.database().ifPresent(database -> json.put("database", database));
        offline.table().ifPresent(table -> json.put("table", table));
        return json;
    }

    private static ObjectNode throughput(Throughput throughput) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("mode", throughput.mode().name());
        if (throughput.mode() == Throughput.Mode.PROVISIONED) {
            json.put("readCapacityUnits", throughput.readCapacityUnits());
            json.put("writeCapacityUnits", throughput.writeCapacityUnits());
        }
        return json;
    }

    private static void putText(ObjectNode json, String member, String text) {
        if (!text.isEmpty()) {
            json.put(member, text);
        }
    }

    static FeatureGroup<FeatureRecord> read(String text, List<FeatureCodec<?>> codecs) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw problem("it is not JSON: line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        }
        String format = json.path("format").asText();
        if (!format.equals(FORMAT)) {
            throw problem("its format is '" + format + "', this version of the library reads '" + FORMAT + "'");
        }
        try {
            return group(json, codecs);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private static FeatureGroup<FeatureRecord> group(JsonNode json, List<FeatureCodec<?>> codecs) {
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(text(json, "name"));
        optional(json, "description").ifPresent(group::description);
        Set<String> roles = new HashSet<>();
        for (JsonNode member : json.path("features")) {
            Feature<?> feature = feature(member, codecs);
            String name = feature.name();
            if (isRole(json, "recordIdentifier", name) && roles.add("recordIdentifier")) {
                group.recordIdentifier(feature);
            } else if (isRole(json, "eventTime", name) && roles.add("eventTime")) {
                group.eventTime(typed(feature, Instant.class));
            } else if (isRole(json, "arrivalTime", name) && roles.add("arrivalTime")) {
                group.stampArrivalTime(typed(feature, Instant.class));
            } else if (isRole(json, "writeOrigin", name) && roles.add("writeOrigin")) {
                group.stampWriteOrigin(typed(feature, String.class));
            } else {
                group.features(feature);
            }
        }
        if (json.has("onlineStore")) {
            group.onlineStore(online -> readOnline(json.get("onlineStore"), online));
        }
        if (json.has("offlineStore")) {
            group.offlineStore(offline -> readOffline(json.get("offlineStore"), offline));
        }
        if (json.has("throughput")) {
            group.throughput(readThroughput(json.get("throughput")));
        }
        if (json.has("roleArn")) {
            group.roleArn(text(json, "roleArn"));
        }
        for (Map.Entry<String, JsonNode> tag : json.path("tags").properties()) {
            group.tag(tag.getKey(), tag.getValue().asText());
        }
        return group.build();
    }

    private static boolean isRole(JsonNode json, String role, String featureName) {
        return json.path(role).asText().equals(featureName);
    }

    private static Feature<?> feature(JsonNode json, List<FeatureCodec<?>> codecs) {
        String name = text(json, "name");
        FeatureCodec<?> codec = codec(name, text(json, "codec"), codecs);
        if (json.has("collection")) {
            codec = switch (CollectionType.ofWireName(text(json, "collection"))) {
                case LIST -> CollectionCodec.list(codec);
                case SET -> CollectionCodec.set(codec);
                case VECTOR -> CollectionCodec.vector(json.path("dimension").asInt());
            };
        }
        FeatureType type = FeatureType.ofWireName(text(json, "type"));
        if (codec.type() != type) {
            throw new IllegalArgumentException("Feature '" + name + "' has type " + type.wireName() + ", but codec '"
                    + codec.name() + "' stores " + codec.type().wireName());
        }
        return described(Feature.of(name, codec), json);
    }

    private static <T> Feature<T> described(Feature<T> feature, JsonNode json) {
        Feature<T> described = feature.withDescription(json.path("description").asText());
        if (json.path("required").asBoolean()) {
            described = described.required();
        }
        return json.has("default") ? described.withDefault(defaultOf(feature, text(json, "default"))) : described;
    }

    private static <T> T defaultOf(Feature<T> feature, String text) {
        try {
            return feature.codec().decode(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("The default of feature '" + feature.name() + "' cannot be read: "
                    + UnstorableValueException.describe(e));
        }
    }

    private static FeatureCodec<?> codec(String feature, String name, List<FeatureCodec<?>> codecs) {
        FeatureCodec<?> builtIn = BuiltInCodecs.named(name);
        if (builtIn != null) {
            return builtIn;
        }
        return codecs.stream()
                .filter(codec -> codec.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Feature '" + feature + "' has codec '" + name
                        + "', which is not built in: pass it to fromJson"));
    }

    @SuppressWarnings("unchecked") // the codec's Java type was compared
    private static <T> Feature<T> typed(Feature<?> feature, Class<T> type) {
        if (feature.codec().javaType() != type) {
            throw new IllegalArgumentException("Feature '" + feature.name() + "' has codec '"
                    + feature.codec().name() + "', expected one of " + type.getSimpleName());
        }
        return (Feature<T>) feature;
    }

    private static void readOnline(JsonNode json, OnlineStoreSettings.Builder online) {
        online.storageType(OnlineStorageType.ofWireName(text(json, "storageType")));
        if (json.has("ttl")) {
            JsonNode ttl = json.get("ttl");
            online.ttl(new Ttl(ttl.path("value").asInt(), Ttl.Unit.ofWireName(text(ttl, "unit"))));
        }
        optional(json, "kmsKeyId").ifPresent(online::kmsKeyId);
    }

    private static void readOffline(JsonNode json, OfflineStoreSettings.Builder offline) {
        offline.s3Uri(text(json, "s3Uri"));
        offline.tableFormat(OfflineStoreSettings.TableFormat.valueOf(text(json, "tableFormat")));
        optional(json, "kmsKeyId").ifPresent(offline::kmsKeyId);
        offline.catalogTable(
                OfflineStoreSettings.CatalogTable.valueOf(text(json, "catalogTable")),
                optional(json, "database").orElse(null),
                optional(json, "table").orElse(null));
    }

    private static Throughput readThroughput(JsonNode json) {
        return new Throughput(
                Throughput.Mode.valueOf(text(json, "mode")),
                json.path("readCapacityUnits").asInt(),
                json.path("writeCapacityUnits").asInt());
    }

    private static Optional<String> optional(JsonNode json, String member) {
        return json.has(member) ? Optional.of(text(json, member)) : Optional.empty();
    }

    private static String text(JsonNode json, String member) {
        @Nullable JsonNode value = json.get(member);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("Member '" + member + "' must be a text");
        }
        return value.asText();
    }

    private static InvalidDefinitionException problem(String what) {
        return new InvalidDefinitionException("The JSON form of a feature group", List.of(what));
    }
}
