package dev.featurestore.examples.fraud;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Instant;

/** All that the writers, the endpoint and the training job have in common: two groups, and the model's view of them. */
public final class Fraud {
    public static final Feature<String> CARD_ID = Feature.string("card_id");
    public static final Feature<String> MERCHANT_ID = Feature.string("merchant_id");
    public static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");

    /** Stamped on every put, so that history tells exactly when a record could be served, and that it was. */
    public static final Feature<Instant> ARRIVED_AT = Feature.instant("arrived_at");

    public static final Feature<String> WRITE_ORIGIN = Feature.string("write_origin");

    /** Lets the service write history; AWS and the emulator want it, the store in memory does not. */
    private static final String ROLE = "arn:aws:iam::000000000000:role/feature-store";

    // per card, as of just after its latest payment
    public static final Feature<Long> PAYMENTS_1M =
            Feature.integral("payments_1m").withDefault(0L);
    public static final Feature<Long> PAYMENTS_1H =
            Feature.integral("payments_1h").withDefault(0L);
    public static final Feature<Long> PAYMENTS_24H =
            Feature.integral("payments_24h").withDefault(0L);
    public static final Feature<Double> AMOUNT_SUM_24H =
            Feature.fractional("amount_sum_24h").withDefault(0.0);
    public static final Feature<Double> AMOUNT_SUM_7D =
            Feature.fractional("amount_sum_7d").withDefault(0.0);
    public static final Feature<Double> AMOUNT_MEAN_7D = Feature.fractional("amount_mean_7d");

    /** The latest amount to the mean of the 7 days before it; none without payments in those days. */
    public static final Feature<Double> AMOUNT_RATIO_7D = Feature.fractional("amount_ratio_7d");

    public static final Feature<Double> SECONDS_SINCE_PREVIOUS = Feature.fractional("seconds_since_previous");

    // per merchant, as of midnight
    public static final Feature<Long> MERCHANT_PAYMENTS_1D =
            Feature.integral("merchant_payments_1d").withDefault(0L);
    public static final Feature<Long> MERCHANT_PAYMENTS_7D =
            Feature.integral("merchant_payments_7d").withDefault(0L);
    public static final Feature<Double> MERCHANT_AMOUNT_MEAN_1D = Feature.fractional("merchant_amount_mean_1d");
    public static final Feature<Double> MERCHANT_AMOUNT_MAX_1D = Feature.fractional("merchant_amount_max_1d");

    /** Written by the stream for each payment. A card that did not pay for 14 days counts as new. */
    public static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("fraud_cards_v1")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TS)
            .features(
                    PAYMENTS_1M,
                    PAYMENTS_1H,
                    PAYMENTS_24H,
                    AMOUNT_SUM_24H,
                    AMOUNT_SUM_7D,
                    AMOUNT_MEAN_7D,
                    AMOUNT_RATIO_7D,
                    SECONDS_SINCE_PREVIOUS)
            .stampArrivalTime(ARRIVED_AT)
            .stampWriteOrigin(WRITE_ORIGIN)
            .onlineStore(online -> online.ttl(Duration.ofDays(14)))
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .roleArn(ROLE)
            .build();

    /** Written by a batch job some hours after each midnight. */
    public static final FeatureGroup<FeatureRecord> MERCHANTS = FeatureGroup.named("fraud_merchants_v1")
            .recordIdentifier(MERCHANT_ID)
            .eventTime(EVENT_TS)
            .features(MERCHANT_PAYMENTS_1D, MERCHANT_PAYMENTS_7D, MERCHANT_AMOUNT_MEAN_1D, MERCHANT_AMOUNT_MAX_1D)
            .stampArrivalTime(ARRIVED_AT)
            .stampWriteOrigin(WRITE_ORIGIN)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .roleArn(ROLE)
            .build();

    /** The names of the view's two selections. */
    public static final String CARD = "card";

    public static final String MERCHANT = "merchant";

    public static final FeatureView MODEL_V1 = FeatureView.named("fraud_model_v1")
            .from(CARDS, select -> select.named(CARD).key("card_id").allFeatures())
            .from(
                    MERCHANTS,
                    select -> select.named(MERCHANT)
                            .key("merchant_id")
                            .allFeatures()
                            .maxAge(Duration.ofDays(3)))
            .build();

    private Fraud() {}
}
