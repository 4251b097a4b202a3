package dev.featurestore.examples.endpoint;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.FetchOptions.OnFailure;
import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.Score;
import dev.featurestore.micrometer.MicrometerFetchListener;
import dev.featurestore.view.FeatureVector;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;

/** Scores payments: fetches the model's vector within the deadline, and asks the model. Safe for use by many threads. */
final class Scoring {
    private final FeatureViewClient model;

    private final Duration deadline;

    private final WhenIncomplete whenIncomplete;

    private final MeterProvider<Timer> timers;

    private enum Outcome {
        COMPLETE,
        DEFAULTS,
        REFUSED,
        BAD_REQUEST,
        ERROR
    }

    Scoring(FeatureStore store, EndpointSettings settings, MeterRegistry registry) {
        OnFailure onFailure =
                settings.whenIncomplete() == WhenIncomplete.DEFAULTS ? OnFailure.DEFAULTS : OnFailure.PARTIAL;
        this.model = store.view(
                Fraud.MODEL_V1,
                FetchOptions.defaults()
                        .onFailure(onFailure)
                        .listener(new MicrometerFetchListener(registry))
                        .servingLog(settings.servingLog()));
        this.deadline = settings.deadline();
        this.whenIncomplete = settings.whenIncomplete();
        this.timers = Timer.builder("fraud.score")
                .description("From the body of a request to its answer")
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50))
                .withRegistry(registry);
    }

    FeatureViewClient model() {
        return model;
    }

    /** The answer to a request with this body. */
    Answer answer(byte[] body) {
        long begun = System.nanoTime();
        Outcome outcome = Outcome.ERROR;
        try {
            ScoreRequest request = ScoreRequest.parse(body);
            FeatureVector vector = model.fetch(request.keys(), deadline);
            outcome = outcome(vector);
            return answer(request, vector);
        } catch (BadRequestException e) {
            outcome = Outcome.BAD_REQUEST;
            return Answer.problem(HttpStatus.BAD_REQUEST_400, e.detail());
        } finally {
            timers.withTag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    private Outcome outcome(FeatureVector vector) {
        if (vector.isComplete()) {
            return Outcome.COMPLETE;
        }
        return whenIncomplete == WhenIncomplete.DEFAULTS ? Outcome.DEFAULTS : Outcome.REFUSED;
    }

    private Answer answer(ScoreRequest request, FeatureVector vector) {
        return outcome(vector) == Outcome.REFUSED
                ? Answer.unavailable(ScoreAnswer.groups(vector))
                : Answer.json(HttpStatus.OK_200, ScoreAnswer.of(Score.of(vector, request.amount()), vector));
    }

    /** Reads and answers a payment of a card without history, not counted: all but the fetch is compiled then. */
    void rehearse(int times) {
        byte[] body =
                "{\"card_id\": \"any\", \"merchant_id\": \"any\", \"amount\": 1}".getBytes(StandardCharsets.UTF_8);
        FeatureVector vector =
                Fraud.MODEL_V1.newVector(Instant.EPOCH).absent(0).absent(1).build();
        for (int i = 0; i < times; i++) {
            answer(ScoreRequest.parse(body), vector);
        }
    }
}
