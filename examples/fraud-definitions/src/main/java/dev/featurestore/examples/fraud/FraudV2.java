package dev.featurestore.examples.fraud;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.time.Duration;

/**
 * The next release of {@link Fraud}: the cards get one more feature, and the next model sees it. As a rule that is a change of
 * the one file; here both releases stand side by side, so that an example can go from the one to the other.
 */
public final class FraudV2 {
    /** The highest amount of the card's payments in 24 hours, the latest one included. */
    public static final Feature<Double> AMOUNT_MAX_24H = Feature.fractional("amount_max_24h");

    /** The same group: a feature can be added to one that is deployed. */
    public static final FeatureGroup<FeatureRecord> CARDS =
            Fraud.CARDS.toBuilder().features(AMOUNT_MAX_24H).build();

    public static final FeatureView MODEL_V2 = FeatureView.named("fraud_model_v2")
            .from(CARDS, select -> select.named(Fraud.CARD).key("card_id").allFeatures())
            .from(
                    Fraud.MERCHANTS,
                    select -> select.named(Fraud.MERCHANT)
                            .key("merchant_id")
                            .allFeatures()
                            .maxAge(Duration.ofDays(3)))
            .build();

    private FraudV2() {}
}
