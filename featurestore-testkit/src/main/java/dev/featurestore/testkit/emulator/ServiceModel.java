package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of one service as its published model describes them. */
final class ServiceModel {
    private final Map<String, Operation> operations;

    private ServiceModel(Map<String, Operation> operations) {
        this.operations = operations;
    }

    /**
     * One operation.
     *
     * @param name such as {@code GetRecord}
     * @param method the HTTP method
     * @param path the segments of the path; one in braces is a label
     * @param input the request's shape
     * @param errors the codes of the errors it declares
     */
    record Operation(String name, String method, List<String> path, Shape input, Set<String> errors) {
        /** The raw labels of a path, or null if it is not this operation's. */
        @Nullable
        Map<String, String> labels(String httpMethod, String[] rawSegments) {
            if (!method.equals(httpMethod) || rawSegments.length != path.size()) {
                return null;
            }
            Map<String, String> labels = new LinkedHashMap<>();
            for (int i = 0; i < rawSegments.length; i++) {
                String expected = path.get(i);
                if (expected.startsWith("{")) {
                    labels.put(expected.substring(1, expected.length() - 1), rawSegments[i]);
                } else if (!expected.equals(rawSegments[i])) {
                    return null;
                }
            }
            return labels;
        }
    }

    static ServiceModel load(String resource) {
        try (InputStream in = ServiceModel.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("The service model " + resource + " is not on the class path");
            }
            return read(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the service model " + resource, e);
        }
    }

    private static ServiceModel read(JsonNode json) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        json.path("operations").properties().forEach(entry -> {
            JsonNode operation = entry.getValue();
            Set<String> errors = new LinkedHashSet<>();
            operation
                    .path("errors")
                    .forEach(error -> errors.add(error.path("shape").asText()));
            operations.put(
                    entry.getKey(),
                    new Operation(
                            entry.getKey(),
                            operation.path("http").path("method").asText(),
                            List.of(segments(
                                    operation.path("http").path("requestUri").asText())),
                            Shape.read(operation.path("input").path("shape").asText(), json.path("shapes")),
                            errors));
        });
        return new ServiceModel(operations);
    }

    /** What is between the slashes of a path, raw. */
    static String[] segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (int from = 1; from <= rawPath.length(); ) {
            int end = rawPath.indexOf('/', from);
            segments.add(rawPath.substring(from, end < 0 ? rawPath.length() : end));
            from = end < 0 ? rawPath.length() + 1 : end + 1;
        }
        return segments.toArray(String[]::new);
    }

    Iterable<Operation> operations() {
        return operations.values();
    }

    @Nullable
    Operation operation(String name) {
        return operations.get(name);
    }
}
