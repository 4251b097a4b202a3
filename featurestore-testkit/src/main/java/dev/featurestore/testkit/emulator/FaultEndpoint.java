package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sets faults over HTTP, for programs that are not on the JVM: POST adds one, GET says how many are set, DELETE clears them.
 * {@code docs/emulator.md} has the JSON.
 */
final class FaultEndpoint implements HttpHandler {
    static final String PATH = "/_emulator/faults";

    private static final int MAX_BODY = 64 * 1024;

    private static final int NANOS_PER_MILLI = 1_000_000;

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
            JsonNode request = json.readTree(body);
            String operation = request.path("operation").asText(WireFaults.ANY_OPERATION);
            WireFault fault = fault(request);
            if (request.has("rate")) {
                faults.atRate(operation, request.get("rate").asDouble(), fault);
            } else {
                faults.next(operation, request.path("times").asInt(1), fault);
            }
        } catch (IOException e) {
            send(exchange, 400, "error", "The body is not JSON");
            return;
        } catch (IllegalArgumentException e) {
            send(exchange, 400, "error", String.valueOf(e.getMessage()));
            return;
        }
        sendState(exchange);
    }

    private static WireFault fault(JsonNode request) {
        return switch (WireFault.Kind.ofWireName(request.path("fault").asText())) {
            case THROTTLED ->
                request.has("status")
                        ? WireFault.throttled(
                                ThrottleForm.ofStatus(request.get("status").asInt()))
                        : WireFault.throttled();
            case INTERNAL_FAILURE -> WireFault.internalFailure();
            case SERVICE_UNAVAILABLE -> WireFault.serviceUnavailable();
            case LATENCY -> {
                Duration median = millis(request.path("medianMillis"));
                yield WireFault.latency(median, request.has("p99Millis") ? millis(request.get("p99Millis")) : median);
            }
            case DROPPED_BEFORE -> WireFault.droppedBefore();
            case DROPPED_AFTER -> WireFault.droppedAfter();
            case UNPROCESSED -> WireFault.unprocessed(request.path("share").asDouble(1));
            case GROUP_NOT_FOUND -> WireFault.groupNotFound();
        };
    }

    private static Duration millis(JsonNode millis) {
        return Duration.ofNanos((long) (millis.asDouble() * NANOS_PER_MILLI));
    }

    private void sendState(HttpExchange exchange) throws IOException {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("scripted", faults.pending());
        state.put("random", faults.rates());
        send(exchange, 200, state);
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
