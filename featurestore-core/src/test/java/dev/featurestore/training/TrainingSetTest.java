package dev.featurestore.training;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSetTest {
    private static final FeatureGroup<FeatureRecord> ONLINE_ONLY = FeatureGroup.named("sessions")
            .recordIdentifier(Feature.string("session_id"))
            .eventTime(Feature.eventTime("seen_at"))
            .features(Feature.integral("clicks"))
            .onlineStore()
            .build();

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, MERCHANT))
            .from(CARDS, select -> select.key("card").features(AVERAGE))
            .build();

    private static final Spine SPINE = Spine.table("labels", "chargebacks").keep("label");

    @Nested
    class Problems {
        @Test
        void aGroupWithoutOfflineStoreHasNoHistory() {
            FeatureView view = FeatureView.named("v")
                    .from(ONLINE_ONLY, select -> select.key("session").allFeatures())
                    .build();

            assertProblem(
                    view, SPINE, "feature group 'sessions' has no offline store, so it has no history to train on");
        }

        @ParameterizedTest
        @ValueSource(strings = {"amount", "AMOUNT", "Amount"})
        void aSpineColumnNamedAsAViewColumnInAnyCaseClashes(String kept) {
            assertProblem(
                    VIEW,
                    Spine.table("labels").keep(kept),
                    "column 'amount' is in the spine and in the view: give the feature an alias or prefix in the view");
        }

        @Test
        void theTimeAndTheKeysAreSpineColumnsToo() {
            FeatureView view = FeatureView.named("v")
                    .from(TRANSACTIONS, select -> select.key("merchant").features(MERCHANT, AMOUNT))
                    .build();

            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(
                            () -> TrainingSet.of(view, Spine.table("labels").time("Amount", LabelTime.EPOCH_MILLIS)))
                    .withMessage("A training set of feature view 'v' is not valid, 2 problems:"
                            + "\n  - column 'merchant' is in the spine and in the view: give the feature an alias or prefix"
                            + " in the view"
                            + "\n  - column 'amount' is in the spine and in the view: give the feature an alias or prefix"
                            + " in the view");
        }

        @Test
        void spineColumnsThatDifferOnlyInCaseClash() {
            assertProblem(VIEW, Spine.table("labels").keep("TXN"), "spine column 'TXN' is there twice, but for case");
        }

        @ParameterizedTest
        @ValueSource(strings = {"__fs_row", "__FS_row", " ", ""})
        void blankNamesAndTheLibrarysOwnAreRefused(String kept) {
            assertProblem(
                    VIEW,
                    Spine.table("labels").keep(kept),
                    "spine column '" + kept
                            + "' has a blank name, or one beginning with '__fs_', which the library uses" + " itself");
        }

        @Test
        void auditColumnsMayNotClashWithOtherColumns() {
            TrainingSet ofSpine = TrainingSet.of(VIEW, Spine.table("labels").keep("Cards__event_time"));
            FeatureView view = FeatureView.named("v")
                    .from(CARDS, select -> select.key("card").feature(AVERAGE, "cards__event_time"))
                    .build();

            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(() -> ofSpine.withAudit(AuditColumn.EVENT_TIME))
                    .withMessage("A training set of feature view 'fraud' is not valid: audit column"
                            + " 'cards__event_time' is in the spine or in the view as well: give the selection another"
                            + " name, or the column");
            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(() -> TrainingSet.of(view, SPINE).withAudit());
        }

        @Test
        void auditColumnsOfSelectionsThatDifferOnlyInCaseClash() {
            FeatureView view = FeatureView.named("v")
                    .from(CARDS, select -> select.named("card").key("a").feature(AVERAGE, "a_average"))
                    .from(CARDS, select -> select.named("Card").key("b").feature(AVERAGE, "b_average"))
                    .build();

            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(() -> TrainingSet.of(view, SPINE).withAudit(AuditColumn.EVENT_TIME))
                    .withMessage("A training set of feature view 'v' is not valid: audit column 'Card__event_time'"
                            + " is there twice, but for case: give one of the selections another name");
        }

        private static void assertProblem(FeatureView view, Spine spine, String problem) {
            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(() -> TrainingSet.of(view, spine))
                    .withMessage("A training set of feature view '" + view.name() + "' is not valid: " + problem);
        }
    }

    @Nested
    class SpineColumns {
        @Test
        void areKeysThenTimeThenWhatIsKept() {
            Spine spine = Spine.table("labels")
                    .time("labelled_at", LabelTime.TIMESTAMP)
                    .keep("label", "weight")
                    .keep("source");

            assertThat(TrainingSet.of(VIEW, spine).spineColumns())
                    .containsExactly("txn", "card", "labelled_at", "label", "weight", "source");
        }

        @Test
        void areThereOnceHoweverOftenTheyAreNamed() {
            Spine spine = Spine.table("labels").keep("label", "card", "event_time", "label", "txn");

            assertThat(TrainingSet.of(VIEW, spine).spineColumns())
                    .containsExactly("txn", "card", "event_time", "label");
        }
    }

    @Nested
    class Range {
        @Test
        void isUnboundedUnlessSet() {
            TrainingSet set = TrainingSet.of(VIEW, SPINE);

            assertThat(set.from()).isEmpty();
            assertThat(set.until()).isEmpty();
        }

        @Test
        void hasAnInclusiveStartAndAnExclusiveEnd() {
            TrainingSet set = TrainingSet.of(VIEW, SPINE).labelsBetween(NOON, NOON.plusNanos(1));

            assertThat(set.from()).contains(NOON);
            assertThat(set.until()).contains(NOON.plusNanos(1));
        }

        @Test
        void isNotEmpty() {
            TrainingSet set = TrainingSet.of(VIEW, SPINE);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> set.labelsBetween(NOON, NOON))
                    .withMessage("The range of labels is empty: its start is not before its end");
            assertThatIllegalArgumentException().isThrownBy(() -> set.labelsBetween(NOON.plusNanos(1), NOON));
        }
    }

    @Nested
    class Copies {
        @Test
        void changeOnePartAndKeepTheOthers() {
            TrainingSet set = TrainingSet.of(VIEW, SPINE);

            TrainingSet changed = set.withAudit(AuditColumn.EVENT_TIME)
                    .labelsBetween(NOON, NOON.plusSeconds(1))
                    .withPointInTime(PointInTime.eventTime());

            assertThat(changed.pointInTime()).isEqualTo(PointInTime.eventTime());
            assertThat(changed.auditColumns(AuditColumn.EVENT_TIME))
                    .containsExactly("transactions__event_time", "cards__event_time");
            assertThat(changed.from()).contains(NOON);
            assertThat(changed.view()).isSameAs(VIEW);
            assertThat(changed.spine()).isSameAs(SPINE);
            assertThat(set.pointInTime()).isEqualTo(PointInTime.asServed());
            assertThat(set.auditColumns(AuditColumn.EVENT_TIME)).isEmpty();
            assertThat(set.from()).isEmpty();
        }

        @Test
        void surviveJavaSerialization() throws Exception {
            TrainingSet set = TrainingSet.of(VIEW, SPINE).labelsBetween(NOON, NOON.plusSeconds(1));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(set);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                TrainingSet copy = (TrainingSet) in.readObject();

                assertThat(copy.view().fingerprint()).isEqualTo(VIEW.fingerprint());
                assertThat(copy.spineColumns()).isEqualTo(set.spineColumns());
                assertThat(copy.from()).contains(NOON);
                assertThat(copy).hasToString(set.toString());
            }
        }
    }

    @Test
    void textTellsViewSpineAndMode() {
        assertThat(TrainingSet.of(VIEW, SPINE))
                .hasToString(
                        "training set of feature view 'fraud' (3 columns) over spine of table by event_time, keeping"
                                + " [label] in mode AS_SERVED");
    }
}
