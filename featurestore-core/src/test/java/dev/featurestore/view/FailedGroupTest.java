package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.view.GroupResult.Status;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A group that failed never looks like one without a record. */
class FailedGroupTest {
    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(CARDS, select -> select.key("card").features(AVERAGE.withDefault(-1.0)))
            .build();

    private final FeatureStoreException failure = new ThrottledException("Slow down");

    private final FeatureVector vector = FeatureVector.builder(VIEW, NOON)
            .latest(0, transaction("t", NOON, 12.5), null)
            .failed(1, failure)
            .build();

    record Amount(double amount) {}

    @TestFactory
    Stream<DynamicTest> readingWhatItShouldHaveGivenThrowsItsFailure() {
        Map<String, ThrowingCallable> reads = Map.of(
                "has", () -> vector.has("average"),
                "find by name", () -> vector.find("average"),
                "find by feature", () -> vector.find(AVERAGE),
                "toDouble", () -> vector.toDouble("average"),
                "toDoubleArray", vector::toDoubleArray,
                "toFloatArray", vector::toFloatArray,
                "values", vector::values,
                "to", () -> vector.to(VIEW.reader(Amount.class, MethodHandles.lookup())));
        return reads.entrySet().stream()
                .map(read -> DynamicTest.dynamicTest(
                        read.getKey(),
                        () -> assertThat(catchThrowable(read.getValue())).isSameAs(failure)));
    }

    @Test
    void otherGroupsColumnsAreReadAsEver() {
        assertThat(vector.find(AMOUNT)).contains(12.5);
        assertThat(vector.find("amount")).contains(12.5);
        assertThat(vector.toDouble("count_60s")).isZero();
        assertThat(vector.has("amount")).isTrue();
    }

    @Test
    void theResultTellsWhichAndWhy() {
        assertThat(vector.isComplete()).isFalse();
        assertThat(vector.result("cards"))
                .isEqualTo(new GroupResult("cards", Status.FAILED, null, failure, Duration.ZERO));
        assertThat(vector.results()).extracting(GroupResult::status).containsExactly(Status.FOUND, Status.FAILED);
        assertThat(vector).hasToString("feature view 'fraud' (3 columns), transactions FOUND, cards FAILED");
    }

    @Test
    void theFirstOfSeveralFailuresStandsForTheWholeVector() {
        FeatureStoreException second = new StoreUnavailableException("Gone");
        FeatureVector both = FeatureVector.builder(VIEW, NOON)
                .failed(1, second)
                .failed(0, failure)
                .build();

        assertThat(catchThrowable(both::values)).isSameAs(failure);
        assertThat(catchThrowable(() -> both.toDouble("average"))).isSameAs(second);
    }

    @Test
    void equalityDoesNotLookAtTheFailureItself() {
        FeatureVector other = FeatureVector.builder(VIEW, NOON)
                .latest(0, transaction("t", NOON, 12.5), null)
                .failed(1, new StoreUnavailableException("Gone"))
                .build();

        assertThat(vector).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(vector)
                .isNotEqualTo(FeatureVector.builder(VIEW, NOON)
                        .latest(0, transaction("t", NOON, 12.5), null)
                        .absent(1)
                        .build());
    }

    @Test
    void aResultHasAFailureIfAndOnlyIfItFailed() {
        for (Status status : List.of(Status.FOUND, Status.ABSENT, Status.EXPIRED, Status.TOO_OLD)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GroupResult("cards", status, null, failure, Duration.ZERO))
                    .withMessage("A failure goes with status FAILED and no other, got " + status);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupResult("cards", Status.FAILED, null, null, Duration.ZERO))
                .withMessage("A failure goes with status FAILED and no other, got FAILED");
    }
}
