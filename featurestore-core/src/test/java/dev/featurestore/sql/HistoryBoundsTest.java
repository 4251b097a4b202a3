package dev.featurestore.sql;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds on the stored times: event times are text of any precision, compared as text. */
class HistoryBoundsTest {
    private static final Duration AGE = Duration.ofHours(1);

    /** Of the last label, at {@code 12:00:10}. */
    private static final String ARRIVAL = "api_invocation_time <= TIMESTAMP '2026-03-01 12:00:11'";

    private static final FeatureView AGED = FeatureView.named("v")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT).maxAge(AGE))
            .build();

    private static List<String> bounds(TrainingSet set) {
        return new HistoryBounds(
                        AthenaDialect.GRAMMAR, set, set.view().selections().get(0))
                .conditions();
    }

    private static TrainingSet labels(FeatureView view, PointInTime rule) {
        return TrainingSet.of(view, Spine.table("labels"))
                .withPointInTime(rule)
                .labelsBetween(NOON, NOON.plusSeconds(10));
    }

    @Test
    void textOfAnyPrecisionIsOnTheSideOfItsTime() {
        TrainingSet set = labels(AGED, PointInTime.eventTime());
        List<String> bounds = bounds(set);
        String lower = text(bounds.get(0));
        String upper = text(bounds.get(1));
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            Instant edge = random.nextBoolean() ? NOON.minus(AGE) : NOON.plusSeconds(10);
            int digits = random.nextInt(10);
            long unit = (long) Math.pow(10, 9 - digits);
            Instant time = edge.plusSeconds(random.nextInt(4) - 2).plusNanos(random.nextInt((int) (1e9 / unit)) * unit);
            String stored = written(time, digits);

            if (!time.isBefore(NOON.minus(AGE))) {
                assertThat(stored).isGreaterThanOrEqualTo(lower);
            }
            if (!time.isAfter(NOON.plusSeconds(10))) {
                assertThat(stored).isLessThanOrEqualTo(upper);
            }
            if (time.isBefore(NOON.minus(AGE).minusSeconds(1))) {
                assertThat(stored).isLessThan(lower);
            }
            if (time.isAfter(NOON.plusSeconds(11))) {
                assertThat(stored).isGreaterThan(upper);
            }
        }
    }

    private static String text(String condition) {
        return condition.substring(condition.indexOf('\'') + 1, condition.length() - 1);
    }

    private static String written(Instant time, int digits) {
        String nine = Feature.instant("any").codec().encode(time);
        return digits == 0 ? nine.substring(0, 19) + "Z" : nine.substring(0, 20 + digits) + "Z";
    }

    @Test
    void withoutALimitOfAgeThereIsNoLowerBound() {
        FeatureView view = FeatureView.named("v")
                .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))
                .build();

        assertThat(bounds(labels(view, PointInTime.eventTime())))
                .containsExactly("\"event_ts\" <= '2026-03-01T12:00:10Z'");
        assertThat(bounds(labels(view, PointInTime.asServed()))).containsExactly(ARRIVAL);
    }

    @Test
    void whatWasServedMayHaveBeenAheadOfTheClockButHadArrived() {
        assertThat(bounds(labels(AGED, PointInTime.asServed())))
                .containsExactly("\"event_ts\" >= '2026-03-01T11:00:00'", ARRIVAL);
    }

    @Test
    void aStampMayTellAnArrivalThatTheServiceDoesNot() {
        FeatureGroup<FeatureRecord> group = FeatureGroup.named("stamped")
                .recordIdentifier(Feature.string("id"))
                .eventTime(Feature.eventTime("t"))
                .features(AMOUNT)
                .stampArrivalTime(Feature.instant("arrived_at"))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .build();
        FeatureView view = FeatureView.named("v")
                .from(group, select -> select.key("k").features(AMOUNT))
                .build();

        assertThat(bounds(labels(view, PointInTime.asServed())))
                .containsExactly("(" + ARRIVAL + " OR api_invocation_time IS NULL)");
    }

    @Test
    void sparksTimestampsHaveAZoneSinceItsSessionsAreOfAny() {
        TrainingSet set = labels(AGED, PointInTime.asServed());

        assertThat(new HistoryBounds(
                                SparkDialect.GRAMMAR,
                                set,
                                set.view().selections().get(0))
                        .conditions())
                .contains("api_invocation_time <= TIMESTAMP '2026-03-01T12:00:11Z'");
    }

    @Test
    void theShorterOfMaximumAgeAndTimeToLiveCounts() {
        FeatureView view = FeatureView.named("v")
                .from(CARDS, select -> select.key("card").features(AVERAGE).maxAge(Duration.ofDays(900)))
                .build();

        assertThat(bounds(labels(view, PointInTime.asServed())))
                .containsExactly(
                        "\"updated_at\" >= '2025-12-01T12:00:00'", "(" + ARRIVAL + " OR api_invocation_time IS NULL)");
    }

    @Test
    void labelsInMemoryBoundTheirHistoryThemselves() {
        Spine spine = Spine.rows(
                List.of(SpineRow.of(NOON.plusSeconds(5), Map.of("txn", "a")), SpineRow.of(NOON, Map.of("txn", "b"))));

        assertThat(bounds(TrainingSet.of(AGED, spine).withPointInTime(PointInTime.eventTime())))
                .containsExactly("\"event_ts\" >= '2026-03-01T11:00:00'", "\"event_ts\" <= '2026-03-01T12:00:05Z'");
    }

    @Test
    void labelsOfUnknownTimeBoundNothing() {
        assertThat(bounds(TrainingSet.of(AGED, Spine.table("labels")).withPointInTime(PointInTime.eventTime())))
                .isEmpty();
        assertThat(bounds(TrainingSet.of(AGED, Spine.table("labels"))
                        .withPointInTime(PointInTime.eventTime())
                        .labelsBetween(Instant.MIN, Instant.MAX)))
                .isEmpty();
    }

    @Test
    void numbersAreBoundedByWholeSeconds() {
        FeatureGroup<FeatureRecord> group = FeatureGroup.named("fractional")
                .recordIdentifier(Feature.string("id"))
                .eventTime(Feature.eventTime("t", EventTimeFormat.epochSeconds(3)))
                .features(AMOUNT)
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .build();
        FeatureView view = FeatureView.named("v")
                .from(group, select -> select.key("k").features(AMOUNT).maxAge(AGE))
                .build();

        assertThat(bounds(labels(view, PointInTime.eventTime())))
                .as("a second more on each side, since a number is rounded to its microsecond")
                .containsExactly("\"t\" >= CAST('1772362799' AS DOUBLE)", "\"t\" <= CAST('1772366411' AS DOUBLE)");
    }
}
