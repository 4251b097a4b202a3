package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shape of a service model with its constraints.
 *
 * @param name the shape's name
 * @param type such as {@code structure}, {@code list}, {@code string}, {@code integer}
 * @param members of a structure, in the order of the model
 * @param required the names of the members that must be there
 * @param element of a list
 * @param min the least length, size or number; null if there is none
 * @param max the greatest length, size or number; null if there is none
 * @param pattern what a whole string must match; null if anything will do
 * @param values of an enum; empty if it is none
 */
record Shape(
        String name,
        String type,
        Map<String, Member> members,
        Set<String> required,
        @Nullable Shape element,
        @Nullable Long min,
        @Nullable Long max,
        @Nullable Pattern pattern,
        Set<String> values) {
    /** Where a member of an input is in the HTTP request. */
    enum Location {
        BODY,
        URI,
        QUERY
    }

    /** A member: its shape, where it is, and under which name it is there. */
    record Member(Shape shape, Location location, String locationName) {}

    static Shape read(String name, JsonNode shapes) {
        JsonNode json = shapes.path(name);
        Map<String, Member> members = new LinkedHashMap<>();
        json.path("members")
                .properties()
                .forEach(entry -> members.put(entry.getKey(), member(entry.getKey(), entry.getValue(), shapes)));
        Shape element =
                json.has("member") ? read(json.get("member").path("shape").asText(), shapes) : null;
        return new Shape(
                name,
                json.path("type").asText(),
                members,
                texts(json.path("required")),
                element,
                number(json, "min"),
                number(json, "max"),
                pattern(json.path("pattern").asText()),
                texts(json.path("enum")));
    }

    private static Member member(String name, JsonNode json, JsonNode shapes) {
        Location location =
                switch (json.path("location").asText()) {
                    case "uri" -> Location.URI;
                    case "querystring" -> Location.QUERY;
                    default -> Location.BODY;
                };
        return new Member(
                read(json.path("shape").asText(), shapes),
                location,
                json.path("locationName").asText(name));
    }

    /** The model's {@code .*} stands for any text: it is not taken to exclude line breaks. */
    private static @Nullable Pattern pattern(String regex) {
        return regex.isEmpty() || regex.equals(".*") ? null : Pattern.compile(regex);
    }

    private static @Nullable Long number(JsonNode json, String member) {
        return json.has(member) ? json.get(member).asLong() : null;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        for (Iterator<JsonNode> elements = array.elements(); elements.hasNext(); ) {
            texts.add(elements.next().asText());
        }
        return texts;
    }
}
