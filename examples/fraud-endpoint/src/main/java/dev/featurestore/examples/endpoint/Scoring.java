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
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;

/** Scores payments: fetches the model's vector within the deadline, and asks the model. Safe for use by many threads. */
final class Scoring {
    private final FeatureViewClient model;

    private final Duration deadline;

    private final WhenIncomplete whenIncomplete;

    private final MeterRegistry registry;

    Scoring(FeatureStore store, EndpointSettings settings, MeterRegistry registry) {
        OnFailure onFailure =
                settings.whenIncomplete() == WhenIncomplete.DEFAULTS ? OnFailure.DEFAULTS : OnFailure.PARTIAL;
        this.model = store.view(
                Fraud.MODEL_V1,
                FetchOptions.defaults().onFailure(onFailure).listener(new MicrometerFetchListener(registry)));
        this.deadline = settings.deadline();
        this.whenIncomplete = settings.whenIncomplete();
        this.registry = registry;
    }

    FeatureViewClient model() {
        return model;
    }

    /** The answer to a request with this body. */
    Answer answer(byte[] body) {
        Timer.Sample sample = Timer.start(registry);
        String outcome = "error";
        try {
            ScoreRequest request = ScoreRequest.parse(body);
            FeatureVector vector = model.fetch(request.keys(), deadline);
            if (vector.isComplete() || whenIncomplete == WhenIncomplete.DEFAULTS) {
                outcome = vector.isComplete() ? "complete" : "defaults";
                return Answer.json(HttpStatus.OK_200, ScoreAnswer.of(Score.of(vector, request.amount()), vector));
            }
            outcome = "refused";
            return Answer.unavailable(ScoreAnswer.groups(vector));
        } catch (BadRequestException e) {
            outcome = "bad_request";
            return Answer.problem(HttpStatus.BAD_REQUEST_400, e.detail());
        } finally {
            sample.stop(timer(outcome));
        }
    }

    private Timer timer(String outcome) {
        return Timer.builder("fraud.score")
                .description("From the body of a request to its answer")
                .tag("outcome", outcome)
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50))
                .register(registry);
    }
}
