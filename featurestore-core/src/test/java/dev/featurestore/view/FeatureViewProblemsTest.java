package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureViewProblemsTest {
    @Test
    void anUnknownFeatureIsNamed() {
        assertProblem(
                select -> select.key("txn").features(AVERAGE),
                "selection 'transactions': Feature 'average' is not in feature group 'transactions'");
    }

    @Test
    void aConstantOfAnotherTypeIsRefused() {
        assertProblem(
                select -> select.key("txn").features(AMOUNT, Feature.integer("count_60s")),
                "selection 'transactions': Feature 'count_60s' is integral in feature group 'transactions', not integer:"
                        + " use the constant the definition was made with");
    }

    @Test
    void aFeatureTakenTwiceNeedsAnAlias() {
        assertProblem(
                select -> select.key("txn").features(AMOUNT, AMOUNT),
                "column 'amount' is given by selection 'transactions' and by selection 'transactions': give one of them an"
                        + " alias or prefix");
    }

    @Test
    void columnsThatDifferOnlyInCaseClash() {
        assertProblems(
                FeatureView.named("v")
                        .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))
                        .from(CARDS, select -> select.key("card").feature(AVERAGE, "AMOUNT")),
                "column 'AMOUNT' is given by selection 'transactions' and by selection 'cards': give one of them an alias"
                        + " or prefix");
    }

    @Test
    void aSelectionNeedsAKey() {
        assertProblem(select -> select.features(AMOUNT), "selection 'transactions' has no key: call key(name)");
        assertProblem(
                select -> select.key(" ").features(AMOUNT), "selection 'transactions' has no key: call key(name)");
    }

    @Test
    void aSelectionNeedsFeatures() {
        assertProblem(
                select -> select.key("txn"), "selection 'transactions' has no features: call features or allFeatures");
    }

    @Test
    void keyAndMaximumAgeAreSetOnce() {
        assertProblem(
                select -> select.key("txn").key("other").features(AMOUNT),
                "selection 'transactions': key is set twice");
        assertProblem(
                select -> select.key("txn")
                        .features(AMOUNT)
                        .maxAge(Duration.ofDays(1))
                        .maxAge(Duration.ofDays(2)),
                "selection 'transactions': maxAge is set twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S"})
    void aMaximumAgeIsPositive(String age) {
        assertProblem(
                select -> select.key("txn").features(AMOUNT).maxAge(Duration.parse(age)),
                "selection 'transactions' has a maximum age of " + age + ", expected a positive one");
    }

    @Test
    void aGroupTakenTwiceNeedsAName() {
        assertProblems(
                FeatureView.named("v")
                        .from(
                                CARDS,
                                select -> select.key("from").prefix("from_").features(AVERAGE))
                        .from(CARDS, select -> select.key("to").prefix("to_").features(AVERAGE)),
                "two selections are named 'cards': name one with named(name) where a group is taken twice");
    }

    @Test
    void aKeyIsOfOneType() {
        assertProblems(
                FeatureView.named("v")
                        .from(TRANSACTIONS, select -> select.key("id").features(AMOUNT))
                        .from(CARDS, select -> select.key("id").features(AVERAGE)),
                "key 'id' is string for selection 'transactions' and integral for selection 'cards'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__fs_row", "__FS_row", "", "  "})
    void blankNamesAndTheLibrarysOwnAreRefused(String alias) {
        assertProblem(
                select -> select.key("txn").feature(AMOUNT, alias),
                "column '" + alias
                        + "' of selection 'transactions' has a blank name, or one beginning with '__fs_', which"
                        + " the library uses itself");
    }

    @Test
    void aSelectionHasAName() {
        assertProblem(select -> select.named(" ").key("txn").features(AMOUNT), "a selection has a blank name");
    }

    @Test
    void aViewNeedsAGroup() {
        assertProblems(FeatureView.named("v"), "it has no group: call from(group, selection)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t"})
    void aViewNeedsAName(String name) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(FeatureView.named(name)
                        .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))::build)
                .withMessage("Feature view '" + name + "' is not valid: it has no name");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        FeatureView.Builder view = FeatureView.named(" ")
                .from(TRANSACTIONS, select -> select.features(AVERAGE, COUNT).maxAge(Duration.ZERO))
                .from(TRANSACTIONS, select -> select.key("txn").feature(AMOUNT, "Count_60s"));

        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(view::build)
                .withMessage("Feature view ' ' is not valid, 6 problems:"
                        + "\n  - selection 'transactions': Feature 'average' is not in feature group 'transactions'"
                        + "\n  - selection 'transactions' has no key: call key(name)"
                        + "\n  - selection 'transactions' has a maximum age of PT0S, expected a positive one"
                        + "\n  - it has no name"
                        + "\n  - two selections are named 'transactions': name one with named(name) where a group is taken"
                        + " twice"
                        + "\n  - column 'Count_60s' is given by selection 'transactions' and by selection 'transactions':"
                        + " give one of them an alias or prefix")
                .satisfies(e -> assertThat(e.problems()).hasSize(6));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a null checker may pass
    void nullsAreRefusedWhereTheyAreGiven() {
        assertThatNullPointerException().isThrownBy(() -> FeatureView.named(null));
        assertThatNullPointerException().isThrownBy(() -> build(select -> select.feature(AMOUNT, null)));
        assertThatNullPointerException().isThrownBy(() -> build(select -> select.key(null)));
        assertThatNullPointerException().isThrownBy(() -> build(select -> select.named(null)));
        assertThatNullPointerException().isThrownBy(() -> build(select -> select.prefix(null)));
        assertThatNullPointerException().isThrownBy(() -> build(select -> select.maxAge(null)));
    }

    private static void build(Consumer<GroupSelection.Builder> select) {
        FeatureView.named("v").from(TRANSACTIONS, select).build();
    }

    private static void assertProblem(Consumer<GroupSelection.Builder> select, String problem) {
        assertProblems(FeatureView.named("v").from(TRANSACTIONS, select), problem);
    }

    private static void assertProblems(FeatureView.Builder view, String problem) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(view::build)
                .withMessage("Feature view 'v' is not valid: " + problem);
    }
}
