package dev.featurestore.examples.quickstart;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.Score;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.view.FeatureVector;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Plays payments in the order of time: the endpoint scores each, then the stream job writes the card's new record. */
final class Simulation {
    private final ManualClock clock;
    private final FeatureGroupClient<FeatureRecord> cards;
    private final FeatureGroupClient<FeatureRecord> merchants;
    private final FeatureViewClient model;
    private final ServedLog served;
    private final Lag lag;
    private final PendingWrites writes;
    private final Map<String, CardHistory> cardHistories = new HashMap<>();
    private final NightlyJob nightly = new NightlyJob();

    private long fetches;
    private long fetchNanos;

    Simulation(FeatureStore store, ManualClock clock, ServedLog served, Lag lag) {
        this.clock = clock;
        this.cards = store.group(Fraud.CARDS);
        this.merchants = store.group(Fraud.MERCHANTS);
        this.model = store.view(Fraud.MODEL_V1);
        this.served = served;
        this.lag = lag;
        this.writes = new PendingWrites(clock);
    }

    /** Plays one payment, which is not earlier than those before. */
    void play(Payment payment) {
        Instant now = payment.time();
        nightly.runUntil(now, (record, midnight) -> writes.add(lag.batchArrival(midnight), merchants, record));
        writes.applyUntil(now);
        clock.set(now);

        FeatureVector vector = fetch(payment);
        served.append(payment, vector, Score.of(vector, payment.amount()));

        FeatureRecord record = cardHistories
                .computeIfAbsent(payment.cardId(), id -> new CardHistory())
                .add(payment);
        writes.add(lag.streamArrival(now), cards, record);
        nightly.add(payment);
    }

    private FeatureVector fetch(Payment payment) {
        Map<String, String> keys = Map.of("card_id", payment.cardId(), "merchant_id", payment.merchantId());
        long start = System.nanoTime();
        FeatureVector vector = model.fetch(keys);
        fetchNanos += System.nanoTime() - start;
        fetches++;
        return vector;
    }

    /** Lets everything arrive that is still under way. */
    void finish() {
        writes.applyAll();
    }

    Calls puts() {
        return new Calls(writes.applied(), writes.nanos());
    }

    Calls fetches() {
        return new Calls(fetches, fetchNanos);
    }

    /** How many calls there were and how long they took together. */
    record Calls(long count, long nanos) {
        double perSecond() {
            return nanos == 0 ? 0 : count / (nanos / 1e9);
        }
    }
}
