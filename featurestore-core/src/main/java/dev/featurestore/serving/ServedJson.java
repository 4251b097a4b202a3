package dev.featurestore.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A served vector as one line of JSON, and back. Nothing of a value is lost: all are texts, as they are on the wire. */
final class ServedJson {
    private static final int VERSION = 1;

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ServedJson() {}

    /** The line, without a line break. */
    static String line(ServedVector vector) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        json.put("view", vector.view());
        json.put("fingerprint", vector.fingerprint());
        json.put("time", vector.time().toString());
        if (vector.keysHash() == null) {
            vector.keys().forEach(json.putObject("keys")::put);
        } else {
            json.put("keysHash", vector.keysHash());
        }
        ArrayNode groups = json.putArray("groups");
        vector.groups().forEach(group -> write(group, groups.addObject()));
        vector.values().forEach(json.putObject("values")::put);
        return json.toString();
    }

    private static void write(ServedGroup group, ObjectNode json) {
        json.put("selection", group.selection());
        json.put("status", group.status().name());
        if (group.eventTime() != null) {
            json.put("eventTime", group.eventTime().toString());
        }
        if (!group.staleness().isZero()) {
            json.put("staleness", group.staleness().toString());
        }
        if (group.failure() != null) {
            json.put("failure", group.failure().name());
        }
    }

    /** A JSON array of texts. */
    static String array(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array.toString();
    }

    /**
     * The vector of a line. Members that are not known are passed over.
     *
     * @throws IllegalArgumentException if it is not one; the message says what is wrong and has no value
     */
    static ServedVector read(String line) {
        JsonNode json;
        try {
            json = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            // its message quotes the line
            throw new IllegalArgumentException(
                    "not JSON, in " + line.length() + " characters; the line may have been cut");
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("not a JSON object, but " + kind(json));
        }
        JsonNode version = json.path("version");
        if (!version.isInt() || version.intValue() != VERSION) {
            throw new IllegalArgumentException("member 'version' is not " + VERSION
                    + ", the only one that is known: read it with a newer version of the library");
        }
        List<ServedGroup> groups = new ArrayList<>();
        JsonNode array = json.path("groups");
        if (!array.isArray()) {
            throw new IllegalArgumentException("member 'groups' is not an array, but " + kind(array));
        }
        array.forEach(group -> groups.add(group(group)));
        return new ServedVector(
                text(json, "view"),
                text(json, "fingerprint"),
                required(json, "time", Instant::parse),
                json.has("keys") ? texts(json, "keys") : Map.of(),
                find(json, "keysHash", text -> text),
                groups,
                texts(json, "values"));
    }

    private static ServedGroup group(JsonNode json) {
        Duration staleness = find(json, "staleness", Duration::parse);
        return new ServedGroup(
                text(json, "selection"),
                required(json, "status", GroupResult.Status::valueOf),
                find(json, "eventTime", Instant::parse),
                staleness == null ? Duration.ZERO : staleness,
                find(json, "failure", ErrorCode::valueOf));
    }

    private static Map<String, String> texts(JsonNode json, String member) {
        JsonNode object = json.path(member);
        if (!object.isObject()) {
            throw new IllegalArgumentException("member '" + member + "' is not an object, but " + kind(object));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> texts.put(entry.getKey(), text(object, entry.getKey())));
        return texts;
    }

    private static String text(JsonNode json, String member) {
        return required(json, member, text -> text);
    }

    private static <T> T required(JsonNode json, String member, Function<String, T> parse) {
        T value = find(json, member, parse);
        if (value == null) {
            throw new IllegalArgumentException("member '" + member + "' is missing");
        }
        return value;
    }

    private static <T> @Nullable T find(JsonNode json, String member, Function<String, T> parse) {
        JsonNode node = json.path(member);
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isTextual()) {
            throw new IllegalArgumentException("member '" + member + "' is not a text, but " + kind(node));
        }
        try {
            return parse.apply(node.textValue());
        } catch (RuntimeException e) {
            // its message quotes the text
            throw new IllegalArgumentException("member '" + member + "' is not of its form, in "
                    + node.textValue().length() + " characters");
        }
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
