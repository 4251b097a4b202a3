package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.BLOCKED;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.FeatureName;
import dev.featurestore.schema.RecordReader;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Vectors as Java records. */
class VectorRecordTest {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT, MERCHANT))
            .from(
                    CARDS,
                    select -> select.key("card").feature(AVERAGE, "cardAverage").features(BLOCKED))
            .build();

    private static final FeatureVector VECTOR = FeatureVector.builder(VIEW, NOON)
            .latest(0, transaction("t", NOON, 12.5), null)
            .absent(1)
            .build();

    record Whole(
            double amount,
            @FeatureName("count_60s") long count,
            @Nullable String merchant,
            @FeatureName("cardAverage") @Nullable Double average,
            @Nullable Boolean blocked) {}

    record Part(
            @Nullable Boolean blocked,
            @FeatureName("count_60s") Long inTheLastMinute) {}

    record Primitive(boolean blocked) {}

    record Wrong(String amount, int merchant, long missing, short blocked) {}

    @Test
    void componentsAreFilledByNameWithNullForWhatIsMissing() {
        assertThat(VECTOR.to(VIEW.reader(Whole.class, LOOKUP))).isEqualTo(new Whole(12.5, 0, null, null, null));
    }

    @Test
    void aRecordMayLeaveColumnsOutAndOrderThemAsItLikes() {
        assertThat(VECTOR.to(VIEW.reader(Part.class, LOOKUP))).isEqualTo(new Part(null, 0L));
    }

    @Test
    void aPrimitiveNeedsAValue() {
        RecordReader<Primitive> reader = VIEW.reader(Primitive.class, LOOKUP);

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> VECTOR.to(reader))
                .withMessage(
                        "Column 'blocked' of feature view 'fraud' has no value, and component 'blocked' of Primitive is"
                                + " a primitive: make it a boxed type, or give the feature a default");
    }

    @Test
    void allComponentsThatDoNotFitAreNamed() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> VIEW.reader(Wrong.class, LOOKUP))
                .withMessage("Record class Wrong for feature view 'fraud' is not valid, 4 problems:"
                        + "\n  - component 'amount' is of type String, but column 'amount' holds Double"
                        + "\n  - component 'merchant' is of type int, but column 'merchant' holds String"
                        + "\n  - component 'missing' stands for 'missing', of which there is no column"
                        + "\n  - component 'blocked' is of type short, but column 'blocked' holds Boolean");
    }

    @Test
    void theReaderOfAnotherViewIsRefused() {
        FeatureView other = FeatureView.named("other")
                .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
                .from(CARDS, select -> select.key("card").features(BLOCKED))
                .build();
        RecordReader<Part> reader = other.reader(Part.class, LOOKUP);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> VECTOR.to(reader))
                .withMessage("The row is of feature view 'fraud' (5 columns), the reader of feature view 'other' (3"
                        + " columns)");
    }

    @Test
    void whatTheRecordsOwnConstructorRefusesIsNotQuoted() {
        RecordReader<Picky> reader = VIEW.reader(Picky.class, LOOKUP);

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> VECTOR.to(reader))
                .withMessage("The constructor of Picky refused the values of feature view 'fraud' with"
                        + " IllegalArgumentException")
                .withNoCause();
    }

    record Picky(double amount) {
        Picky {
            throw new IllegalArgumentException("not " + amount);
        }
    }

    @Test
    void aClassTheLookupCannotSeeIsRefused() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> VIEW.reader(Part.class, MethodHandles.publicLookup()))
                .withMessageContaining("is not accessible: make it public, or pass MethodHandles.lookup()");
    }
}
