package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.CARD_TTL;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.view.GroupResult.Status.EXPIRED;
import static dev.featurestore.view.GroupResult.Status.FOUND;
import static dev.featurestore.view.GroupResult.Status.TOO_OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GroupSelectionTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final GroupSelection unlimited = FeatureView.named("v")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))
            .build()
            .selections()
            .get(0);

    private final GroupSelection anHour = FeatureView.named("v")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT).maxAge(HOUR))
            .build()
            .selections()
            .get(0);

    private final GroupSelection withTtl = FeatureView.named("v")
            .from(CARDS, select -> select.key("card").features(AVERAGE).maxAge(Duration.ofDays(30)))
            .build()
            .selections()
            .get(0);

    @Test
    void anyAgeWillDoWithoutLimits() {
        assertThat(unlimited.statusAt(Instant.MIN, null, NOON)).isEqualTo(FOUND);
        assertThat(unlimited.statusAt(Instant.MAX, null, NOON)).isEqualTo(FOUND);
    }

    @Nested
    class MaxAge {
        @Test
        void isInclusiveToTheNanosecond() {
            assertThat(anHour.statusAt(NOON.minus(HOUR), null, NOON)).isEqualTo(FOUND);
            assertThat(anHour.statusAt(NOON.minus(HOUR).minusNanos(1), null, NOON))
                    .isEqualTo(TOO_OLD);
            assertThat(anHour.statusAt(NOON.minus(HOUR).plusNanos(1), null, NOON))
                    .isEqualTo(FOUND);
        }

        @Test
        void doesNotKeepOutALaterEventTime() {
            assertThat(anHour.statusAt(NOON, null, NOON)).isEqualTo(FOUND);
            assertThat(anHour.statusAt(NOON.plusNanos(1), null, NOON)).isEqualTo(FOUND);
            assertThat(anHour.statusAt(NOON.plus(Duration.ofDays(9)), null, NOON))
                    .isEqualTo(FOUND);
        }

        @Test
        void isJudgedForTheOldestAndTheNewestTimes() {
            assertThat(anHour.statusAt(Instant.MIN, null, Instant.MAX)).isEqualTo(TOO_OLD);
            assertThat(anHour.statusAt(Instant.MAX, null, Instant.MIN)).isEqualTo(FOUND);
        }
    }

    @Nested
    class TimeToLive {
        @Test
        void isOverAtTheInstantOfExpiry() {
            Instant written = NOON.minus(CARD_TTL);

            assertThat(withTtl.statusAt(written, null, NOON)).isEqualTo(EXPIRED);
            assertThat(withTtl.statusAt(written, null, NOON.minusNanos(1))).isEqualTo(TOO_OLD);
        }

        @Test
        void goesBeforeTheMaximumAge() {
            assertThat(withTtl.statusAt(NOON.minus(CARD_TTL).minusNanos(1), null, NOON))
                    .isEqualTo(EXPIRED);
        }

        @Test
        void ofTheStoreReplacesTheGroupsWhenShorter() {
            assertThat(withTtl.statusAt(NOON.minus(HOUR), NOON, NOON)).isEqualTo(EXPIRED);
            assertThat(withTtl.statusAt(NOON.minus(HOUR), NOON.plusNanos(1), NOON))
                    .isEqualTo(FOUND);
        }

        @Test
        void thatAStoreTellsInWholeSecondsHasTheFractionOfTheEventTime() {
            Instant written = NOON.minus(HOUR).plusMillis(250);

            assertThat(withTtl.statusAt(written, NOON, NOON.plusMillis(249))).isEqualTo(FOUND);
            assertThat(withTtl.statusAt(written, NOON, NOON.plusMillis(250))).isEqualTo(EXPIRED);
        }

        @Test
        void ofTheStoreReplacesTheGroupsWhenLonger() {
            Instant written = NOON.minus(CARD_TTL);

            assertThat(withTtl.statusAt(written, NOON.plusNanos(1), NOON)).isEqualTo(TOO_OLD);
        }

        @Test
        void ofTheStoreCountsForAGroupThatHasNone() {
            assertThat(unlimited.statusAt(NOON.minus(HOUR), NOON, NOON)).isEqualTo(EXPIRED);
        }

        @Test
        void ofTheStoreMayEndBeforeALaterEventTime() {
            assertThat(unlimited.statusAt(NOON.plus(HOUR), NOON, NOON)).isEqualTo(EXPIRED);
        }

        @Test
        void countsFromALaterEventTime() {
            assertThat(withTtl.statusAt(NOON.plus(HOUR), null, NOON)).isEqualTo(FOUND);
        }
    }
}
