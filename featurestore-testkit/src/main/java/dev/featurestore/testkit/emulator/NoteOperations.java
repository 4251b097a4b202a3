package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.Feature;
import dev.featurestore.testkit.emulator.EmulatedGroup.FeatureNotes;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people attach to groups and features: metadata and tags. */
final class NoteOperations {
    private static final int MAX_PARAMETERS = 25;

    private static final int MAX_TAGS = 50;

    private final GroupCatalog catalog;

    NoteOperations(GroupCatalog catalog) {
        this.catalog = catalog;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of(
                "UpdateFeatureMetadata", this::updateMetadata,
                "DescribeFeatureMetadata", this::describeMetadata,
                "AddTags", this::addTags,
                "ListTags", this::listTags,
                "DeleteTags", this::deleteTags);
    }

    private void updateMetadata(EmulatedCall call, JsonGenerator out) {
        EmulatedGroup group = GroupOperations.group(catalog, call.text("FeatureGroupName"));
        Feature<?> feature = feature(group, call.text("FeatureName"));
        group.changeNotes(feature, notes -> changed(notes, call));
        catalog.save();
    }

    private FeatureNotes changed(FeatureNotes notes, EmulatedCall call) {
        Map<String, String> parameters = new LinkedHashMap<>(notes.parameters());
        RecordJson.strings(call.optional("ParameterRemovals")).forEach(parameters::remove);
        parameters.putAll(pairs(call.optional("ParameterAdditions")));
        if (parameters.size() > MAX_PARAMETERS) {
            throw WireErrors.validationException(
                    "A feature has at most " + MAX_PARAMETERS + " parameters, got " + parameters.size());
        }
        String description = call.optionalText("Description");
        return new FeatureNotes(
                description == null ? notes.description() : description,
                Collections.unmodifiableMap(parameters),
                catalog.now());
    }

    private static Map<String, String> pairs(@Nullable JsonNode array) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (array != null) {
            array.forEach(pair ->
                    pairs.put(pair.path("Key").asText(), pair.path("Value").asText()));
        }
        return pairs;
    }

    private void describeMetadata(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = GroupOperations.group(catalog, call.text("FeatureGroupName"));
        Feature<?> feature = feature(group, call.text("FeatureName"));
        FeatureNotes notes = group.notes(feature);
        out.writeStartObject();
        out.writeStringField("FeatureGroupArn", catalog.arn(group.definition().name()));
        out.writeStringField("FeatureGroupName", group.definition().name());
        out.writeStringField("FeatureName", feature.name());
        out.writeStringField("FeatureType", feature.type().wireName());
        GroupDescription.time(out, "CreationTime", group.createdAt());
        GroupDescription.time(out, "LastModifiedTime", notes.modifiedAt());
        if (!notes.description().isEmpty()) {
            out.writeStringField("Description", notes.description());
        }
        out.writeArrayFieldStart("Parameters");
        writePairs(out, notes.parameters());
        out.writeEndArray();
        out.writeEndObject();
    }

    private static Feature<?> feature(EmulatedGroup group, String name) {
        int column = group.definition().columns().find(name);
        if (column < 0) {
            throw new WireError(
                    WireErrors.RESOURCE_NOT_FOUND,
                    400,
                    "The feature named [" + name + "] is not in the feature group ["
                            + group.definition().name() + "]");
        }
        return group.definition().columns().feature(column);
    }

    private void addTags(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = tagged(call);
        group.changeTags(tags -> {
            tags.putAll(pairs(call.optional("Tags")));
            if (tags.size() > MAX_TAGS) {
                throw WireErrors.validationException(
                        "A resource has at most " + MAX_TAGS + " tags, got " + tags.size());
            }
            return tags;
        });
        catalog.save();
        writeTags(out, group.tags());
    }

    private void listTags(EmulatedCall call, JsonGenerator out) throws IOException {
        writeTags(out, tagged(call).tags());
    }

    private void deleteTags(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = tagged(call);
        group.changeTags(tags -> {
            RecordJson.strings(call.optional("TagKeys")).forEach(tags::remove);
            return tags;
        });
        catalog.save();
        out.writeStartObject();
        out.writeEndObject();
    }

    private EmulatedGroup tagged(EmulatedCall call) {
        String arn = call.text("ResourceArn");
        EmulatedGroup group = catalog.find(arn);
        if (group == null) {
            throw WireErrors.validationException("There is no feature group with ARN [" + arn + "]");
        }
        return group;
    }

    private static void writeTags(JsonGenerator out, Map<String, String> tags) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("Tags");
        writePairs(out, tags);
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writePairs(JsonGenerator out, Map<String, String> pairs) throws IOException {
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            out.writeStartObject();
            out.writeStringField("Key", pair.getKey());
            out.writeStringField("Value", pair.getValue());
            out.writeEndObject();
        }
    }
}
