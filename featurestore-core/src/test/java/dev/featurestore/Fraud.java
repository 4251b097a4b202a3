package dev.featurestore;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;

/** Two groups, one keyed by text and one by a number, that the tests of several packages use. */
public final class Fraud {
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    public static final Feature<String> TRANSACTION_ID = Feature.string("transaction_id");
    public static final Feature<Instant> TRANSACTION_TIME = Feature.eventTime("event_ts");
    public static final Feature<Double> AMOUNT = Feature.fractional("amount");
    public static final Feature<Long> COUNT =
            Feature.integral("count_60s").withDefault(0L).withDescription("Transactions in the last minute");
    public static final Feature<String> MERCHANT = Feature.string("merchant");

    /** No time to live. */
    public static final FeatureGroup<FeatureRecord> TRANSACTIONS = FeatureGroup.named("transactions")
            .recordIdentifier(TRANSACTION_ID)
            .eventTime(TRANSACTION_TIME)
            .features(AMOUNT, COUNT, MERCHANT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline").table("features", "transactions"))
            .build();

    public static final Feature<Long> CARD_ID = Feature.integral("card_id");
    public static final Feature<Instant> CARD_TIME = Feature.eventTime("updated_at");
    public static final Feature<Double> AVERAGE = Feature.fractional("average");
    public static final Feature<Boolean> BLOCKED = Feature.bool("blocked");
    public static final Feature<Instant> ARRIVED_AT = Feature.instant("arrived_at");
    public static final Feature<String> ORIGIN = Feature.string("origin");
    public static final Duration CARD_TTL = Duration.ofDays(90);

    /** With a time to live and both provenance features. */
    public static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD_ID)
            .eventTime(CARD_TIME)
            .features(AVERAGE, BLOCKED)
            .stampArrivalTime(ARRIVED_AT)
            .stampWriteOrigin(ORIGIN)
            .onlineStore(online -> online.ttl(CARD_TTL))
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private Fraud() {}

    public static FeatureRecord transaction(String id, Instant time, double amount) {
        return TRANSACTIONS
                .newRecord()
                .set(TRANSACTION_ID, id)
                .set(TRANSACTION_TIME, time)
                .set(AMOUNT, amount)
                .build();
    }

    public static FeatureRecord card(long id, Instant time, double average) {
        return CARDS.newRecord()
                .set(CARD_ID, id)
                .set(CARD_TIME, time)
                .set(AVERAGE, average)
                .build();
    }
}
