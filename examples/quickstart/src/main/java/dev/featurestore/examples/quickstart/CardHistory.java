package dev.featurestore.examples.quickstart;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the stream job remembers of one card, and the feature record it makes of it after each payment. */
final class CardHistory {
    /**
     * A record becomes true just after its payment. With the payment's own time, a label at that time would join the record
     * that the payment itself led to, by event time.
     */
    static final Duration JUST_AFTER = Duration.ofNanos(1_000);

    private final RollingWindow minute = new RollingWindow(Duration.ofMinutes(1));
    private final RollingWindow hour = new RollingWindow(Duration.ofHours(1));
    private final RollingWindow day = new RollingWindow(Duration.ofDays(1));
    private final RollingWindow week = new RollingWindow(Duration.ofDays(7));
    private @Nullable Instant previous;

    /** The record after a payment, which is not earlier than those before. */
    FeatureRecord add(Payment payment) {
        Instant now = payment.time();
        week.moveTo(now);
        double meanBefore = week.mean();
        for (RollingWindow window : new RollingWindow[] {minute, hour, day, week}) {
            window.moveTo(now);
            window.add(now, payment.amount());
        }
        FeatureRecord.Builder record = Fraud.CARDS
                .newRecord()
                .set(Fraud.CARD_ID, payment.cardId())
                .set(Fraud.EVENT_TS, now.plus(JUST_AFTER))
                .setLong(Fraud.PAYMENTS_1M, minute.count())
                .setLong(Fraud.PAYMENTS_1H, hour.count())
                .setLong(Fraud.PAYMENTS_24H, day.count())
                .setDouble(Fraud.AMOUNT_SUM_24H, day.sum())
                .setDouble(Fraud.AMOUNT_SUM_7D, week.sum())
                .setDouble(Fraud.AMOUNT_MEAN_7D, week.mean());
        if (meanBefore > 0) {
            record.setDouble(Fraud.AMOUNT_RATIO_7D, payment.amount() / meanBefore);
        }
        if (previous != null) {
            record.setDouble(
                    Fraud.SECONDS_SINCE_PREVIOUS,
                    Duration.between(previous, now).toNanos() / 1e9);
        }
        previous = now;
        return record.build();
    }
}
