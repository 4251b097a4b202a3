package dev.featurestore.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.OnlineEntry.State;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lines of a data folder's journal: one change each. */
final class ChangeJson {
    private static final String FORMAT = "featurestore/journal/1";

    private ChangeJson() {}

    static ObjectNode header() {
        return object().put("format", FORMAT);
    }

    static ObjectNode created(FeatureGroup<?> group) {
        return object().set("create", DeployedDefinition.write(group));
    }

    static ObjectNode redefined(FeatureGroup<?> group) {
        return object().set("redefine", DeployedDefinition.write(group));
    }

    static ObjectNode deleted(String group) {
        return object().put("delete", group);
    }

    /** The record is the same online and offline, wherever it goes to both. */
    static ObjectNode written(
            String group, String identifier, @Nullable OnlineEntry online, @Nullable OfflineRow offline) {
        ObjectNode json = object().put("write", group).put("id", identifier);
        if (online != null) {
            json.put("arrived", online.arrivedAt().toString());
            json.set("record", record(online.record()));
            ObjectNode state = json.putObject("online")
                    .put("state", online.state().name())
                    .put("eventTime", online.eventTime().toString());
            if (online.expiresAt() != null) {
                state.put("expiresAt", online.expiresAt().toString());
            }
        }
        if (offline != null) {
            json.put("arrived", offline.arrivedAt().toString());
            json.set("record", record(offline.record()));
            json.putObject("offline")
                    .put("deleted", offline.deleted())
                    .put("invoked", offline.apiInvocationTime().toString())
                    .put("written", offline.writeTime().toString());
        }
        return json;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode record(WireRecord record) {
        ObjectNode json = object();
        for (int n = 0; n < record.size(); n++) {
            String text = record.text(n);
            if (text != null) {
                json.put(record.name(n), text);
            } else {
                ArrayNode texts = json.putArray(record.name(n));
                Objects.requireNonNull(record.texts(n)).forEach(texts::add);
            }
        }
        return json;
    }

    /** Does again what a line says was done. */
    static void replay(JsonNode line, Map<String, SavedGroup> groups) {
        if (line.has("format")) {
            if (!line.path("format").asText().equals(FORMAT)) {
                throw new IllegalArgumentException("its format is not " + FORMAT);
            }
        } else if (line.has("create")) {
            FeatureGroup<?> group = DeployedDefinition.read(line.get("create"));
            groups.put(group.name(), new SavedGroup(group));
        } else if (line.has("redefine")) {
            FeatureGroup<?> group = DeployedDefinition.read(line.get("redefine"));
            saved(groups, group.name()).redefine(group);
        } else if (line.has("delete")) {
            groups.remove(line.get("delete").asText());
        } else if (line.has("write")) {
            replayWrite(line, saved(groups, line.get("write").asText()));
        } else {
            throw new IllegalArgumentException("it is of no known kind");
        }
    }

    private static SavedGroup saved(Map<String, SavedGroup> groups, String name) {
        SavedGroup group = groups.get(name);
        if (group == null) {
            throw new IllegalArgumentException("there is no feature group '" + name + "' by then");
        }
        return group;
    }

    private static void replayWrite(JsonNode line, SavedGroup group) {
        WireRecord record = record(line.path("record"));
        Instant arrived = time(line, "arrived");
        JsonNode online = line.get("online");
        if (online != null) {
            OnlineEntry entry = new OnlineEntry(
                    State.valueOf(online.path("state").asText()),
                    record,
                    time(online, "eventTime"),
                    online.has("expiresAt") ? time(online, "expiresAt") : null,
                    arrived,
                    null);
            group.store(line.path("id").asText(), entry);
        }
        JsonNode offline = line.get("offline");
        if (offline != null) {
            group.append(new OfflineRow(
                    record,
                    offline.path("deleted").asBoolean(),
                    time(offline, "invoked"),
                    time(offline, "written"),
                    arrived));
        }
    }

    /** A time that cannot be read is not quoted. */
    private static Instant time(JsonNode json, String member) {
        try {
            return Instant.parse(json.path(member).asText());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its member '" + member + "' is not a time");
        }
    }

    private static WireRecord record(JsonNode json) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            names.add(member.getKey());
            if (member.getValue().isArray()) {
                List<String> texts = new ArrayList<>();
                member.getValue().forEach(text -> texts.add(text.asText()));
                values.add(List.copyOf(texts));
            } else {
                values.add(member.getValue().asText());
            }
        }
        return WireRecord.of(names.toArray(String[]::new), values.toArray());
    }
}
