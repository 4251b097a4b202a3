package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against its shape: members required, lengths, patterns, enums, ranges and sizes, all the way down. It
 * names every violation by where it is and never by the value. Members that the model does not have are passed over.
 */
final class ShapeValidator {
    private static final int MAX_NAMED = 5;

    private final List<String> violations = new ArrayList<>();

    private int count;

    private ShapeValidator() {}

    /** What is wrong with a request as one sentence, or null if nothing is. */
    static @Nullable String problem(Shape input, JsonNode request) {
        ShapeValidator validator = new ShapeValidator();
        validator.structure(input, request, "");
        if (validator.count == 0) {
            return null;
        }
        return validator.count + (validator.count == 1 ? " validation error" : " validation errors") + " detected: "
                + String.join("; ", validator.violations) + (validator.count > MAX_NAMED ? "; ..." : "");
    }

    private void value(Shape shape, @Nullable JsonNode value, String path) {
        if (value == null || value.isNull()) {
            add(path, "Member must not be null");
            return;
        }
        switch (shape.type()) {
            case "structure" -> structure(shape, value, path);
            case "list" -> list(shape, value, path);
            case "string" -> string(shape, value, path);
            case "integer", "long" -> number(shape, value, path);
            case "boolean" -> require(value.isBoolean(), path, "Member must be a boolean");
            case "timestamp" -> require(value.isNumber(), path, "Member must be a number of epoch seconds");
            default -> throw new IllegalStateException("No check for shapes of type " + shape.type());
        }
    }

    private void structure(Shape shape, JsonNode value, String path) {
        if (!value.isObject()) {
            add(path, "Member must be an object");
            return;
        }
        for (Map.Entry<String, Shape.Member> member : shape.members().entrySet()) {
            JsonNode child = value.get(member.getKey());
            boolean absent = child == null || child.isNull();
            if (!absent || shape.required().contains(member.getKey())) {
                value(member.getValue().shape(), child, below(path, member.getKey()));
            }
        }
    }

    private void list(Shape shape, JsonNode value, String path) {
        Shape element = shape.element();
        if (!value.isArray() || element == null) {
            add(path, "Member must be a list");
            return;
        }
        length(shape, value.size(), path);
        int n = 0;
        for (JsonNode child : value) {
            value(element, child, path + "." + ++n + ".member");
        }
    }

    private void string(Shape shape, JsonNode value, String path) {
        if (!value.isTextual()) {
            add(path, "Member must be a string");
            return;
        }
        String text = value.textValue();
        length(shape, text.codePointCount(0, text.length()), path);
        if (shape.pattern() != null && !shape.pattern().matcher(text).matches()) {
            add(
                    path,
                    "Member must satisfy regular expression pattern: "
                            + shape.pattern().pattern());
        }
        if (!shape.values().isEmpty() && !shape.values().contains(text)) {
            add(path, "Member must satisfy enum value set: [" + String.join(", ", shape.values()) + "]");
        }
    }

    private void number(Shape shape, JsonNode value, String path) {
        if (!value.isIntegralNumber()
                || !(shape.type().equals("long") ? value.canConvertToLong() : value.canConvertToInt())) {
            add(path, "Member must be of type " + shape.type());
            return;
        }
        if (shape.min() != null && value.longValue() < shape.min()) {
            add(path, "Member must have value greater than or equal to " + shape.min());
        }
        if (shape.max() != null && value.longValue() > shape.max()) {
            add(path, "Member must have value less than or equal to " + shape.max());
        }
    }

    private void length(Shape shape, int length, String path) {
        if (shape.min() != null && length < shape.min()) {
            add(path, "Member must have length greater than or equal to " + shape.min());
        }
        if (shape.max() != null && length > shape.max()) {
            add(path, "Member must have length less than or equal to " + shape.max());
        }
    }

    private void require(boolean kept, String path, String constraint) {
        if (!kept) {
            add(path, constraint);
        }
    }

    private void add(String path, String constraint) {
        count++;
        if (violations.size() < MAX_NAMED) {
            violations.add("Value at '" + path + "' failed to satisfy constraint: " + constraint);
        }
    }

    private static String below(String path, String member) {
        String name = Character.toLowerCase(member.charAt(0)) + member.substring(1);
        return path.isEmpty() ? name : path + "." + name;
    }
}
