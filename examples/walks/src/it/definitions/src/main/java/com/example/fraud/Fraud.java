package com.example.fraud;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Instant;

/** What the Lambda function writes, the endpoint serves and the training job learns from. */
public final class Fraud {
    public static final Feature<String> CARD_ID = Feature.string("card_id");
    public static final Feature<Instant> EVENT_TIME = Feature.eventTime("event_time");
    public static final Feature<Long> PAYMENTS_1H = Feature.integral("payments_1h").withDefault(0L);
    public static final Feature<Double> AMOUNT_1H = Feature.fractional("amount_1h").withDefault(0.0);

    public static final Feature<Instant> WRITTEN_AT = Feature.instant("written_at");

    public static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card_features_v1")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TIME)
            .features(PAYMENTS_1H, AMOUNT_1H)
            .onlineStore(online -> online.ttl(Duration.ofDays(90)))
            .offlineStore(offline -> offline.s3Uri("s3://fraud-features/offline"))
            .roleArn("arn:aws:iam::123456789012:role/features")
            .stampArrivalTime(WRITTEN_AT)
            .build();

    public static final FeatureView MODEL = FeatureView.named("fraud_model_v1")
            .from(CARDS, select -> select.key("card_id").allFeatures().maxAge(Duration.ofDays(30)))
            .build();

    private Fraud() {}
}
