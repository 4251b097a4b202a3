package dev.featurestore.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.InvalidDefinitionException;
import java.util.List;

/**
 * The JSON form of a group, version 1: {@code docs/definition-json.md} describes it member by member. What is not set is
 * left out, so that equal definitions have equal texts.
 */
final class FeatureGroupJson {
    private static final String FORMAT = "featurestore/feature-group/1";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

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
        feature.owner().ifPresent(owner -> json.put("owner", owner));
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
            JsonLocation at = e.getLocation();
            throw problem("it is not JSON, or has a member twice: "
                    + (at == null ? "at an unknown place" : "line " + at.getLineNr() + ", column " + at.getColumnNr()));
        }
        String format = json.path("format").asText();
        if (!format.equals(FORMAT)) {
            throw problem("its format is '" + format + "', this version of the library reads '" + FORMAT + "'");
        }
        try {
            return new FeatureGroupReader(json, codecs).read();
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private static InvalidDefinitionException problem(String what) {
        return new InvalidDefinitionException("The JSON form of a feature group", List.of(what));
    }
}
