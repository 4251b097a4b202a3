package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureViewTest {
    @Test
    void columnsAreInTheOrderOfTheCalls() {
        FeatureView view = FeatureView.named("v")
                .from(CARDS, select -> select.key("card").allFeatures())
                .from(
                        TRANSACTIONS,
                        select -> select.key("txn").features(MERCHANT, COUNT).features(AMOUNT))
                .build();

        assertThat(names(view)).containsExactly("average", "blocked", "merchant", "count_60s", "amount");
        assertThat(view.firstColumn(0)).isZero();
        assertThat(view.firstColumn(1)).isEqualTo(2);
        assertThat(view.firstColumn(2)).isEqualTo(5);
        assertThat(view.joinKeys()).containsExactly("card", "txn");
    }

    @Test
    void oneKeyMayFindTheRecordsOfSeveralSelections() {
        FeatureView view = FeatureView.named("v")
                .from(CARDS, select -> select.key("card").features(AVERAGE))
                .from(CARDS, select -> select.named("again").key("card").feature(AVERAGE, "average_again"))
                .build();

        assertThat(view.joinKeys()).containsExactly("card");
        assertThat(view.selections()).extracting(GroupSelection::name).containsExactly("cards", "again");
    }

    @Test
    void textTellsTheNameAndTheNumberOfColumns() {
        FeatureView view = of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT));

        assertThat(view).hasToString("feature view 'v' (1 columns)");
        assertThat(view.selections().get(0)).hasToString("transactions by txn (1 columns)");
    }

    @Nested
    class Names {
        @Test
        void anAliasReplacesTheFeaturesName() {
            FeatureView view = of(TRANSACTIONS, select -> select.key("txn").feature(AMOUNT, "spent"));

            assertThat(names(view)).containsExactly("spent");
            assertThat(view.columns().feature(0)).isEqualTo(AMOUNT);
        }

        @Test
        void aPrefixBeginsAllNamesAddedAfterIt() {
            FeatureView view = of(
                    TRANSACTIONS,
                    select -> select.key("txn")
                            .features(COUNT)
                            .prefix("txn_")
                            .features(AMOUNT)
                            .feature(MERCHANT, "shop")
                            .prefix("")
                            .feature(AMOUNT, "plain"));

            assertThat(names(view)).containsExactly("count_60s", "txn_amount", "txn_shop", "plain");
        }

        @Test
        void aPrefixTellsTwoSelectionsOfOneGroupApart() {
            FeatureView view = FeatureView.named("v")
                    .from(
                            CARDS,
                            select -> select.named("sender")
                                    .key("from")
                                    .prefix("from_")
                                    .allFeatures())
                    .from(
                            CARDS,
                            select -> select.named("receiver")
                                    .key("to")
                                    .prefix("to_")
                                    .allFeatures())
                    .build();

            assertThat(names(view)).containsExactly("from_average", "from_blocked", "to_average", "to_blocked");
        }

        @Test
        void columnsAndSelectionsAreFoundByName() {
            FeatureView view = of(CARDS, select -> select.key("card").feature(AVERAGE, "mean"));

            assertThat(view.columnIndex("mean")).isZero();
            assertThat(view.selectionIndex("cards")).isZero();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.columnIndex("average"))
                    .withMessage("Feature view 'v' has no column 'average'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.selectionIndex("shops"))
                    .withMessage("Feature view 'v' has no selection 'shops'");
        }
    }

    @Nested
    class AllFeatures {
        @Test
        void leaveOutIdentifierEventTimeAndProvenance() {
            assertThat(names(of(CARDS, select -> select.key("card").allFeatures())))
                    .containsExactly("average", "blocked");
        }

        @Test
        void areAllTheOthersOfAGroupWithoutProvenance() {
            assertThat(names(of(TRANSACTIONS, select -> select.key("txn").allFeatures())))
                    .containsExactly("amount", "count_60s", "merchant");
        }

        @Test
        void mayBeJoinedByWhatTheyLeaveOut() {
            FeatureView view = of(
                    CARDS,
                    select -> select.key("card").allFeatures().features(CARDS.recordIdentifier(), CARDS.eventTime()));

            assertThat(names(view)).containsExactly("average", "blocked", "card_id", "updated_at");
        }
    }

    @Nested
    class Defaults {
        @Test
        void areThoseOfTheConstantGiven() {
            FeatureView view = of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT.withDefault(-1.0), COUNT));

            FeatureVector vector = FeatureVector.builder(view, NOON).absent(0).build();

            assertThat(vector.toDoubleArray()).containsExactly(-1.0, 0.0);
        }

        @Test
        void ofTheConstantReplaceThoseOfTheGroup() {
            FeatureView view = of(TRANSACTIONS, select -> select.key("txn").features(COUNT.withDefault(7L)));

            assertThat(FeatureVector.builder(view, NOON).absent(0).build().find(COUNT))
                    .contains(7L);
        }

        @Test
        void ofTheGroupAreTakenByAllFeatures() {
            FeatureView view = of(TRANSACTIONS, select -> select.key("txn").allFeatures());

            FeatureVector vector = FeatureVector.builder(view, NOON).absent(0).build();

            assertThat(vector.find(COUNT)).contains(0L);
            assertThat(vector.find(AMOUNT)).isEmpty();
        }
    }

    @Nested
    class MaxAge {
        @Test
        void isThatOfTheSelection() {
            FeatureView view =
                    of(CARDS, select -> select.key("card").features(AVERAGE).maxAge(Duration.ofNanos(1)));

            assertThat(view.selections().get(0).maxAge()).contains(Duration.ofNanos(1));
        }

        @Test
        void isUnlimitedUnlessSet() {
            FeatureView view = of(CARDS, select -> select.key("card").features(AVERAGE));

            assertThat(view.selections().get(0).maxAge()).isEmpty();
        }
    }

    private static FeatureView of(FeatureGroup<FeatureRecord> group, Consumer<GroupSelection.Builder> select) {
        return FeatureView.named("v").from(group, select).build();
    }

    private static List<String> names(FeatureView view) {
        FeatureColumns columns = view.columns();
        return IntStream.range(0, columns.size()).mapToObj(columns::name).toList();
    }
}
