package dev.featurestore.examples.quickstart;

import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The batch job: after each UTC midnight, the statistics of every merchant for the day that ended. */
final class NightlyJob {
    /** Sorted, so that a run can be repeated. */
    private final Map<String, MerchantHistory> merchants = new TreeMap<>();

    private @Nullable LocalDate today;

    /** Adds a payment of the day that {@link #runUntil} came to. */
    void add(Payment payment) {
        merchants
                .computeIfAbsent(payment.merchantId(), id -> new MerchantHistory())
                .add(payment);
    }

    /** Runs the job for each midnight up to a time, and hands out its records with their midnight. */
    void runUntil(Instant now, BiConsumer<FeatureRecord, Instant> records) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate running = today == null ? day : today;
        // a merchant without payments in a week leaves, so a long pause soon has nothing to do
        while (running.isBefore(day) && !merchants.isEmpty()) {
            running = running.plusDays(1);
            Instant midnight = running.atStartOfDay(ZoneOffset.UTC).toInstant();
            merchants.entrySet().removeIf(merchant -> !endDay(merchant, midnight, records));
        }
        today = day;
    }

    private static boolean endDay(
            Map.Entry<String, MerchantHistory> merchant, Instant midnight, BiConsumer<FeatureRecord, Instant> records) {
        var record = merchant.getValue().endDay(merchant.getKey(), midnight);
        record.ifPresent(some -> records.accept(some, midnight));
        return record.isPresent();
    }
}
