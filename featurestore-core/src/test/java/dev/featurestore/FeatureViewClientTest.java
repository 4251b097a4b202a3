package dev.featurestore;

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
import static dev.featurestore.ScriptedOnlineStore.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult.Status;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureViewClientTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(
                    CARDS,
                    select -> select.key("card")
                            .features(AVERAGE.withDefault(-1.0))
                            .maxAge(Duration.ofDays(1)))
            .build();

    private final ScriptedOnlineStore store = new ScriptedOnlineStore()
            .with("transactions", "t1", WireRecord.encode(transaction("t1", NOON, 12.5)), null)
            .with("cards", "1", WireRecord.encode(card(1, NOON, 3.0)), null);

    private final FeatureViewClient client = client(VIEW);

    private final FeatureViewClient batching =
            client(VIEW, FetchOptions.defaults().withReads(FetchOptions.Reads.BATCH_GET_RECORD));

    @Nested
    class Fetch {
        @Test
        void givesTheVectorAsOfNow() {
            FeatureVector vector = client.fetch(Map.of("txn", "t1", "card", 1L, "more", "is fine"));

            assertThat(vector.toDoubleArray()).containsExactly(12.5, 0.0, 3.0);
            assertThat(vector.asOf()).isEqualTo(NOON);
            assertThat(vector.view()).isSameAs(VIEW);
        }

        @Test
        void readsEachGroupByItself() {
            client.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(store.batchGets).isEmpty();
            assertThat(store.gets).extracting(GetCommand::group).containsExactly("transactions", "cards");
        }

        @Test
        void readsAllGroupsInOneRequestIfToldTo() {
            batching.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(store.gets).isEmpty();
            assertThat(store.batchGets)
                    .singleElement()
                    .satisfies(command -> assertThat(keys(command))
                            .containsExactly(new RecordKey("transactions", "t1"), new RecordKey("cards", "1")));
        }

        @Test
        void ofOneRecordIsASingleRead() {
            FeatureVector vector = client(
                            view(CARDS, select -> select.key("card").features(AVERAGE)))
                    .fetch(Map.of("card", 1L));

            assertThat(vector.find(AVERAGE)).contains(3.0);
            assertThat(store.batchGets).isEmpty();
            assertThat(store.gets).hasSize(1);
        }

        @Test
        void judgesTheAgeOfWhatWasRead() {
            store.with("cards", "1", WireRecord.encode(card(1, NOON.minus(Duration.ofDays(2)), 3.0)), null)
                    .with("transactions", "t1", WireRecord.encode(transaction("t1", NOON, 12.5)), NOON);

            FeatureVector vector = client.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.result("cards").status()).isEqualTo(Status.TOO_OLD);
            assertThat(vector.result("transactions").status()).isEqualTo(Status.EXPIRED);
            assertThat(vector.toDoubleArray()).containsExactly(Double.NaN, 0.0, -1.0);
        }

        @Test
        void needsAValueForEveryKey() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> client.fetch(Map.of("txn", "t1")))
                    .withMessage(
                            "Cannot fetch feature view 'fraud' (3 columns): there is no value for key 'card', which"
                                    + " finds the record of feature group 'cards'");
            assertThat(store.batchGets).isEmpty();
        }

        @Test
        void refusesAKeyOfAnotherType() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> client.fetch(Map.of("txn", "t1", "card", "1")))
                    .withMessage(
                            "The record identifier 'card_id' of feature group 'cards' is of type Long, got String");
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> client.fetch(Map.of("txn", "", "card", 1L)))
                    .withMessage("A record of feature group 'transactions' cannot be stored: its record identifier is"
                            + " empty");
        }

        @Test
        void needsAPositiveTimeout() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.fetch(Map.of("txn", "t1", "card", 1L), Duration.ZERO))
                    .withMessage("A timeout is positive, got PT0S");
        }
    }

    @Nested
    class Failures {
        private final FeatureStoreException failure = new ThrottledException("Slow down");

        @Test
        void ofOneGroupLeaveTheOthers() {
            store.nextBatch(command -> new BatchGetOutcome(
                    store.answer(command).records(), Map.of(new RecordKey("cards", "1"), failure), List.of()));

            FeatureVector vector = batching.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.result("cards").failure()).isSameAs(failure);
            assertThat(vector.find(AMOUNT)).contains(12.5);
        }

        @Test
        void ofTheCallAreThoseOfItsGroups() {
            store.nextBatch(command -> {
                throw failure;
            });

            FeatureVector vector = batching.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.results())
                    .allSatisfy(group -> assertThat(group.failure()).isSameAs(failure));
        }

        @Test
        void ofASingleReadAreInTheVectorToo() {
            for (int i = 0; i < FetchCourse.ATTEMPTS; i++) {
                store.nextGet(command -> {
                    throw failure;
                });
            }

            FeatureVector vector = client(
                            view(CARDS, select -> select.key("card").features(AVERAGE)))
                    .fetch(Map.of("card", 1L));

            assertThat(vector.result("cards").failure()).isSameAs(failure);
        }

        @Test
        void areWhatTheStoreDidNotGetTo() {
            for (int i = 0; i < 8; i++) {
                store.nextBatch(ScriptedOnlineStore::nothing);
            }

            FeatureVector vector = batching.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.results())
                    .allSatisfy(group -> assertThat(group.failure()).isInstanceOf(StoreUnavailableException.class));
        }

        @Test
        void areTextsThatCannotBeRead() {
            store.with(
                    "cards",
                    "1",
                    WireRecord.of(
                            new String[] {"updated_at", "average"},
                            new Object[] {"2026-03-01T12:00:00Z", "about three"}),
                    null);

            FeatureVector vector = client.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.result("cards").status()).isEqualTo(Status.FAILED);
            assertThat(vector.result("cards").failure())
                    .isInstanceOf(RecordMappingException.class)
                    .hasMessageStartingWith("Cannot read column 'average' of feature group 'cards' as fractional");
        }

        @Test
        void areRecordsWithoutEventTime() {
            store.with("cards", "1", WireRecord.of(new String[] {"average"}, new Object[] {"3.0"}), null);

            FeatureVector vector = client.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(vector.result("cards").status()).isEqualTo(Status.FAILED);
        }
    }

    @Nested
    class FetchAll {
        @Test
        void keepsTheOrderOfTheRequestsAndReadsEachRecordOnce() {
            store.with("transactions", "t2", WireRecord.encode(transaction("t2", NOON, 7.0)), null);

            List<FeatureVector> vectors = batching.fetchAll(
                    List.of(
                            Map.of("txn", "t2", "card", 1L),
                            Map.of("txn", "t3", "card", 1L),
                            Map.of("txn", "t1", "card", 1L)),
                    SECOND);

            assertThat(vectors).extracting(vector -> vector.toDouble("amount")).containsExactly(7.0, Double.NaN, 12.5);
            assertThat(vectors).extracting(vector -> vector.toDouble("average")).containsOnly(3.0);
            assertThat(store.batchGets)
                    .singleElement()
                    .extracting(command -> keys(command).size())
                    .isEqualTo(4);
        }

        @Test
        void ofNothingAsksNothing() {
            assertThat(client.fetchAll(List.of(), SECOND)).isEmpty();
            assertThat(store.batchGets).isEmpty();
        }
    }

    @Nested
    class FeaturesAskedFor {
        @Test
        void areTheSelectedAndTheEventTime() {
            batching.fetch(Map.of("txn", "t1", "card", 1L));

            assertThat(store.batchGets.get(0).parts())
                    .extracting(BatchGetCommand.Part::features)
                    .containsExactly(List.of("event_ts", "amount", "count_60s"), List.of("updated_at", "average"));
        }

        @Test
        void areAllForAViewThatTakesAll() {
            assertThat(asked(view(TRANSACTIONS, select -> select.key("txn").allFeatures())))
                    .isEmpty();
        }

        @Test
        void areNotAllBecauseTheIdentifierIsAmongThem() {
            assertThat(asked(view(TRANSACTIONS, select -> select.key("txn").features(TRANSACTION_ID, AMOUNT, COUNT))))
                    .containsExactly("event_ts", "transaction_id", "amount", "count_60s");
        }

        @Test
        void areThoseOfAllSelectionsOfAGroup() {
            FeatureView view = FeatureView.named("v")
                    .from(TRANSACTIONS, select -> select.named("a").key("a").features(AMOUNT))
                    .from(TRANSACTIONS, select -> select.named("b").key("b").features(MERCHANT))
                    .build();

            client(view).fetch(Map.of("a", "t1", "b", "t2"));

            assertThat(store.gets)
                    .extracting(GetCommand::features)
                    .containsOnly(List.of("event_ts", "amount", "merchant"));
        }

        @Test
        void neverHaveProvenanceThatWasNotSelected() {
            client(view(CARDS, select -> select.key("card").features(AVERAGE, BLOCKED)))
                    .fetch(Map.of("card", 1L));

            assertThat(store.gets.get(0).features()).containsExactly("updated_at", "average", "blocked");
        }

        @Test
        void areAllIfTheyAreMostOfAWideGroup() {
            assertThat(askedOfWide(60, 30)).isEmpty();
            assertThat(askedOfWide(60, 29)).hasSize(30);
            assertThat(askedOfWide(300, 100)).isEmpty();
        }

        private List<String> askedOfWide(int features, int selected) {
            List<Feature<?>> all = new ArrayList<>();
            for (int i = 0; i < features - 2; i++) {
                all.add(Feature.fractional("feature_" + i));
            }
            FeatureGroup<FeatureRecord> wide = FeatureGroup.named("wide")
                    .recordIdentifier(Feature.string("id"))
                    .eventTime(Feature.eventTime("at"))
                    .features(all)
                    .onlineStore()
                    .build();
            return asked(view(
                    wide,
                    select ->
                            select.key("txn").features(all.subList(0, selected).toArray(Feature<?>[]::new))));
        }

        private List<String> asked(FeatureView view) {
            client(view).fetch(Map.of("txn", "t1"));
            return store.gets.get(store.gets.size() - 1).features();
        }
    }

    @Test
    void textNamesTheView() {
        assertThat(client)
                .hasToString(
                        "client of feature view 'fraud' (3 columns), by 2 GetRecord at once, 0 BatchGetRecord; quotas allow 5000"
                                + " such fetches a second");
    }

    private FeatureViewClient client(FeatureView view) {
        return client(view, FetchOptions.defaults());
    }

    private FeatureViewClient client(FeatureView view, FetchOptions options) {
        CallSettings settings = new CallSettings(
                () -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10));
        return new FeatureViewClient(view, options, store.forViews(), new UnusedOfflineStore(), settings);
    }

    private static FeatureView view(FeatureGroup<FeatureRecord> group, Consumer<GroupSelection.Builder> select) {
        return FeatureView.named("v").from(group, select).build();
    }
}
