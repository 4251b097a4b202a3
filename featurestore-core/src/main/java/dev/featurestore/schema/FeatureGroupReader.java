package dev.featurestore.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads version 1 of the JSON form; throws {@link IllegalArgumentException} for what is not of it. */
final class FeatureGroupReader {
    static final Set<String> GROUP = Set.of(
            "format",
            "name",
            "description",
            "recordIdentifier",
            "eventTime",
            "arrivalTime",
            "writeOrigin",
            "features",
            "onlineStore",
            "offlineStore",
            "throughput",
            "roleArn",
            "tags");
    static final Set<String> FEATURE =
            Set.of("name", "type", "codec", "collection", "dimension", "required", "default", "description", "owner");
    static final Set<String> ONLINE_STORE = Set.of("storageType", "ttl", "kmsKeyId");
    static final Set<String> TTL = Set.of("value", "unit");
    static final Set<String> OFFLINE_STORE =
            Set.of("s3Uri", "tableFormat", "kmsKeyId", "catalogTable", "database", "table");
    static final Set<String> THROUGHPUT = Set.of("mode", "readCapacityUnits", "writeCapacityUnits");

    private final JsonMembers json;

    private final List<FeatureCodec<?>> codecs;

    FeatureGroupReader(JsonNode json, List<FeatureCodec<?>> codecs) {
        this.json = new JsonMembers("the group", json, GROUP);
        this.codecs = codecs;
    }

    FeatureGroup<FeatureRecord> read() {
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(json.text("name"));
        json.optionalText("description").ifPresent(group::description);
        List<Feature<?>> features = new ArrayList<>();
        json.objects("features", FEATURE).forEach(member -> features.add(feature(member)));
        group.recordIdentifier(take(json.text("recordIdentifier"), "recordIdentifier", features));
        group.eventTime(typed(take(json.text("eventTime"), "eventTime", features), Instant.class));
        json.optionalText("arrivalTime")
                .map(name -> typed(take(name, "arrivalTime", features), Instant.class))
                .ifPresent(group::stampArrivalTime);
        json.optionalText("writeOrigin")
                .map(name -> typed(take(name, "writeOrigin", features), String.class))
                .ifPresent(group::stampWriteOrigin);
        group.features(features);
        json.object("onlineStore", ONLINE_STORE)
                .ifPresent(member -> group.onlineStore(online -> readOnline(member, online)));
        json.object("offlineStore", OFFLINE_STORE)
                .ifPresent(member -> group.offlineStore(offline -> readOffline(member, offline)));
        json.object("throughput", THROUGHPUT).ifPresent(member -> group.throughput(throughput(member)));
        json.optionalText("roleArn").ifPresent(group::roleArn);
        json.texts("tags").forEach(group::tag);
        return group.build();
    }

    /** Removes the feature that a role names from the others. */
    private static Feature<?> take(String name, String role, List<Feature<?>> features) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(name)) {
                return features.remove(i);
            }
        }
        throw new IllegalArgumentException("Member '" + role + "' of the group names '" + name
                + "', which is not in 'features' or has another role");
    }

    @SuppressWarnings("unchecked") // the codec's Java type was compared
    private static <T> Feature<T> typed(Feature<?> feature, Class<T> type) {
        if (feature.codec().javaType() != type) {
            throw new IllegalArgumentException("Feature '" + feature.name() + "' has codec '"
                    + feature.codec().name() + "', expected one of " + type.getSimpleName());
        }
        return (Feature<T>) feature;
    }

    private Feature<?> feature(JsonMembers member) {
        String name = member.text("name");
        FeatureCodec<?> codec = codec(name, member.text("codec"));
        if (member.has("collection")) {
            codec = collection(name, codec, member);
        } else if (member.has("dimension")) {
            throw new IllegalArgumentException("Feature '" + name + "' has a dimension, but is no vector");
        }
        FeatureType type = FeatureType.ofWireName(member.text("type"));
        if (codec.type() != type) {
            throw new IllegalArgumentException("Feature '" + name + "' has type " + type.wireName() + ", but codec '"
                    + codec.name() + "' stores " + codec.type().wireName());
        }
        return described(Feature.of(name, codec), member);
    }

    private static FeatureCodec<?> collection(String name, FeatureCodec<?> elements, JsonMembers member) {
        CollectionType type = CollectionType.ofWireName(member.text("collection"));
        if (type != CollectionType.VECTOR && member.has("dimension")) {
            throw new IllegalArgumentException("Feature '" + name + "' has a dimension, but is no vector");
        }
        if (type == CollectionType.VECTOR && !elements.name().equals(BuiltInCodecs.FRACTIONAL.name())) {
            throw new IllegalArgumentException("Feature '" + name + "' is a vector with codec '" + elements.name()
                    + "', expected '" + BuiltInCodecs.FRACTIONAL.name() + "'");
        }
        return switch (type) {
            case LIST -> CollectionCodec.list(elements);
            case SET -> CollectionCodec.set(elements);
            case VECTOR -> CollectionCodec.vector(member.number("dimension"));
        };
    }

    private FeatureCodec<?> codec(String feature, String name) {
        @Nullable FeatureCodec<?> builtIn = BuiltInCodecs.named(name);
        if (builtIn != null) {
            return builtIn;
        }
        return codecs.stream()
                .filter(codec -> codec.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Feature '" + feature + "' has codec '" + name
                        + "', which is not built in: pass it to fromJson"));
    }

    private static <T> Feature<T> described(Feature<T> feature, JsonMembers member) {
        Feature<T> described =
                feature.withDescription(member.optionalText("description").orElse(""));
        if (member.flag("required")) {
            described = described.required();
        }
        if (member.has("owner")) {
            described = described.ownedBy(member.text("owner"));
        }
        if (!member.has("default")) {
            return described;
        }
        String text = member.text("default");
        T value;
        try {
            value = feature.codec().decode(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("The default of feature '" + feature.name() + "' cannot be read: "
                    + UnstorableValueException.describe(e));
        }
        return described.withDefault(value);
    }

    private static void readOnline(JsonMembers json, OnlineStoreSettings.Builder online) {
        online.storageType(OnlineStorageType.ofWireName(json.text("storageType")));
        json.object("ttl", TTL)
                .ifPresent(ttl -> online.ttl(new Ttl(ttl.number("value"), Ttl.Unit.ofWireName(ttl.text("unit")))));
        json.optionalText("kmsKeyId").ifPresent(online::kmsKeyId);
    }

    private static void readOffline(JsonMembers json, OfflineStoreSettings.Builder offline) {
        offline.s3Uri(json.text("s3Uri"));
        offline.tableFormat(json.constant("tableFormat", OfflineStoreSettings.TableFormat.class));
        json.optionalText("kmsKeyId").ifPresent(offline::kmsKeyId);
        offline.catalogTable(
                json.constant("catalogTable", OfflineStoreSettings.CatalogTable.class),
                json.optionalText("database").orElse(null),
                json.optionalText("table").orElse(null));
    }

    private static Throughput throughput(JsonMembers json) {
        Throughput.Mode mode = json.constant("mode", Throughput.Mode.class);
        boolean hasUnits = json.has("readCapacityUnits") || json.has("writeCapacityUnits");
        return mode == Throughput.Mode.ON_DEMAND && !hasUnits
                ? Throughput.onDemand()
                : new Throughput(mode, json.number("readCapacityUnits"), json.number("writeCapacityUnits"));
    }
}
