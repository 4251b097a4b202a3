package dev.featurestore.examples.endpoint;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Made-up cards and merchants, the same each time but for their event times. */
final class SampleData {
    static final int CARDS = 1_000;

    static final int MERCHANTS = 100;

    private SampleData() {}

    /** Such as {@code card-000001}. */
    static String card(int number) {
        return String.format(Locale.ROOT, "card-%06d", number);
    }

    /** Such as {@code shop-00001}. */
    static String merchant(int number) {
        return String.format(Locale.ROOT, "shop-%05d", number);
    }

    /** The keys of a vector that is there. */
    static Map<String, String> keys() {
        return Map.of("card_id", card(0), "merchant_id", merchant(0));
    }

    /** Creates the groups, and writes a record of each card and merchant, none of them older than a day. */
    static void fill(FeatureStore store, Instant now) {
        Random random = new Random(1);
        store.admin().apply(Fraud.CARDS);
        FeatureGroupClient<FeatureRecord> cards = store.group(Fraud.CARDS);
        for (int card = 0; card < CARDS; card++) {
            long payments = 1L + random.nextInt(5);
            double mean = 10 + random.nextInt(9000) / 100.0;
            cards.put(Fraud.CARDS
                    .newRecord()
                    .set(Fraud.CARD_ID, card(card))
                    .set(Fraud.EVENT_TS, now.minusSeconds(random.nextInt(86_400)))
                    .setLong(Fraud.PAYMENTS_1M, 1)
                    .setLong(Fraud.PAYMENTS_1H, payments)
                    .setLong(Fraud.PAYMENTS_24H, payments)
                    .setDouble(Fraud.AMOUNT_SUM_24H, payments * mean)
                    .setDouble(Fraud.AMOUNT_SUM_7D, payments * mean)
                    .setDouble(Fraud.AMOUNT_MEAN_7D, mean)
                    .build());
        }
        store.admin().apply(Fraud.MERCHANTS);
        FeatureGroupClient<FeatureRecord> merchants = store.group(Fraud.MERCHANTS);
        for (int merchant = 0; merchant < MERCHANTS; merchant++) {
            long payments = 10L + random.nextInt(500);
            merchants.put(Fraud.MERCHANTS
                    .newRecord()
                    .set(Fraud.MERCHANT_ID, merchant(merchant))
                    .set(Fraud.EVENT_TS, now.minus(Duration.ofHours(random.nextInt(24))))
                    .setLong(Fraud.MERCHANT_PAYMENTS_1D, payments)
                    .setLong(Fraud.MERCHANT_PAYMENTS_7D, 7 * payments)
                    .setDouble(Fraud.MERCHANT_AMOUNT_MEAN_1D, 10 + random.nextInt(9000) / 100.0)
                    .setDouble(Fraud.MERCHANT_AMOUNT_MAX_1D, 100 + random.nextInt(90_000) / 100.0)
                    .build());
        }
    }
}
