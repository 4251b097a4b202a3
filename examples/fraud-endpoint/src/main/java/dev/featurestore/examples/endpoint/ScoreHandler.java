package dev.featurestore.examples.endpoint;

import dev.featurestore.examples.endpoint.Scored.Outcome;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** Requests to score: has a thread only once the body is there, and scores no more payments at once than it was told. */
final class ScoreHandler extends Handler.Abstract {
    private static final int MAX_BODY = 16 * 1024;

    private static final int MAX_IGNORED = 1024 * 1024;

    private static final Scored TOO_BIG =
            bad(Answer.problem(HttpStatus.PAYLOAD_TOO_LARGE_413, "Expected a body of " + MAX_BODY + " bytes at most."));

    private final Scoring scoring;

    private final Semaphore free;

    private final MeterProvider<Timer> timers;

    ScoreHandler(Scoring scoring, int paymentsAtOnce, MeterRegistry registry) {
        this.scoring = scoring;
        this.free = new Semaphore(paymentsAtOnce);
        this.timers = Timer.builder("fraud.score")
                .description("From the arrival of a request to its answer")
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50))
                .withRegistry(registry);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!request.getMethod().equals("POST")) {
            send(bad(Answer.methodNotAllowed("POST")), request, response, callback);
        } else if (!isJson(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
            Answer answer = Answer.problem(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Expected a body of Content-Type application/json.");
            send(bad(answer), request, response, callback);
        } else if (request.getLength() > MAX_BODY) {
            refuseTooBig(request, response, callback);
        } else {
            Content.Source.asByteArrayAsync(
                    request,
                    MAX_BODY,
                    Promise.Invocable.<byte[]>from(
                            InvocationType.BLOCKING,
                            body -> send(score(body), request, response, callback),
                            failure -> send(withoutBody(failure), request, response, callback)));
        }
        return true;
    }

    /**
     * After the body, up to a limit: a connection that is closed while a caller still sends may be gone before it reads the
     * answer.
     */
    private void refuseTooBig(Request request, Response response, Callback callback) {
        if (request.getLength() > MAX_IGNORED) {
            send(TOO_BIG, request, response, callback);
        } else {
            Content.Source.consumeAll(
                    request,
                    Callback.from(
                            () -> send(TOO_BIG, request, response, callback),
                            failure -> send(withoutBody(failure), request, response, callback)));
        }
    }

    private Scored score(byte[] body) {
        if (!free.tryAcquire()) {
            return new Scored(Outcome.OVERLOADED, Answer.overloaded());
        }
        try {
            return scoring.score(body);
        } finally {
            free.release();
        }
    }

    private static Scored withoutBody(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new Scored(
                    Outcome.TIMEOUT, Answer.problem(HttpStatus.REQUEST_TIMEOUT_408, "The body did not come in time."));
        }
        // the server's way to say that there is more than was asked for
        return failure instanceof IllegalStateException
                ? TOO_BIG
                : bad(Answer.problem(HttpStatus.BAD_REQUEST_400, "The body could not be read to its end."));
    }

    private static Scored bad(Answer answer) {
        return new Scored(Outcome.BAD_REQUEST, answer);
    }

    private void send(Scored scored, Request request, Response response, Callback callback) {
        timers.withTag("outcome", scored.outcome().name().toLowerCase(Locale.ROOT))
                .record(System.nanoTime() - request.getBeginNanoTime(), TimeUnit.NANOSECONDS);
        scored.answer().send(response, callback);
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }
}
