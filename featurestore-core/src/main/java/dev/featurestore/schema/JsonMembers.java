package dev.featurestore.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of a JSON object, read strictly: a member of another kind, or one that is not known, is an error, since it
 * may be a setting that would be lost.
 */
final class JsonMembers {
    private final String where;

    private final JsonNode json;

    /**
     * @param where of what the object is, for messages
     * @param known all members that it may have
     */
    JsonMembers(String where, JsonNode json, Set<String> known) {
        this.where = where;
        this.json = json;
        if (!json.isObject()) {
            throw new IllegalArgumentException(where + " must be an object");
        }
        json.fieldNames().forEachRemaining(member -> {
            if (!known.contains(member)) {
                throw new IllegalArgumentException("Member '" + member + "' of " + where + " is not known");
            }
        });
    }

    boolean has(String member) {
        return json.has(member);
    }

    String text(String member) {
        JsonNode value = json.path(member);
        if (!value.isTextual()) {
            throw wrong(member, "a text");
        }
        return value.asText();
    }

    Optional<String> optionalText(String member) {
        return has(member) ? Optional.of(text(member)) : Optional.empty();
    }

    int number(String member) {
        JsonNode value = json.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(member, "a whole number within 32 bits");
        }
        return value.asInt();
    }

    boolean flag(String member) {
        if (has(member) && !json.get(member).isBoolean()) {
            throw wrong(member, "true or false");
        }
        return json.path(member).asBoolean();
    }

    <E extends Enum<E>> E constant(String member, Class<E> type) {
        String text = text(member);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw wrong(member, "one of " + List.of(type.getEnumConstants()));
    }

    Optional<JsonMembers> object(String member, Set<String> known) {
        return has(member)
                ? Optional.of(new JsonMembers("member '" + member + "'", json.get(member), known))
                : Optional.empty();
    }

    /** The objects of an array that must be there. */
    List<JsonMembers> objects(String member, Set<String> known) {
        if (!json.path(member).isArray()) {
            throw wrong(member, "an array");
        }
        List<JsonMembers> objects = new ArrayList<>();
        for (JsonNode element : json.get(member)) {
            objects.add(new JsonMembers("element " + objects.size() + " of '" + member + "'", element, known));
        }
        return objects;
    }

    /** The members of an object of texts, in order; none if it is not there. */
    Map<String, String> texts(String member) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (!has(member)) {
            return texts;
        }
        if (!json.get(member).isObject()) {
            throw wrong(member, "an object");
        }
        for (Map.Entry<String, JsonNode> entry : json.get(member).properties()) {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        "Member '" + entry.getKey() + "' of member '" + member + "' must be a text");
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        }
        return texts;
    }

    private IllegalArgumentException wrong(String member, String expected) {
        return new IllegalArgumentException("Member '" + member + "' of " + where + " must be " + expected);
    }
}
