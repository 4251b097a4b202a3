package dev.featurestore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The features of cards and merchants against sums over all payments. */
class HistoryTest {
    private static final Instant START = Instant.parse("2025-03-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void cardFeaturesAreThoseOfAllPaymentsInTheWindow(long seed) {
        List<Payment> payments = payments(seed, 400);
        CardHistory history = new CardHistory();

        for (int i = 0; i < payments.size(); i++) {
            Payment payment = payments.get(i);
            List<Payment> known = payments.subList(0, i + 1);
            FeatureRecord record = history.add(payment);

            assertThat(record.eventTime()).isEqualTo(payment.time().plusNanos(1000));
            assertThat(record.getLong(Fraud.PAYMENTS_1M))
                    .isEqualTo(within(known, payment, Duration.ofMinutes(1)).size());
            assertThat(record.getLong(Fraud.PAYMENTS_1H))
                    .isEqualTo(within(known, payment, Duration.ofHours(1)).size());
            assertThat(record.getLong(Fraud.PAYMENTS_24H))
                    .isEqualTo(within(known, payment, Duration.ofDays(1)).size());
            List<Payment> week = within(known, payment, Duration.ofDays(7));
            assertThat(record.getDouble(Fraud.AMOUNT_SUM_24H))
                    .isEqualTo(sum(within(known, payment, Duration.ofDays(1))));
            assertThat(record.getDouble(Fraud.AMOUNT_SUM_7D)).isEqualTo(sum(week));
            assertThat(record.getDouble(Fraud.AMOUNT_MEAN_7D)).isEqualTo(sum(week) / week.size());
            List<Payment> before = within(payments.subList(0, i), payment, Duration.ofDays(7));
            if (before.isEmpty() || sum(before) == 0) {
                assertThat(record.has(Fraud.AMOUNT_RATIO_7D)).isFalse();
            } else {
                assertThat(record.getDouble(Fraud.AMOUNT_RATIO_7D))
                        .isEqualTo(payment.amount() / (sum(before) / before.size()));
            }
            assertThat(record.find(Fraud.SECONDS_SINCE_PREVIOUS).isPresent()).isEqualTo(i > 0);
            if (i > 0) {
                assertThat(record.getDouble(Fraud.SECONDS_SINCE_PREVIOUS))
                        .isEqualTo(Duration.between(payments.get(i - 1).time(), payment.time())
                                        .toNanos()
                                / 1e9);
            }
        }
    }

    @Test
    void cardThatOnlyPaidNothingHasNoRatio() {
        CardHistory history = new CardHistory();
        history.add(new Payment("1", START, "c", "m", 0));
        FeatureRecord record = history.add(new Payment("2", START.plusSeconds(1), "c", "m", 5));
        assertThat(record.has(Fraud.AMOUNT_RATIO_7D)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void merchantFeaturesAreThoseOfTheDaysBefore(long seed) {
        List<Payment> payments = payments(seed, 300);
        List<FeatureRecord> records = new ArrayList<>();
        NightlyJob job = new NightlyJob();
        for (Payment payment : payments) {
            job.runUntil(payment.time(), (record, midnight) -> {
                assertThat(record.eventTime()).isEqualTo(midnight).isBeforeOrEqualTo(payment.time());
                records.add(record);
            });
            job.add(payment);
        }

        assertThat(records).hasSizeGreaterThan(20);
        for (FeatureRecord record : records) {
            Instant midnight = record.eventTime();
            Predicate<Payment> ours = payment -> payment.merchantId().equals(record.get(Fraud.MERCHANT_ID));
            List<Payment> day =
                    payments.stream().filter(ours).filter(in(midnight, 1)).toList();
            assertThat(midnight).isEqualTo(midnight.truncatedTo(ChronoUnit.DAYS));
            assertThat(record.getLong(Fraud.MERCHANT_PAYMENTS_1D)).isEqualTo(day.size());
            assertThat(record.getLong(Fraud.MERCHANT_PAYMENTS_7D))
                    .isPositive()
                    .isEqualTo(payments.stream()
                            .filter(ours)
                            .filter(in(midnight, 7))
                            .count());
            assertThat(record.has(Fraud.MERCHANT_AMOUNT_MEAN_1D)).isEqualTo(!day.isEmpty());
            if (!day.isEmpty()) {
                assertThat(record.getDouble(Fraud.MERCHANT_AMOUNT_MEAN_1D)).isEqualTo(sum(day) / day.size());
                assertThat(record.getDouble(Fraud.MERCHANT_AMOUNT_MAX_1D))
                        .isEqualTo(
                                day.stream().mapToDouble(Payment::amount).max().orElseThrow());
            }
        }
    }

    private static Predicate<Payment> in(Instant midnight, int days) {
        return payment ->
                payment.time().isBefore(midnight) && !payment.time().isBefore(midnight.minus(days, ChronoUnit.DAYS));
    }

    /** Payments after {@code now - length}. */
    private static List<Payment> within(List<Payment> payments, Payment now, Duration length) {
        return payments.stream()
                .filter(payment -> payment.time().isAfter(now.time().minus(length)))
                .toList();
    }

    private static double sum(List<Payment> payments) {
        return payments.stream()
                        .mapToLong(payment -> Math.round(payment.amount() * 10_000))
                        .sum()
                / 10_000.0;
    }

    /** Some at one instant, some a day or a week apart to the microsecond, some worth nothing. */
    private static List<Payment> payments(long seed, int count) {
        Random random = new Random(seed);
        List<Duration> steps = List.of(
                Duration.ZERO,
                Duration.ofSeconds(7),
                Duration.ofSeconds(60),
                Duration.ofMinutes(20),
                Duration.ofHours(1),
                Duration.ofHours(5),
                Duration.ofDays(1));
        List<Payment> payments = new ArrayList<>();
        Instant time = START;
        for (int i = 0; i < count; i++) {
            Duration step = random.nextInt(100) == 0 ? Duration.ofDays(9) : steps.get(random.nextInt(steps.size()));
            time = time.plus(step).plusNanos(1000L * random.nextInt(2));
            double amount = random.nextInt(5) == 0 ? 0 : random.nextInt(1_000_000) / 100.0;
            payments.add(new Payment("t" + i, time, "c", "m" + random.nextInt(3), amount));
        }
        return payments;
    }
}
