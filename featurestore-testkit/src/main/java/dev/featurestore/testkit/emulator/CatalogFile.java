package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.emulator.EmulatedGroup.FeatureNotes;
import dev.featurestore.testkit.emulator.EmulatedGroup.GroupShape;
import dev.featurestore.testkit.emulator.EmulatedGroup.Status;
import dev.featurestore.testkit.emulator.EmulatedGroup.Update;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane knows of groups and the store does not keep, in one file of the store's data folder. Written whole at
 * each change: those are rare.
 */
final class CatalogFile {
    private static final String FORMAT = "featurestore/emulator/1";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path path;

    CatalogFile(Path folder) {
        this.path = folder.resolve("emulator.json");
    }

    /** The region of the groups in the file; null if there is no file. */
    @Nullable
    String region() {
        JsonNode json = read();
        return json == null ? null : json.path("region").asText();
    }

    /** The groups that the store still has; one that was being deleted is gone. */
    List<EmulatedGroup> groups(Function<String, Optional<FeatureGroup<?>>> store) {
        List<EmulatedGroup> groups = new ArrayList<>();
        JsonNode json = read();
        if (json != null) {
            for (JsonNode group : json.path("groups")) {
                String name = group.path("name").asText();
                store.apply(name)
                        .filter(definition -> !Status.DELETING
                                .name()
                                .equals(group.path("status").asText()))
                        .ifPresent(definition -> groups.add(restored(name, group, definition)));
            }
        }
        return groups;
    }

    private EmulatedGroup restored(String name, JsonNode json, FeatureGroup<?> definition) {
        try {
            return group(json, definition);
        } catch (DateTimeException | IllegalArgumentException | FeatureStoreException e) {
            throw new IllegalStateException(
                    "The feature group '" + name + "' in " + path + " cannot be read: restore the file, or move it away"
                            + " to begin without it",
                    e);
        }
    }

    private @Nullable JsonNode read() {
        if (!Files.exists(path)) {
            return null;
        }
        try {
            JsonNode json = MAPPER.readTree(Files.readAllBytes(path));
            if (json.path("format").asText().equals(FORMAT)) {
                return json;
            }
            throw new IllegalStateException("The format of " + path + " is not " + FORMAT
                    + ": move the file away to begin without it, or use the version that wrote it");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The file " + path + " is not JSON, see line "
                    + e.getLocation().getLineNr() + ": restore it, or move it away to begin without it");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    private static EmulatedGroup group(JsonNode json, FeatureGroup<?> definition) {
        Map<String, String> tags = texts(json.path("tags"));
        Map<String, FeatureNotes> notes = new LinkedHashMap<>();
        json.path("notes")
                .properties()
                .forEach(note -> notes.put(
                        note.getKey(),
                        new FeatureNotes(
                                note.getValue().path("description").asText(),
                                texts(note.getValue().path("parameters")),
                                time(note.getValue(), "modifiedAt"))));
        GroupShape shape = shape(json.path("order"), definition);
        JsonNode update = json.get("update");
        return new EmulatedGroup(
                shape,
                Status.valueOf(json.path("status").asText()),
                time(json, "statusUntil"),
                new EmulatedGroup.History(
                        time(json, "createdAt"),
                        time(json, "modifiedAt"),
                        tags,
                        notes,
                        update == null ? null : update(update, shape)));
    }

    /** The service's order of the features, as far as it still fits: the store may be one step ahead of the file. */
    private static GroupShape shape(JsonNode order, FeatureGroup<?> definition) {
        List<Feature<?>> features = new ArrayList<>();
        for (JsonNode name : order) {
            int column = definition.columns().find(name.asText());
            if (column >= 0) {
                features.add(definition.columns().feature(column));
            }
        }
        return features.size() == definition.features().size()
                ? new GroupShape(definition, List.copyOf(features))
                : GroupShape.of(definition);
    }

    private static Update update(JsonNode json, GroupShape shape) {
        JsonNode request = json.path("request");
        String status = json.path("status").asText();
        return new Update(
                request,
                status.equals(Update.IN_PROGRESS) ? GroupChanges.target(shape, request) : shape,
                time(json, "due"),
                status,
                json.has("failure") ? json.path("failure").asText() : null);
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
        return texts;
    }

    private static Instant time(JsonNode json, String member) {
        return Instant.parse(json.path(member).asText());
    }

    void write(String region, Collection<EmulatedGroup> groups) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT).put("region", region);
        ArrayNode all = json.putArray("groups");
        groups.forEach(group -> all.add(json(group)));
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try {
            try (FileOutputStream out = new FileOutputStream(next.toFile())) {
                out.write(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
                out.getFD().sync();
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + path, e);
        }
    }

    private static ObjectNode json(EmulatedGroup group) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        EmulatedGroup.History history = group.history();
        json.put("name", group.definition().name());
        json.put("createdAt", history.createdAt().toString());
        json.put("modifiedAt", history.modifiedAt().toString());
        group.writeStatus((status, until) -> json.put("status", status.name()).put("statusUntil", until.toString()));
        ArrayNode order = json.putArray("order");
        group.shape().order().forEach(feature -> order.add(feature.name()));
        putTexts(json, "tags", history.tags());
        ObjectNode notes = json.putObject("notes");
        history.notes().forEach((feature, note) -> {
            ObjectNode member = notes.putObject(feature);
            member.put("description", note.description());
            putTexts(member, "parameters", note.parameters());
            member.put("modifiedAt", note.modifiedAt().toString());
        });
        Update update = history.update();
        if (update != null) {
            ObjectNode member = json.putObject("update");
            member.set("request", update.request());
            member.put("due", update.due().toString()).put("status", update.status());
            if (update.failure() != null) {
                member.put("failure", update.failure());
            }
        }
        return json;
    }

    private static void putTexts(ObjectNode json, String member, Map<String, String> texts) {
        ObjectNode object = json.putObject(member);
        texts.forEach(object::put);
    }
}
