package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.testkit.emulator.EmulatedGroup.GroupShape;
import dev.featurestore.testkit.emulator.GroupDefinitions.OnlineChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** UpdateFeatureGroup: features added, the online store's time to live or type, or the throughput; one of them at a time. */
final class GroupChanges {
    private final GroupCatalog catalog;

    GroupChanges(GroupCatalog catalog) {
        this.catalog = catalog;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of("UpdateFeatureGroup", this::update);
    }

    private void update(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = GroupOperations.group(catalog, call.text("FeatureGroupName"));
        long kinds = Stream.of("FeatureAdditions", "OnlineStoreConfig", "ThroughputConfig")
                .filter(member -> call.optional(member) != null)
                .count();
        if (kinds != 1) {
            throw WireErrors.validationException(
                    "Expected exactly one of FeatureAdditions, OnlineStoreConfig and ThroughputConfig, got " + kinds);
        }
        boolean started;
        try {
            started = catalog.update(group, call.input(), shape -> target(shape, call.input()));
        } catch (InvalidDefinitionException | IllegalArgumentException e) {
            throw WireErrors.validationException("Validation Error: " + e.getMessage());
        }
        if (!started) {
            throw WireErrors.validationException("The feature group is being created, updated or deleted");
        }
        out.writeStartObject();
        out.writeStringField("FeatureGroupArn", catalog.arn(group.definition().name()));
        out.writeEndObject();
    }

    /**
     * What a group becomes by an update.
     *
     * @throws IllegalArgumentException if the service would refuse it
     */
    static GroupShape target(GroupShape shape, JsonNode request) {
        JsonNode online = EmulatedCall.optional(request, "OnlineStoreConfig");
        JsonNode throughput = EmulatedCall.optional(request, "ThroughputConfig");
        return GroupDefinitions.changed(
                shape,
                additions(EmulatedCall.optional(request, "FeatureAdditions")),
                online == null ? null : onlineChange(shape.definition(), online),
                throughput == null ? null : throughput(shape.definition(), throughput));
    }

    private static List<Feature<?>> additions(@Nullable JsonNode definitions) {
        List<Feature<?>> features = new ArrayList<>();
        if (definitions != null) {
            definitions.forEach(definition -> features.add(GroupDefinitions.feature(definition)));
        }
        return features;
    }

    /** A time to live with neither unit nor value takes away the one the group has. */
    private static OnlineChange onlineChange(FeatureGroup<?> group, JsonNode json) {
        OnlineStoreSettings online = group.onlineStore()
                .orElseThrow(() -> new IllegalArgumentException("The feature group has no online store"));
        JsonNode ttl = EmulatedCall.optional(json, "TtlDuration");
        JsonNode storage = EmulatedCall.optional(json, "StorageType");
        OnlineStorageType type = storage == null ? null : OnlineStorageType.ofWireName(storage.asText());
        boolean allowed = type == null
                || type == online.storageType()
                || (online.storageType() == OnlineStorageType.STANDARD && type == OnlineStorageType.STANDARD_V2);
        if (!allowed) {
            throw new IllegalArgumentException("The storage type can only change from Standard to Standard_V2");
        }
        boolean removed = ttl != null
                && EmulatedCall.optional(ttl, "Unit") == null
                && EmulatedCall.optional(ttl, "Value") == null;
        return new OnlineChange(type, ttl == null || removed ? null : GroupDefinitions.ttl(ttl), ttl == null);
    }

    /** What is not given stays as it is. */
    private static Throughput throughput(FeatureGroup<?> group, JsonNode json) {
        Throughput old = group.throughput().orElse(Throughput.onDemand());
        JsonNode mode = EmulatedCall.optional(json, "ThroughputMode");
        boolean provisioned = mode == null
                ? old.mode() == Throughput.Mode.PROVISIONED
                : mode.asText().equals("Provisioned");
        if (!provisioned) {
            return GroupDefinitions.throughput(json);
        }
        return Throughput.provisioned(
                json.path("ProvisionedReadCapacityUnits").asInt(old.readCapacityUnits()),
                json.path("ProvisionedWriteCapacityUnits").asInt(old.writeCapacityUnits()));
    }
}
