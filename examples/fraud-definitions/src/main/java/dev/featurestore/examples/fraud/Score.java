package dev.featurestore.examples.fraud;

import dev.featurestore.view.FeatureVector;

/** A stand-in for a model: any function of the vector will do. */
public final class Score {
    private Score() {}

    /** Between 0 and 1. */
    public static double of(FeatureVector vector, double amount) {
        double merchantMean = vector.find(Fraud.MERCHANT_AMOUNT_MEAN_1D).orElse(amount);
        double surprise = Math.log1p(amount) - Math.log1p(merchantMean);
        double haste = vector.toDouble("payments_1m") + 0.2 * vector.toDouble("payments_1h");
        return 1 / (1 + Math.exp(4 - haste - surprise));
    }
}
