package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.BLOCKED;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.TRANSACTION_ID;
import static dev.featurestore.Fraud.card;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.view.GroupResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureVectorTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(
                    CARDS,
                    select -> select.key("card")
                            .features(AVERAGE.withDefault(-1.0), BLOCKED)
                            .maxAge(DAY))
            .build();

    private static final FeatureRecord TRANSACTION = transaction("t", NOON, 12.5);

    @Nested
    class Defaults {
        @Test
        void standInForAMissingValueOfAFoundRecord() {
            FeatureVector vector = vector(card(1, NOON, 3.0));

            assertThat(vector.find(COUNT)).contains(0L);
            assertThat(vector.find(AMOUNT)).contains(12.5);
            assertThat(vector.result("transactions").status()).isEqualTo(Status.FOUND);
        }

        @Test
        void standInForAnAbsentRecord() {
            FeatureVector vector = FeatureVector.builder(VIEW, NOON)
                    .latest(0, TRANSACTION, null)
                    .absent(1)
                    .build();

            assertThat(vector.toDouble("average")).isEqualTo(-1.0);
            assertThat(vector.result("cards")).isEqualTo(GroupResult.absent("cards"));
            assertThat(vector.isComplete()).isTrue();
        }

        @Test
        void standInForARecordThatIsTooOld() {
            Instant time = NOON.minus(DAY).minusNanos(1);

            FeatureVector vector = vector(card(1, time, 3.0));

            assertThat(vector.toDouble("average")).isEqualTo(-1.0);
            assertThat(vector.result("cards"))
                    .isEqualTo(new GroupResult("cards", Status.TOO_OLD, time, null, Duration.ZERO));
        }

        @Test
        void standInForAnExpiredRecord() {
            FeatureVector vector = FeatureVector.builder(VIEW, NOON)
                    .latest(0, TRANSACTION, null)
                    .latest(1, card(1, NOON, 3.0), NOON)
                    .build();

            assertThat(vector.toDouble("average")).isEqualTo(-1.0);
            assertThat(vector.result("cards"))
                    .isEqualTo(new GroupResult("cards", Status.EXPIRED, NOON, null, Duration.ZERO));
        }

        @Test
        void doNotReplaceAValueOfARecordJustYoungEnough() {
            FeatureVector vector = vector(card(1, NOON.minus(DAY), 3.0));

            assertThat(vector.toDouble("average")).isEqualTo(3.0);
            assertThat(vector.result("cards").status()).isEqualTo(Status.FOUND);
        }

        @Test
        void areNotTakenFromTheRecordThatIsTooOld() {
            FeatureVector vector = vector(CARDS.newRecord()
                    .set(CARDS.feature("card_id", Long.class), 1L)
                    .set(CARDS.eventTime(), NOON.minus(DAY.multipliedBy(2)))
                    .set(BLOCKED, true)
                    .build());

            assertThat(vector.find(BLOCKED)).isEmpty();
        }
    }

    @Nested
    class MissingValues {
        private final FeatureVector vector =
                FeatureVector.builder(VIEW, NOON).absent(0).absent(1).build();

        @Test
        void areNaNAmongDoubles() {
            assertThat(vector.toDoubleArray()).containsExactly(Double.NaN, 0.0, -1.0, Double.NaN);
            assertThat(vector.toFloatArray()).containsExactly(Float.NaN, 0.0f, -1.0f, Float.NaN);
            assertThat(vector.toDouble("amount")).isNaN();
        }

        @Test
        void areEmptyAmongTypedValues() {
            assertThat(vector.find(AMOUNT)).isEmpty();
            assertThat(vector.find("amount")).isEmpty();
            assertThat(vector.has("amount")).isFalse();
            assertThat(vector.has("average")).isTrue();
        }
    }

    @Nested
    class Reading {
        @Test
        void columnsGiveTheirFeaturesJavaType() {
            FeatureVector vector = vector(CARDS.newRecord()
                    .set(CARDS.feature("card_id", Long.class), 1L)
                    .set(CARDS.eventTime(), NOON)
                    .set(BLOCKED, true)
                    .build());

            assertThat(vector.find("blocked")).contains(true);
            assertThat(vector.find(BLOCKED)).contains(true);
            assertThat(vector.toDouble("blocked")).isEqualTo(1.0);
            assertThat(vector.values().get(3)).isEqualTo(true);
        }

        @Test
        void textIsNoNumber() {
            FeatureView view = FeatureView.named("shops")
                    .from(TRANSACTIONS, select -> select.key("txn").features(MERCHANT))
                    .build();
            FeatureVector vector = FeatureVector.builder(view, NOON).absent(0).build();

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(vector::toDoubleArray)
                    .withMessage("Column 'merchant' of feature view 'shops' is string, not a number: select a numeric"
                            + " feature for the model, or read it by its name");
            assertThatExceptionOfType(RecordMappingException.class).isThrownBy(() -> vector.toDouble("merchant"));
        }

        @Test
        void unknownColumnsFeaturesAndSelectionsAreRefused() {
            FeatureVector vector = vector(card(1, NOON, 3.0));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.find("merchant"))
                    .withMessage("Feature view 'fraud' has no column 'merchant'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.find(MERCHANT))
                    .withMessage("Feature view 'fraud' has no feature 'merchant'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.result("shops"))
                    .withMessage("Feature view 'fraud' has no selection 'shops'");
        }

        @Test
        void aFeatureUnderTwoNamesIsReadByName() {
            FeatureView view = FeatureView.named("pair")
                    .from(CARDS, select -> select.named("a").key("a").feature(AVERAGE, "a"))
                    .from(CARDS, select -> select.named("b").key("b").feature(AVERAGE, "b"))
                    .build();
            FeatureVector vector = FeatureVector.builder(view, NOON)
                    .latest(0, card(1, NOON, 1.0), null)
                    .latest(1, card(2, NOON, 2.0), null)
                    .build();

            assertThat(vector.toDouble("b")).isEqualTo(2.0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.find(AVERAGE))
                    .withMessage("Feature view 'pair' has feature 'average' twice: read it by the name of its column");
        }
    }

    @Nested
    class Building {
        @Test
        void needsEverySelection() {
            assertThatIllegalStateException()
                    .isThrownBy(FeatureVector.builder(VIEW, NOON).absent(0)::build)
                    .withMessage("Selection 'cards' of feature view 'fraud' (4 columns) was not given");
        }

        @Test
        void takesEachSelectionOnce() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> FeatureVector.builder(VIEW, NOON)
                            .latest(0, TRANSACTION, null)
                            .absent(0))
                    .withMessage("Selection 'transactions' of feature view 'fraud' (4 columns) is given twice");
        }

        @Test
        void refusesARecordWithoutEventTime() {
            FeatureValues.Builder values = FeatureValues.builder(TRANSACTIONS.columns());
            values.set(TRANSACTIONS.columns().indexOf(TRANSACTION_ID), "t");
            FeatureRecord record = FeatureRecord.ofStored(TRANSACTIONS, values.build());

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> FeatureVector.builder(VIEW, NOON).latest(0, record, null))
                    .withMessage("Column 'event_ts' of feature group 'transactions' has no value: ask with find or has"
                            + " first, or give the feature a default");
        }

        @Test
        void refusesARecordOfAnotherGroup() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureVector.builder(VIEW, NOON).latest(0, card(1, NOON, 1.0), null));
        }
    }

    @Nested
    class Equality {
        @Test
        void isOfViewTimeValuesAndResults() {
            FeatureVector vector = vector(card(1, NOON, 3.0));

            assertThat(vector).isEqualTo(vector(card(2, NOON, 3.0))).hasSameHashCodeAs(vector(card(2, NOON, 3.0)));
            assertThat(vector).isNotEqualTo(vector(card(1, NOON, 4.0)));
            assertThat(vector).isNotEqualTo(vector(card(1, NOON.minusNanos(1), 3.0)));
            assertThat(vector)
                    .isNotEqualTo(FeatureVector.builder(VIEW, NOON.plusNanos(1))
                            .latest(0, TRANSACTION, null)
                            .latest(1, card(1, NOON, 3.0), null)
                            .build());
        }

        @Test
        void tellsADefaultFromTheSameValue() {
            assertThat(vector(card(1, NOON, -1.0)))
                    .isNotEqualTo(FeatureVector.builder(VIEW, NOON)
                            .latest(0, TRANSACTION, null)
                            .absent(1)
                            .build());
        }

        @Test
        void ofAVectorPutTogetherElsewhere() {
            FeatureVector vector = vector(card(1, NOON, 3.0));

            assertThat(FeatureVector.of(VIEW, NOON, vector.values(), vector.results()))
                    .isEqualTo(vector);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureVector.of(VIEW, NOON, vector.values(), List.of()))
                    .withMessageContaining("0 group results are not those of feature view 'fraud'");
            List<GroupResult> swapped =
                    List.of(vector.results().get(1), vector.results().get(0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureVector.of(VIEW, NOON, vector.values(), swapped))
                    .withMessage("Group result 0 is not one of selection 'transactions' that did not fail");
        }
    }

    @Test
    void textTellsWhatEachGroupGave() {
        FeatureVector vector = FeatureVector.builder(VIEW, NOON)
                .latest(0, TRANSACTION, null)
                .absent(1)
                .build();

        assertThat(vector).hasToString("feature view 'fraud' (4 columns), transactions FOUND, cards ABSENT");
    }

    private static FeatureVector vector(FeatureRecord card) {
        return FeatureVector.builder(VIEW, NOON)
                .latest(0, TRANSACTION, null)
                .latest(1, card, null)
                .build();
    }
}
