package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests made by hand, as an AWS client puts them on the wire. */
final class Wire {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI endpoint;

    Wire(FeatureStoreEmulator emulator) {
        this(emulator.endpoint());
    }

    Wire(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** A request whose path and query go out as they are. */
    HttpResponse<String> send(String method, String rawPath, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + rawPath))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A request to the runtime service that is answered somehow. */
    HttpResponse<String> runtime(String method, String rawPath, String body) {
        try {
            return send(method, rawPath, text(body), "Content-Type", "application/json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request to the control plane that is answered somehow. */
    HttpResponse<String> control(String operation, String body) {
        try {
            return send(
                    "POST",
                    "/",
                    text(body),
                    "Content-Type",
                    "application/x-amz-json-1.1",
                    "X-Amz-Target",
                    "SageMaker." + operation);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record put into a group; must succeed. */
    void put(String group, String... namesAndValues) {
        HttpResponse<String> response =
                runtime("PUT", "/FeatureGroup/" + group, "{'Record': " + record(namesAndValues) + "}");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.body());
        }
    }

    /** A record's JSON. */
    static String record(String... namesAndValues) {
        StringBuilder record = new StringBuilder("[");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            record.append(i == 0 ? "" : ", ")
                    .append("{'FeatureName': '")
                    .append(namesAndValues[i])
                    .append("', 'ValueAsString': '")
                    .append(namesAndValues[i + 1])
                    .append("'}");
        }
        return record.append("]").toString();
    }

    static JsonNode json(HttpResponse<String> response) {
        return parse(response.body());
    }

    /** JSON with apostrophes for quotes. */
    static JsonNode json(String text) {
        return parse(text(text));
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String withApostrophes) {
        return withApostrophes.replace('\'', '"');
    }
}
