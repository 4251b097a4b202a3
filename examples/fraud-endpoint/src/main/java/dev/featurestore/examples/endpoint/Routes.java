package dev.featurestore.examples.endpoint;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Which request is answered by what. */
final class Routes extends Handler.Abstract {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final ScoreHandler score;

    private final PrometheusMeterRegistry registry;

    private final BooleanSupplier ready;

    Routes(ScoreHandler score, PrometheusMeterRegistry registry, BooleanSupplier ready) {
        this.score = score;
        this.registry = registry;
        this.ready = ready;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (Request.getPathInContext(request).equals("/score")) {
            return score.handle(request, response, callback);
        }
        answer(request).send(response, callback);
        return true;
    }

    private Answer answer(Request request) {
        return switch (Request.getPathInContext(request)) {
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

    private record Health(String status) {}
}
