package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Sets faults over HTTP, for programs that are not on the JVM: POST adds one, DELETE clears them, and all three answer with
 * what is set.
 * {@code docs/emulator.md} has the JSON.
 */
final class FaultEndpoint implements HttpHandler {
    static final String PATH = "/_emulator/faults";

    private static final int MAX_BODY = 64 * 1024;

    private final WireFaults faults;

    private final ObjectMapper json = new ObjectMapper();

    FaultEndpoint(WireFaults faults) {
        this.faults = faults;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
            if (!exchange.getRequestURI().getRawPath().equals(PATH)) {
                send(exchange, 404, "error", "There is only " + PATH);
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "GET" -> sendState(exchange);
                case "POST" -> add(exchange, body);
                case "DELETE" -> {
                    faults.clear();
                    sendState(exchange);
                }
                default -> send(exchange, 405, "error", "Expected GET, POST or DELETE");
            }
        }
    }

    private void add(HttpExchange exchange, byte[] body) throws IOException {
        try {
            FaultJson.set(json.readTree(body), faults);
        } catch (IOException e) {
            send(exchange, 400, "error", "The body is not JSON");
            return;
        } catch (IllegalArgumentException e) {
            send(exchange, 400, "error", String.valueOf(e.getMessage()));
            return;
        }
        sendState(exchange);
    }

    private void sendState(HttpExchange exchange) throws IOException {
        send(exchange, 200, FaultJson.write(faults));
    }

    private void send(HttpExchange exchange, int status, String member, String text) throws IOException {
        send(exchange, status, JsonNodeFactory.instance.objectNode().put(member, text));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
