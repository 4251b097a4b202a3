package com.example.fraud.endpoint;

import com.example.fraud.Fraud;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.view.FeatureVector;
import java.time.Duration;
import java.util.Map;

/** Scores a card within the endpoint's deadline; a store that is slow makes it score with the defaults. */
public final class Scorer {
    private static final Duration DEADLINE = Duration.ofMillis(10);

    private final FeatureViewClient model;

    private final Duration deadline;

    /** On AWS. */
    public Scorer() {
        this(AwsFeatureStore.builder().build(), DEADLINE);
    }

    Scorer(FeatureStore store, Duration deadline) {
        this.model = store.view(Fraud.MODEL, FetchOptions.defaults().withOnFailure(FetchOptions.OnFailure.DEFAULTS));
        this.deadline = deadline;
    }

    /** Opens connections and compiles the path, before the first request. */
    public void warmUp(String card) {
        model.warmUp(Map.of("card_id", card), 100);
    }

    /** A score from 0 to 1, and whether the store was in time. */
    public Score score(String card) {
        FeatureVector vector = model.fetch(Map.of("card_id", card), deadline);
        double sum = 0;
        for (double value : vector.toDoubleArray()) {
            sum += value;
        }
        return new Score(sum / (1 + sum), vector.isComplete());
    }

    /** What the model says of a card. */
    public record Score(double risk, boolean complete) {}
}
