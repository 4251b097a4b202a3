package dev.featurestore.examples.endpoint;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Which request is answered by what. */
final class Routes extends Handler.Abstract {
    private static final int MAX_BODY = 16 * 1024;

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Scoring scoring;

    private final PrometheusMeterRegistry registry;

    private final BooleanSupplier ready;

    Routes(Scoring scoring, PrometheusMeterRegistry registry, BooleanSupplier ready) {
        this.scoring = scoring;
        this.registry = registry;
        this.ready = ready;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        answer(request).send(response, callback);
        return true;
    }

    private Answer answer(Request request) {
        return switch (Request.getPathInContext(request)) {
            case "/score" -> score(request);
            case "/metrics" -> get(request, () -> new Answer(HttpStatus.OK_200, PROMETHEUS_TEXT, registry.scrape()));
            case "/health/live" -> get(request, () -> Answer.json(HttpStatus.OK_200, new Health("live")));
            case "/health/ready" ->
                get(
                        request,
                        () -> ready.getAsBoolean()
                                ? Answer.json(HttpStatus.OK_200, new Health("ready"))
                                : Answer.json(HttpStatus.SERVICE_UNAVAILABLE_503, new Health("warming up")));
            default -> Answer.problem(HttpStatus.NOT_FOUND_404, "There is no such path.");
        };
    }

    private static Answer get(Request request, Supplier<Answer> answer) {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> answer.get();
            default -> Answer.methodNotAllowed("GET, HEAD");
        };
    }

    private Answer score(Request request) {
        if (!request.getMethod().equals("POST")) {
            return Answer.methodNotAllowed("POST");
        }
        if (!isJson(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
            return Answer.problem(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Expected a body of Content-Type application/json.");
        }
        byte[] body;
        try {
            body = Content.Source.asInputStream(request).readNBytes(MAX_BODY + 1);
        } catch (IOException e) {
            return Answer.problem(HttpStatus.REQUEST_TIMEOUT_408, "The body did not come in time.");
        }
        if (body.length > MAX_BODY) {
            return Answer.problem(
                    HttpStatus.PAYLOAD_TOO_LARGE_413, "Expected a body of " + MAX_BODY + " bytes at most.");
        }
        return scoring.answer(body);
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private record Health(String status) {}
}
