package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.AsyncFeatureGroupClient;
import dev.featurestore.BatchResult;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.WriteOptions;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The asynchronous client on the in-memory store, whose futures are complete when they are returned. */
class AsyncFeatureGroupClientTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final Feature<String> ORIGIN = Feature.string("origin");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(COUNT)
            .stampWriteOrigin(ORIGIN)
            .onlineStore(online -> online.ttl(Duration.ofHours(1)))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);

    private final AsyncFeatureGroupClient<FeatureRecord> cards =
            store.group(CARDS).async();

    private static FeatureRecord record(String id, Instant time, long count) {
        return CARDS.newRecord().set(ID, id).set(TIME, time).set(COUNT, count).build();
    }

    private static AsyncFeatureGroupClient<FeatureRecord> failing(FaultPlan plan) {
        return InMemoryFeatureStore.builder().faults(plan).build().group(CARDS).async();
    }

    @Test
    void whatIsPutIsFound() {
        assertThat(cards.put(record("a", NOON, 1))).isCompletedWithValue(null);

        assertThat(cards.find("a").join().map(found -> found.get(COUNT))).contains(1L);
        assertThat(cards.find("b")).isCompletedWithValue(Optional.empty());
        assertThat(cards.find("a", COUNT).join().orElseThrow().find(ID)).isEmpty();
        assertThat(cards.definition()).isSameAs(CARDS);
        assertThat(cards).hasToString("asynchronous client of feature group 'cards' (4 features)");
    }

    @Test
    void putsAreStampedAndAimedAsByTheBlockingClient() {
        cards.put(record("a", NOON, 1)).join();
        cards.put(record("a", NOON, 2), WriteOptions.defaults().withBackfillId("b-1"))
                .join();

        assertThat(store.history(CARDS))
                .extracting(row -> row.record().text("origin"))
                .containsExactly("live", "b-1");
        assertThat(cards.find("a").join().map(found -> found.get(COUNT))).contains(1L);
    }

    @Test
    void expiredRecordsAreNotFound() {
        InMemoryFeatureStore lenient = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(ServiceBehaviour.defaults().withExpiredRead(ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED))
                .build();
        AsyncFeatureGroupClient<FeatureRecord> client = lenient.group(CARDS).async();
        client.put(record("a", NOON, 1)).join();
        clock.advance(Duration.ofHours(1));

        assertThat(client.find("a")).isCompletedWithValue(Optional.empty());
        assertThat(client.findAll(List.of("a")).join().absent()).containsExactly("a");
    }

    @Test
    void deletesAreSoftUnlessToldOtherwise() {
        cards.put(record("a", NOON, 1)).join();
        assertThat(cards.delete("a", NOON.plusSeconds(2))).isCompletedWithValue(null);
        cards.put(record("a", NOON.plusSeconds(1), 2)).join();
        assertThat(cards.find("a").join()).isEmpty();

        cards.put(record("b", NOON, 1)).join();
        cards.delete("b", NOON.plusSeconds(2), DeletionMode.HARD_DELETE).join();
        cards.put(record("b", NOON.plusSeconds(1), 2)).join();
        assertThat(cards.find("b").join()).isPresent();
    }

    @Nested
    class GetAll {
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 100, 101, 250})
        void readsAnyNumber(int number) {
            List<String> identifiers =
                    IntStream.range(0, number).mapToObj(i -> "id-" + i).toList();
            identifiers.forEach(id -> cards.put(record(id, NOON, id.length())).join());

            BatchResult<FeatureRecord> result = cards.findAll(identifiers).join();

            assertThat(result.found().keySet()).containsExactlyElementsOf(identifiers);
            assertThat(result.isComplete()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5})
        void saysWhatTheBlockingClientSaysOnceTheStoreFails(long seed) {
            List<String> identifiers =
                    IntStream.range(0, 350).mapToObj(i -> "id-" + i).toList();
            Function<FeatureGroupClient<FeatureRecord>, BatchResult<FeatureRecord>> blocking =
                    client -> client.findAll(identifiers, COUNT);
            Function<FeatureGroupClient<FeatureRecord>, BatchResult<FeatureRecord>> async =
                    client -> client.async().findAll(identifiers, COUNT).join();

            BatchResult<FeatureRecord> expected = read(seed, identifiers, blocking);
            BatchResult<FeatureRecord> result = read(seed, identifiers, async);

            assertThat(result.found()).as("seed %s", seed).isEqualTo(expected.found());
            assertThat(result.absent()).isEqualTo(expected.absent());
            assertThat(result.failed().keySet()).isEqualTo(expected.failed().keySet());
            assertThat(result.unprocessed()).isEqualTo(expected.unprocessed());
            assertThat(result.found()).isNotEmpty();
        }

        /** Half of the identifiers are there, and half of the batch reads fail in some way. */
        private <T> T read(long seed, List<String> identifiers, Function<FeatureGroupClient<FeatureRecord>, T> read) {
            FaultPlan plan = FaultPlan.seeded(
                    seed, 0.5, Fault.UNPROCESSED_KEYS, Fault.KEY_ERRORS, Fault.THROTTLED, Fault.GROUP_NOT_VISIBLE);
            InMemoryFeatureStore faulty =
                    InMemoryFeatureStore.builder().clock(clock).faults(plan).build();
            FeatureGroupClient<FeatureRecord> client = faulty.group(CARDS);
            for (int i = 0; i < identifiers.size(); i += 2) {
                putForSure(client, record(identifiers.get(i), NOON, i));
            }
            return read.apply(client);
        }

        private void putForSure(FeatureGroupClient<FeatureRecord> client, FeatureRecord record) {
            while (true) {
                try {
                    client.put(record);
                    return;
                } catch (FeatureStoreException e) {
                    // again: the plan hits at random
                }
            }
        }

        @Test
        void asksAgainAfterPausesOfTheAsynchronousSleeper() {
            List<Duration> pauses = new ArrayList<>();
            FaultPlan plan = FaultPlan.script()
                    .fail(Operation.BATCH_GET, Fault.UNPROCESSED_KEYS)
                    .fail(Operation.BATCH_GET, Fault.UNPROCESSED_KEYS)
                    .build();
            AsyncFeatureGroupClient<FeatureRecord> client = InMemoryFeatureStore.builder()
                    .faults(plan)
                    .asyncSleeper(pause -> {
                        pauses.add(pause);
                        return CompletableFuture.completedFuture(null);
                    })
                    .build()
                    .group(CARDS)
                    .async();

            assertThat(client.findAll(List.of("a")).join().absent()).containsExactly("a");
            assertThat(pauses).containsExactly(Duration.ofMillis(2), Duration.ofMillis(4));
        }
    }

    @Nested
    class Failures {
        @Test
        void ofInputAreToldByTheFuture() {
            assertThat(failure(cards.put(record("x".repeat(3000), NOON, 1))))
                    .isInstanceOf(RecordMappingException.class)
                    .hasMessageContaining("its record identifier has 3000 bytes");
            assertThat(failure(cards.find(1L))).isInstanceOf(RecordMappingException.class);
            assertThat(failure(cards.find("a", Feature.string("other")))).isInstanceOf(IllegalArgumentException.class);
            assertThat(failure(cards.findAll(List.of("a", 1L)))).isInstanceOf(RecordMappingException.class);
            assertThat(failure(cards.delete("a", Instant.MAX))).isInstanceOf(RecordMappingException.class);
            assertThat(store.history(CARDS)).isEmpty();
        }

        @Test
        void ofTheStoreAreToldAsTheyAre() {
            FaultPlan plan = FaultPlan.script()
                    .fail(Operation.GET, Fault.THROTTLED)
                    .fail(Operation.PUT, Fault.LOST_RESPONSE)
                    .build();
            AsyncFeatureGroupClient<FeatureRecord> client = failing(plan);

            assertThat(failure(client.find("a"))).isInstanceOf(ThrottledException.class);
            assertThat(failure(client.put(record("a", NOON, 1)))).isInstanceOf(WriteOutcomeUnknownException.class);
            assertThat(failure(cards.delete("a", NOON, DeletionMode.HARD_DELETE)
                            .thenCompose(deleted -> cards.put(record("b", NOON, 1)))
                            .thenCompose(put -> cards.delete("b", NOON, DeletionMode.HARD_DELETE))))
                    .hasCauseInstanceOf(InvalidRequestException.class);
        }

        /** What the future itself is told, before join or get wrap it. */
        private <T> Throwable failure(CompletableFuture<T> future) {
            return future.handle((value, thrown) -> thrown).join();
        }
    }
}
