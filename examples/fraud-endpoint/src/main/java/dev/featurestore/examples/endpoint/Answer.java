package dev.featurestore.examples.endpoint;

import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What is sent back, whole. */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    Answer(int status, String contentType, String body) {
        this(status, contentType, body, Map.of());
    }

    static Answer json(int status, Record body) {
        return new Answer(status, JSON, Json.write(body));
    }

    /** An error, in the format of RFC 9457. */
    static Answer problem(int status, String detail) {
        return problem(new Problem(HttpStatus.getMessage(status), status, detail, null), Map.of());
    }

    static Answer methodNotAllowed(String allowed) {
        int status = HttpStatus.METHOD_NOT_ALLOWED_405;
        Problem problem = new Problem(HttpStatus.getMessage(status), status, "Expected " + allowed + ".", null);
        return problem(problem, Map.of("Allow", allowed));
    }

    /** The features did not come in time; the same request may pass later. */
    static Answer unavailable(Map<String, ScoreAnswer.Group> groups) {
        return unavailable("Some features did not come in time.", groups);
    }

    /** There are more payments than can be scored at once. */
    static Answer overloaded() {
        return unavailable("Too many payments at once.", null);
    }

    private static Answer unavailable(String detail, @Nullable Map<String, ScoreAnswer.Group> groups) {
        int status = HttpStatus.SERVICE_UNAVAILABLE_503;
        Problem problem = new Problem(HttpStatus.getMessage(status), status, detail, groups);
        return problem(problem, Map.of("Retry-After", "1"));
    }

    private static Answer problem(Problem problem, Map<String, String> headers) {
        return new Answer(problem.status(), "application/problem+json", Json.write(problem), headers);
    }

    void send(Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put("Content-Type", contentType);
        headers.forEach(response.getHeaders()::put);
        Content.Sink.write(response, true, body, callback);
    }

    /** @param groups what each group gave; null where none was asked */
    private record Problem(
            String title,
            int status,
            String detail,
            @Nullable Map<String, ScoreAnswer.Group> groups) {}
}
