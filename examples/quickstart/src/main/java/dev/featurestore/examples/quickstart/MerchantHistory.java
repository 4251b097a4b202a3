package dev.featurestore.examples.quickstart;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What the nightly job knows of one merchant: the day that runs, and how many payments each of the 7 days before had. */
final class MerchantHistory {
    private static final int DAYS = 7;

    private final Deque<Long> countsOfDays = new ArrayDeque<>();

    private long paymentsOfWeek;
    private long payments;
    private long units;
    private double max;

    /** Adds a payment of the day that runs. */
    void add(Payment payment) {
        payments++;
        units += Math.round(payment.amount() * RollingWindow.UNITS);
        max = Math.max(max, payment.amount());
    }

    /**
     * Ends the day that runs.
     *
     * @return the record of that day and the 6 before; empty if they had no payments
     */
    Optional<FeatureRecord> endDay(String merchantId, Instant midnight) {
        countsOfDays.addLast(payments);
        paymentsOfWeek += payments;
        if (countsOfDays.size() > DAYS) {
            paymentsOfWeek -= countsOfDays.removeFirst();
        }
        Optional<FeatureRecord> record =
                paymentsOfWeek == 0 ? Optional.empty() : Optional.of(record(merchantId, midnight));
        payments = 0;
        units = 0;
        max = 0;
        return record;
    }

    private FeatureRecord record(String merchantId, Instant midnight) {
        FeatureRecord.Builder record = Fraud.MERCHANTS
                .newRecord()
                .set(Fraud.MERCHANT_ID, merchantId)
                .set(Fraud.EVENT_TS, midnight)
                .setLong(Fraud.MERCHANT_PAYMENTS_1D, payments)
                .setLong(Fraud.MERCHANT_PAYMENTS_7D, paymentsOfWeek);
        if (payments > 0) {
            record.setDouble(Fraud.MERCHANT_AMOUNT_MEAN_1D, units / RollingWindow.UNITS / payments);
            record.setDouble(Fraud.MERCHANT_AMOUNT_MAX_1D, max);
        }
        return record.build();
    }
}
