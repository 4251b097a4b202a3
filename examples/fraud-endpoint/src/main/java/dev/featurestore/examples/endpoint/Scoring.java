package dev.featurestore.examples.endpoint;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.FetchOptions.OnFailure;
import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import dev.featurestore.examples.endpoint.Scored.Outcome;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.Score;
import dev.featurestore.micrometer.MicrometerFetchListener;
import dev.featurestore.view.FeatureVector;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores payments: fetches the model's vector within the deadline, and asks the model. Safe for use by many threads. */
final class Scoring {
    private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);

    private final FeatureViewClient model;

    private final Duration deadline;

    private final WhenIncomplete whenIncomplete;

    Scoring(FeatureStore store, EndpointSettings settings, MeterRegistry registry) {
        OnFailure onFailure =
                settings.whenIncomplete() == WhenIncomplete.DEFAULTS ? OnFailure.DEFAULTS : OnFailure.PARTIAL;
        this.model = store.view(
                Fraud.MODEL_V1,
                FetchOptions.defaults()
                        .withOnFailure(onFailure)
                        .withListener(new MicrometerFetchListener(registry))
                        .withServingLog(settings.servingLog()));
        this.deadline = settings.deadline();
        this.whenIncomplete = settings.whenIncomplete();
    }

    FeatureViewClient model() {
        return model;
    }

    /** The answer to a request with this body. */
    Scored score(byte[] body) {
        try {
            ScoreRequest request = ScoreRequest.parse(body);
            FeatureVector vector = model.fetch(request.keys(), deadline);
            return new Scored(outcome(vector), answer(request, vector));
        } catch (BadRequestException e) {
            return new Scored(Outcome.BAD_REQUEST, Answer.problem(HttpStatus.BAD_REQUEST_400, e.detail()));
        } catch (RuntimeException e) {
            LOG.error("A payment was not scored", e);
            int status = HttpStatus.INTERNAL_SERVER_ERROR_500;
            return new Scored(Outcome.ERROR, Answer.problem(status, HttpStatus.getMessage(status) + "."));
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
        FeatureVector vector = FeatureVector.builder(Fraud.MODEL_V1, Instant.EPOCH)
                .absent(0)
                .absent(1)
                .build();
        for (int i = 0; i < times; i++) {
            answer(ScoreRequest.parse(body), vector);
        }
    }
}
