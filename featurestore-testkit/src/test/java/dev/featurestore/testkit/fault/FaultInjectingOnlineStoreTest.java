package dev.featurestore.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.BatchResult;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.RecordWriter;
import dev.featurestore.WriteOptions;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FaultInjectingOnlineStoreTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final FeatureGroup<FeatureRecord> CARDS = group("cards");
    private static final FeatureGroup<FeatureRecord> SHOPS = group("shops");
    private static final Instant NOW = Instant.parse("2025-03-10T12:00:00Z");

    /** One more than fits in a request, so that a batch is split. */
    private static final int RECORDS = 101;

    private static FeatureGroup<FeatureRecord> group(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(COUNT)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private static InMemoryFeatureStore store(FaultPlan plan) {
        return InMemoryFeatureStore.builder()
                .clock(ManualClock.startingAt(NOW))
                .faults(plan)
                .build();
    }

    private static FeatureRecord record(FeatureGroup<FeatureRecord> group, String id) {
        return group.newRecord().set(ID, id).set(TIME, NOW).set(COUNT, 1L).build();
    }

    @Nested
    class Scripted {
        @ParameterizedTest
        @EnumSource(
                value = Fault.class,
                names = {"THROTTLED", "UNAVAILABLE", "GROUP_NOT_VISIBLE", "LOST_REQUEST"})
        void aFaultBeforeTheWriteLeavesNothing(Fault fault) {
            InMemoryFeatureStore store =
                    store(FaultPlan.script().fail(Operation.PUT, fault).build());

            assertThatThrownBy(() -> store.group(CARDS).put(record(CARDS, "a")))
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            e -> assertThat(e.featureGroupName()).contains("cards"))
                    .hasMessageStartingWith("A fault was injected");

            assertThat(store.group(CARDS).find("a")).isEmpty();
            assertThat(store.history(CARDS)).isEmpty();
        }

        @Test
        void aLostResponseLeavesTheRecordInBothStores() {
            InMemoryFeatureStore store = store(
                    FaultPlan.script().fail(Operation.PUT, Fault.LOST_RESPONSE).build());

            assertThatThrownBy(() -> store.group(CARDS).put(record(CARDS, "a")))
                    .isInstanceOf(WriteOutcomeUnknownException.class);

            assertThat(store.group(CARDS).find("a")).contains(record(CARDS, "a"));
            assertThat(store.history(CARDS)).hasSize(1);
        }

        @Test
        void aDeleteWithALostResponseIsDone() {
            InMemoryFeatureStore store = store(FaultPlan.script()
                    .fail(Operation.DELETE, Fault.LOST_RESPONSE)
                    .build());
            store.group(CARDS).put(record(CARDS, "a"));

            assertThatThrownBy(() -> store.group(CARDS).delete("a", NOW.plusNanos(1)))
                    .isInstanceOf(WriteOutcomeUnknownException.class);

            assertThat(store.group(CARDS).find("a")).isEmpty();
        }

        @Test
        void requestsPassAndFailInTheOrderWrittenAndThenPass() {
            InMemoryFeatureStore store = store(FaultPlan.script()
                    .pass(Operation.GET)
                    .fail(Operation.GET, Fault.THROTTLED)
                    .fail(Operation.GET, Fault.UNAVAILABLE)
                    .build());
            FeatureGroupClient<FeatureRecord> cards = store.group(CARDS);

            assertThat(cards.find("a")).isEmpty();
            assertThatThrownBy(() -> cards.find("a")).isInstanceOf(ThrottledException.class);
            cards.put(record(CARDS, "a"));
            assertThatThrownBy(() -> cards.find("a")).isInstanceOf(StoreUnavailableException.class);
            assertThat(cards.find("a")).isPresent();
            assertThat(((FaultInjectingOnlineStore) store.onlineStore()).injected())
                    .isEqualTo(Map.of(Fault.THROTTLED, 1, Fault.UNAVAILABLE, 1));
        }

        @Test
        void unprocessedKeysAreAskedForAgain() {
            FaultPlan.Script script = FaultPlan.script();
            for (int round = 0; round < 4; round++) {
                script.fail(Operation.BATCH_GET, Fault.UNPROCESSED_KEYS);
            }
            InMemoryFeatureStore store = store(script.build());
            store.group(CARDS).put(record(CARDS, "a"));

            BatchResult<FeatureRecord> result = store.group(CARDS).findAll(List.of("a", "b"));

            assertThat(result.isComplete()).isTrue();
            assertThat(result.found()).containsOnlyKeys("a");
            assertThat(result.absent()).containsExactly("b");
        }

        @Test
        void aBatchWriteDoesNotGetToSomeRecordsAndFailsForOthers() {
            InMemoryFeatureStore store = store(FaultPlan.script()
                    .fail(Operation.BATCH_WRITE, Fault.UNPROCESSED_KEYS)
                    .fail(Operation.BATCH_WRITE, Fault.KEY_ERRORS)
                    .build());
            List<FeatureRecord> records = IntStream.range(0, 10)
                    .mapToObj(n -> record(CARDS, "card-" + n))
                    .toList();
            RecordWriter cards = RecordWriter.of(store.group(CARDS));

            BatchWriteOutcome left = cards.putAll(records, WriteOptions.defaults());
            int written = store.history(CARDS).size();
            BatchWriteOutcome failed = cards.putAll(records, WriteOptions.defaults());

            assertThat(left.errors()).isEmpty();
            assertThat(left.unprocessed()).isNotEmpty().doesNotHaveDuplicates();
            assertThat(written).isEqualTo(10 - left.unprocessed().size());
            assertThat(failed.unprocessed()).isEmpty();
            assertThat(failed.errors()).isNotEmpty();
            assertThat(store.history(CARDS))
                    .hasSize(written + 10 - failed.errors().size());
        }

        @Test
        void aBatchWriteWithALostResponseIsDone() {
            InMemoryFeatureStore store = store(FaultPlan.script()
                    .fail(Operation.BATCH_WRITE, Fault.LOST_RESPONSE)
                    .build());

            assertThatThrownBy(() -> RecordWriter.of(store.group(CARDS))
                            .putAll(List.of(record(CARDS, "a"), record(CARDS, "b")), WriteOptions.defaults()))
                    .isInstanceOf(WriteOutcomeUnknownException.class);

            assertThat(store.history(CARDS)).hasSize(2);
        }

        @Test
        void aListingCanFail() {
            OnlineStore listed = new FaultInjectingOnlineStore(
                    InMemoryFeatureStore.create().onlineStore(),
                    FaultPlan.script().fail(Operation.LIST, Fault.THROTTLED).build());

            assertThatThrownBy(() -> listed.list(new ListCommand("cards", false, 100, null, Deadline.none())))
                    .isInstanceOf(ThrottledException.class);
        }

        @Test
        void anInvisibleGroupInABatchFailsKeyByKeyAndTheOthersAreAnswered() {
            InMemoryFeatureStore store = store(FaultPlan.script()
                    .fail(Operation.BATCH_GET, Fault.GROUP_NOT_VISIBLE)
                    .build());
            store.group(CARDS).put(record(CARDS, "a"));
            store.group(SHOPS).put(record(SHOPS, "a"));

            BatchGetOutcome outcome = store.onlineStore()
                    .batchGet(new BatchGetCommand(
                            List.of(
                                    new BatchGetCommand.Part("cards", List.of("a"), List.of()),
                                    new BatchGetCommand.Part("shops", List.of("a"), List.of())),
                            Deadline.none()));

            assertThat(outcome.records()).hasSize(1);
            assertThat(outcome.errors())
                    .hasSize(1)
                    .allSatisfy((key, error) -> assertThat(error).isInstanceOf(FeatureGroupNotFoundException.class));
        }

        @Test
        void aFaultThatDoesNotFitItsRequestIsRefused() {
            assertThatThrownBy(() -> FaultPlan.script().fail(Operation.GET, Fault.LOST_RESPONSE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A GET cannot fail by LOST_RESPONSE");
        }
    }

    @Nested
    class Seeded {
        static LongStream seeds() {
            return LongStream.range(0, 100);
        }

        /** Every second of the records is there. */
        private InMemoryFeatureStore filled(long seed, double rate) {
            InMemoryFeatureStore store = store(FaultPlan.seeded(
                    seed,
                    rate,
                    Fault.THROTTLED,
                    Fault.UNAVAILABLE,
                    Fault.GROUP_NOT_VISIBLE,
                    Fault.UNPROCESSED_KEYS,
                    Fault.KEY_ERRORS));
            for (FeatureGroup<FeatureRecord> group : List.of(CARDS, SHOPS)) {
                for (int i = 0; i < RECORDS; i += 2) {
                    putUntilDone(store, group, Integer.toString(i));
                }
            }
            return store;
        }

        private void putUntilDone(InMemoryFeatureStore store, FeatureGroup<FeatureRecord> group, String id) {
            for (int attempt = 0; attempt < 1000; attempt++) {
                try {
                    store.group(group).put(record(group, id));
                    return;
                } catch (ThrottledException | StoreUnavailableException | FeatureGroupNotFoundException e) {
                    assertThat(e).hasMessageStartingWith("A fault was injected");
                }
            }
            throw new AssertionError("1000 puts in a row failed");
        }

        private double rate(long seed) {
            return seed % 5 / 5.0;
        }

        @ParameterizedTest(name = "seed {0}")
        @MethodSource("seeds")
        void everyKeyIsInExactlyOneClassAndNoRecordIsCalledAbsent(long seed) {
            InMemoryFeatureStore store = filled(seed, rate(seed));
            List<String> ids =
                    IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();

            BatchResult<FeatureRecord> result = store.group(CARDS).findAll(ids);

            List<Object> all = new ArrayList<>(result.found().keySet());
            all.addAll(result.absent());
            all.addAll(result.failed().keySet());
            all.addAll(result.unprocessed());
            assertThat(all).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(result.absent()).as("seed %s", seed).allMatch(id -> Integer.parseInt(id.toString()) % 2 == 1);
            assertThat(result.found().keySet())
                    .as("seed %s", seed)
                    .allMatch(id -> Integer.parseInt(id.toString()) % 2 == 0);
            assertThat(result.isComplete())
                    .isEqualTo(result.failed().isEmpty() && result.unprocessed().isEmpty());
        }

        @ParameterizedTest(name = "seed {0}")
        @MethodSource("seeds")
        void aVectorNeverTakesAFailureForAnAbsence(long seed) {
            InMemoryFeatureStore store = filled(seed, rate(seed));
            FeatureView view = FeatureView.named("model")
                    .from(CARDS, select -> select.key("card").allFeatures())
                    .from(
                            SHOPS,
                            select -> select.key("shop")
                                    .prefix("shop_")
                                    .allFeatures()
                                    .maxStaleness(Duration.ofSeconds(10)))
                    .build();
            List<Map<String, String>> requests = IntStream.range(0, RECORDS)
                    .mapToObj(i -> Map.of("card", Integer.toString(i), "shop", Integer.toString(RECORDS - 1 - i)))
                    .toList();

            for (FetchOptions options : EVERY_WAY) {
                FeatureViewClient client = store.view(view, options);
                List<FeatureVector> vectors = client.fetchAll(requests, Duration.ofSeconds(10));
                FeatureVector one = client.fetch(Map.of("card", "0", "shop", "0"));
                FeatureVector later = client.async()
                        .fetch(Map.of("card", "0", "shop", "0"), Duration.ofSeconds(10))
                        .join();

                for (int i = 0; i < RECORDS; i++) {
                    check(seed, vectors.get(i).result("cards"), i % 2 == 0);
                    check(seed, vectors.get(i).result("shops"), (RECORDS - 1 - i) % 2 == 0);
                }
                for (FeatureVector vector : List.of(one, later)) {
                    check(seed, vector.result("cards"), true);
                    check(seed, vector.result("shops"), true);
                }
            }
        }

        private static final List<FetchOptions> EVERY_WAY = Stream.of(FetchOptions.Reads.values())
                .map(FetchOptions.defaults()::withReads)
                .flatMap(options -> Stream.of(options, options.withOnFailure(FetchOptions.OnFailure.DEFAULTS)))
                .toList();

        private void check(long seed, GroupResult result, boolean isThere) {
            GroupResult.Status answered = isThere ? GroupResult.Status.FOUND : GroupResult.Status.ABSENT;
            assertThat(result.status()).as("seed %s", seed).isIn(answered, GroupResult.Status.FAILED);
        }

        @Test
        void oneSeedGivesTheSameFaultsEveryTime() {
            assertThat(outcomes(7)).isEqualTo(outcomes(7)).isNotEqualTo(outcomes(8));
        }

        private List<String> outcomes(long seed) {
            InMemoryFeatureStore store = store(FaultPlan.seeded(seed, 0.5));
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                try {
                    store.group(CARDS).put(record(CARDS, "a"));
                    outcomes.add("done");
                } catch (FeatureStoreException e) {
                    outcomes.add(e.code().name());
                }
            }
            return outcomes;
        }

        @Test
        void atRateZeroNothingFailsAndAtRateOneEverything() {
            assertThat(outcomesAt(0.0)).containsOnly("done");
            assertThat(outcomesAt(1.0))
                    .isNotEmpty()
                    .doesNotContain("done")
                    .contains(ErrorCode.THROTTLED.name(), ErrorCode.WRITE_OUTCOME_UNKNOWN.name());
        }

        private List<String> outcomesAt(double rate) {
            InMemoryFeatureStore store = store(FaultPlan.seeded(1, rate));
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                try {
                    store.group(CARDS).put(record(CARDS, "a"));
                    outcomes.add("done");
                } catch (FeatureStoreException e) {
                    outcomes.add(e.code().name());
                }
            }
            return outcomes;
        }

        @Test
        void aRateIsAShare() {
            assertThatThrownBy(() -> FaultPlan.seeded(1, 1.5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("between 0 and 1");
        }
    }
}
