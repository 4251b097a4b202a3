package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.testkit.emulator.ServiceModel.Operation;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings the members of a request together, from its path, its query and its body. */
final class RequestReader {
    private static final List<String> GROUP_MEMBERS = List.of("FeatureGroupName", "ResourceArn");

    private static final List<String> BATCH_MEMBERS = List.of("Identifiers", "Entries");

    /** More than an ARN may have: what is longer is not worth logging. */
    private static final int MAX_LOGGED = 256;

    private RequestReader() {}

    /** @throws IllegalArgumentException if the request cannot be read; the message has nothing of what is in it */
    static ObjectNode read(
            ObjectMapper json,
            Operation operation,
            Map<String, String> labels,
            @Nullable String rawQuery,
            byte[] body) {
        boolean hasBody =
                operation.method().equals("POST") || operation.method().equals("PUT");
        ObjectNode input = hasBody && body.length > 0 ? parse(json, body) : JsonNodeFactory.instance.objectNode();
        Map<String, List<String>> query = UrlText.query(rawQuery);
        operation.input().members().forEach((name, member) -> {
            switch (member.location()) {
                case URI -> {
                    String label = labels.get(member.locationName());
                    if (label != null) {
                        input.put(name, UrlText.decode(label));
                    }
                }
                case QUERY -> {
                    List<String> values = query.get(member.locationName());
                    if (values == null) {
                        input.remove(name);
                    } else if (member.shape().type().equals("list")) {
                        ArrayNode list = input.putArray(name);
                        values.forEach(list::add);
                    } else {
                        input.put(name, values.get(0));
                    }
                }
                case BODY -> {
                    // is there already
                }
            }
        });
        return input;
    }

    private static ObjectNode parse(ObjectMapper json, byte[] body) {
        try {
            if (json.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // its message quotes the body
        }
        throw new IllegalArgumentException("The body is not a JSON object");
    }

    /** The one group that a request is about, as it names it; empty if there is none or several. */
    static String group(ObjectNode input) {
        Set<String> groups = new LinkedHashSet<>();
        GROUP_MEMBERS.forEach(member -> add(groups, input.path(member)));
        for (String member : BATCH_MEMBERS) {
            for (JsonNode item : input.path(member)) {
                add(groups, item.path("FeatureGroupName"));
            }
        }
        return groups.size() == 1 ? groups.iterator().next() : "";
    }

    private static void add(Set<String> groups, JsonNode name) {
        if (name.isTextual() && name.textValue().length() <= MAX_LOGGED) {
            groups.add(name.textValue());
        }
    }
}
