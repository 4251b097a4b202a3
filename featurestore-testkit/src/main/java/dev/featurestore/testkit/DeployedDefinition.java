package dev.featurestore.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the service keeps of a definition: of a feature the name, the type and the collection, not the codec and the default,
 * which are the library's. Times keep their codecs, whose form decides about what is written.
 */
final class DeployedDefinition {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DeployedDefinition() {}

    static ObjectNode write(FeatureGroup<?> group) {
        ObjectNode json;
        try {
            json = (ObjectNode) MAPPER.readTree(group.toJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "The definition of feature group '" + group.name() + "' has no JSON form", e);
        }
        for (JsonNode member : json.path("features")) {
            ObjectNode feature = (ObjectNode) member;
            int column = group.columns().find(feature.path("name").asText());
            feature.put(
                    "codec", elements(stored(group.columns().feature(column))).name());
            feature.remove(List.of("required", "default"));
        }
        return json;
    }

    static FeatureGroup<FeatureRecord> read(JsonNode json) {
        return FeatureGroup.fromJson(json.toString());
    }

    static FeatureColumns columns(FeatureColumns columns) {
        List<String> names = new ArrayList<>();
        List<Feature<?>> features = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            names.add(columns.name(i));
            features.add(stored(columns.feature(i)));
        }
        return new FeatureColumns(columns.owner(), names, features);
    }

    private static FeatureCodec<?> elements(Feature<?> feature) {
        return feature.codec() instanceof CollectionCodec<?> collection ? collection.elements() : feature.codec();
    }

    private static Feature<?> stored(Feature<?> feature) {
        if (feature.codec().javaType() == Instant.class) {
            return feature;
        }
        String name = feature.name();
        FeatureCodec<?> plain =
                switch (feature.type()) {
                    case STRING -> Feature.string(name).codec();
                    case INTEGRAL -> Feature.integral(name).codec();
                    case FRACTIONAL -> Feature.fractional(name).codec();
                };
        if (!(feature.codec() instanceof CollectionCodec<?> collection)) {
            return Feature.of(name, plain);
        }
        return switch (Objects.requireNonNull(collection.collectionType())) {
            case LIST -> Feature.list(name, plain);
            case SET -> Feature.set(name, plain);
            case VECTOR -> Feature.vector(name, collection.dimension());
        };
    }
}
