package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.featurestore.Sleeper;
import dev.featurestore.testkit.emulator.Router.Protocol;
import dev.featurestore.testkit.emulator.Router.Route;
import dev.featurestore.testkit.emulator.ServiceModel.Operation;
import dev.featurestore.testkit.emulator.WireFault.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a request from the socket to an operation, and its answer or error back. Faults happen here. */
final class EmulatorHandler implements HttpHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmulatorHandler.class);

    /** Well above the largest batch of the largest records, even if every character is escaped. */
    private static final int MAX_BODY = 64 * 1024 * 1024;

    private final Router router;

    private final Map<String, EmulatedOperation> operations;

    private final WireFaults faults;

    private final WireErrors errors;

    private final RequestLog log;

    private final Sleeper sleeper;

    private final ObjectMapper json = new ObjectMapper();

    private final long idPrefix = UUID.randomUUID().getMostSignificantBits();

    private final AtomicLong ids = new AtomicLong();

    EmulatorHandler(
            Router router,
            Map<String, EmulatedOperation> operations,
            WireFaults faults,
            WireErrors errors,
            RequestLog log,
            Sleeper sleeper) {
        this.router = router;
        this.operations = operations;
        this.faults = faults;
        this.errors = errors;
        this.log = log;
        this.sleeper = sleeper;
    }

    /**
     * What goes back.
     *
     * @param body null if the connection is dropped instead
     */
    private record Answer(
            int status,
            @Nullable ByteArrayOutputStream body,
            @Nullable String error) {
        static final Answer DROPPED = new Answer(0, null, null);
    }

    /** A request in the making, for the log. */
    private static final class Progress {
        private String group = "";
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            long start = System.nanoTime();
            Route route = router.route(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestHeaders().getFirst(Router.TARGET));
            Progress progress = new Progress();
            Answer answer = answer(exchange, route, progress);
            log.add(new LoggedRequest(
                    route.name(), progress.group, answer.status(), Duration.ofNanos(System.nanoTime() - start)));
            send(exchange, route.protocol(), answer);
        }
    }

    private Answer answer(HttpExchange exchange, Route route, Progress progress) throws IOException {
        // the whole body, or the connection cannot serve the next request
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        try {
            Operation operation = route.operation();
            if (operation == null) {
                throw new WireError(
                        "NotImplemented", 501, "The emulator has no operation " + described(exchange, route));
            }
            if (body.length > MAX_BODY) {
                throw route.protocol().invalid("The body has more than " + MAX_BODY + " bytes");
            }
            String query = exchange.getRequestURI().getRawQuery();
            ObjectNode input = RequestReader.read(json, operation, route.labels(), query, body);
            progress.group = RequestReader.group(input);
            return carryOut(route.protocol(), operation, input);
        } catch (WireError e) {
            return error(route.protocol(), e);
        } catch (IllegalArgumentException e) {
            return error(route.protocol(), route.protocol().invalid(String.valueOf(e.getMessage())));
        }
    }

    private Answer carryOut(Protocol protocol, Operation operation, ObjectNode input) throws IOException {
        String identifier = input.path("RecordIdentifierValueAsString").asText("");
        double place = identifier.isEmpty() ? 1 : WireFaults.place(RequestReader.group(input), identifier);
        WireFaults.Draw draw = faults.draw(operation.name(), place);
        pause(draw.delay());
        if (draw.is(Kind.DROPPED_BEFORE)) {
            return Answer.DROPPED;
        }
        refuse(protocol, draw, operation, input);
        try {
            ByteArrayOutputStream body = carryOut(protocol, operation, input, draw);
            return draw.is(Kind.DROPPED_AFTER) ? Answer.DROPPED : new Answer(200, body, null);
        } catch (WireError e) {
            // a refusal is lost like any other answer
            if (draw.is(Kind.DROPPED_AFTER)) {
                return Answer.DROPPED;
            }
            throw e;
        }
    }

    private ByteArrayOutputStream carryOut(
            Protocol protocol, Operation operation, ObjectNode input, WireFaults.Draw draw) throws IOException {
        String problem = ShapeValidator.problem(operation.input(), input);
        if (problem != null) {
            throw protocol.invalid(problem);
        }
        EmulatedOperation work = operations.get(operation.name());
        if (work == null) {
            throw new WireError(
                    "NotImplemented", 501, "The emulator was given no Athena to carry out " + operation.name());
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = json.getFactory().createGenerator(body)) {
            work.answer(new EmulatedCall(operation, input, draw), out);
        } catch (WireError e) {
            throw e;
        } catch (RuntimeException e) {
            // its message may quote the request
            LOGGER.warn(
                    "The emulator failed in {}: {} at {}",
                    operation.name(),
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]);
            throw new WireError("InternalFailure", 500, "The emulator failed; its log says where");
        }
        return body;
    }

    private void pause(Duration delay) throws IOException {
        if (delay.isZero()) {
            return;
        }
        try {
            sleeper.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("The emulator is closed").initCause(e);
        }
    }

    private void refuse(Protocol protocol, WireFaults.Draw draw, Operation operation, ObjectNode input) {
        WireFault fault = draw.fault();
        if (fault == null) {
            return;
        }
        switch (fault.kind()) {
            case THROTTLED -> throw protocol == Protocol.ATHENA ? WireErrors.tooManyQueries() : errors.throttled(fault);
            case INTERNAL_FAILURE -> throw new WireError("InternalFailure", 500, "An internal failure occurred");
            case SERVICE_UNAVAILABLE ->
                throw new WireError("ServiceUnavailable", 503, "The service is temporarily unavailable");
            case GROUP_NOT_FOUND -> throw errors.unknownGroup(operation, RequestReader.group(input));
            case LATENCY, DROPPED_BEFORE, DROPPED_AFTER, UNPROCESSED, STALE_READ -> {
                // not refused
            }
        }
    }

    private static String described(HttpExchange exchange, Route route) {
        return route.protocol() != Protocol.REST_JSON
                ? route.name()
                : exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
    }

    private Answer error(Protocol protocol, WireError error) throws IOException {
        if (error.isConnectionDropped()) {
            return Answer.DROPPED;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        try (JsonGenerator out = json.getFactory().createGenerator(body)) {
            out.writeStartObject();
            if (protocol != Protocol.REST_JSON) {
                out.writeStringField("__type", error.code());
            }
            out.writeStringField("Message", error.text());
            out.writeEndObject();
        }
        return new Answer(error.status(), body, error.code());
    }

    /** Closing an exchange that was not answered ends its connection. */
    private void send(HttpExchange exchange, Protocol protocol, Answer answer) throws IOException {
        ByteArrayOutputStream body = answer.body();
        if (body == null) {
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", protocol.contentType());
        headers.set("x-amzn-RequestId", new UUID(idPrefix, ids.incrementAndGet()).toString());
        if (answer.error() != null && protocol == Protocol.REST_JSON) {
            headers.set("x-amzn-ErrorType", answer.error());
        }
        exchange.sendResponseHeaders(answer.status(), body.size() == 0 ? -1 : body.size());
        if (body.size() > 0) {
            body.writeTo(exchange.getResponseBody());
        }
    }
}
