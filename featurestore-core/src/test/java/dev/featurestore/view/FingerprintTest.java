package dev.featurestore.view;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.BLOCKED;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.FingerprintMismatchException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(
                    CARDS,
                    select -> select.key("card")
                            .prefix("card_")
                            .features(AVERAGE.withDefault(-1.0), BLOCKED)
                            .maxAge(Duration.ofDays(30)))
            .build();

    /** Models are stamped with this: a change here makes every one of them refuse its view. */
    @Test
    void isStableAcrossReleases() {
        assertThat(VIEW.fingerprint()).isEqualTo("26304070f127b8db79e7d64bf4bab1853c391919fee4dddc1314b6c213e2f1e3");
    }

    @Nested
    class ChangesWith {
        private final FeatureView base =
                of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT));

        @Test
        void columnNames() {
            assertOther(of(
                    TRANSACTIONS,
                    select -> select.key("txn").feature(AMOUNT, "spent").features(COUNT)));
        }

        @Test
        void theOrderOfColumns() {
            assertOther(of(TRANSACTIONS, select -> select.key("txn").features(COUNT, AMOUNT)));
        }

        @Test
        void featuresUnderTheSameNames() {
            assertThat(swapped(AMOUNT, AVERAGE).fingerprint())
                    .isNotEqualTo(swapped(AVERAGE, AMOUNT).fingerprint());
        }

        @Test
        void types() {
            assertOther(of(
                    group("transactions", Feature.string("amount")),
                    select -> select.key("txn").allFeatures()));
        }

        @Test
        void codecsOfOneType() {
            assertOther(of(
                    group("transactions", Feature.float32("amount")),
                    select -> select.key("txn").allFeatures()));
        }

        @Test
        void defaults() {
            assertOther(of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT.withDefault(0.0), COUNT)));
            assertOther(of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT.withDefault(1L))));
        }

        @Test
        void theSignOfAZeroDefault() {
            assertThat(of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT.withDefault(0.0)))
                            .fingerprint())
                    .isNotEqualTo(of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT.withDefault(-0.0)))
                            .fingerprint());
        }

        @Test
        void maximumAges() {
            String anHour = aged(Duration.ofHours(1)).fingerprint();

            assertThat(anHour)
                    .isNotEqualTo(base.fingerprint())
                    .isNotEqualTo(aged(Duration.ofHours(1).plusNanos(1)).fingerprint())
                    .isEqualTo(aged(Duration.ofMinutes(60)).fingerprint());
        }

        @Test
        void keys() {
            assertOther(of(TRANSACTIONS, select -> select.key("id").features(AMOUNT, COUNT)));
        }

        @Test
        void groupNames() {
            assertOther(
                    of(group("purchases", AMOUNT), select -> select.key("txn").features(AMOUNT, COUNT)));
        }

        private void assertOther(FeatureView view) {
            assertThat(view.fingerprint()).isNotEqualTo(base.fingerprint());
        }

        private FeatureView aged(Duration age) {
            return of(
                    TRANSACTIONS,
                    select -> select.key("txn").features(AMOUNT, COUNT).maxAge(age));
        }

        private FeatureView swapped(Feature<?> first, Feature<?> second) {
            return of(
                    group("transactions", AMOUNT, AVERAGE),
                    select -> select.key("txn").feature(first, "x").feature(second, "y"));
        }
    }

    @Nested
    class DoesNotChangeWith {
        @Test
        void theNameOfTheViewAndOfSelections() {
            FeatureView renamed = FeatureView.named("other")
                    .from(
                            TRANSACTIONS,
                            select -> select.named("first").key("txn").features(AMOUNT, COUNT))
                    .from(
                            CARDS,
                            select -> select.named("second")
                                    .key("card")
                                    .features()
                                    .feature(AVERAGE.withDefault(-1.0), "card_average")
                                    .feature(BLOCKED, "card_blocked")
                                    .maxAge(Duration.parse("PT720H")))
                    .build();

            assertThat(renamed.fingerprint()).isEqualTo(VIEW.fingerprint());
        }

        @Test
        void descriptionsRequirednessAndSettingsOfTheStores() {
            FeatureGroup<FeatureRecord> group = group(
                    "transactions", AMOUNT.withDescription("What was paid").required());

            assertThat(of(
                                    group,
                                    select -> select.key("txn")
                                            .features(AMOUNT.withDescription("In euros"), COUNT.withDescription("")))
                            .fingerprint())
                    .isEqualTo(of(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
                            .fingerprint());
        }
    }

    @Nested
    class Mismatches {
        @Test
        void areRefusedByTheViewAndByItsVectors() {
            assertThatExceptionOfType(FingerprintMismatchException.class)
                    .isThrownBy(() -> VIEW.requireFingerprint("abc"))
                    .withMessage(
                            "Feature view 'fraud' has fingerprint " + VIEW.fingerprint() + ", expected abc: the model"
                                    + " was trained on another version of the view; deploy the two together");
            FeatureVector vector =
                    FeatureVector.builder(VIEW, NOON).absent(0).absent(1).build();
            assertThatExceptionOfType(FingerprintMismatchException.class)
                    .isThrownBy(() -> vector.requireFingerprint("abc"))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }

        @Test
        void areNotSeenInTheSameVersion() {
            FeatureVector vector =
                    FeatureVector.builder(VIEW, NOON).absent(0).absent(1).build();

            VIEW.requireFingerprint(VIEW.fingerprint());
            assertThat(vector.requireFingerprint(VIEW.fingerprint())).isSameAs(vector);
            assertThat(vector.fingerprint()).isEqualTo(VIEW.fingerprint());
        }
    }

    @Test
    void survivesJavaSerialization() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(VIEW);
        }
        FeatureView copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (FeatureView) in.readObject();
        }

        assertThat(copy.fingerprint()).isEqualTo(VIEW.fingerprint());
        assertThat(Fingerprint.of(copy.selections())).isEqualTo(VIEW.fingerprint());
        assertThat(FeatureVector.builder(copy, NOON).absent(0).absent(1).build())
                .isEqualTo(FeatureVector.builder(VIEW, NOON).absent(0).absent(1).build());
    }

    /** A group like the transactions, but for its name, settings and first feature. */
    private static FeatureGroup<FeatureRecord> group(String name, Feature<?>... features) {
        return FeatureGroup.named(name)
                .recordIdentifier(Feature.integral("other_id"))
                .eventTime(Feature.eventTime("other_time"))
                .features(features)
                .features(COUNT)
                .description("A group")
                .onlineStore(online -> online.ttl(Duration.ofDays(1)))
                .build();
    }

    private static FeatureView of(FeatureGroup<FeatureRecord> group, Consumer<GroupSelection.Builder> select) {
        return FeatureView.named("v").from(group, select).build();
    }
}
