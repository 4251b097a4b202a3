package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InMemoryFeatureStoreTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00.123456789Z");

    private static final FeatureGroup<FeatureRecord> CARDS = group("cards", TIME);

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("id").allFeatures())
            .build();

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private static FeatureGroup<FeatureRecord> group(String name, Feature<Instant> time) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(time)
                .features(COUNT)
                .onlineStore(online -> online.ttl(Duration.ofHours(1)))
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private static FeatureRecord record(String id, Instant time, long count) {
        return CARDS.newRecord().set(ID, id).set(TIME, time).set(COUNT, count).build();
    }

    private InMemoryFeatureStore store(ServiceBehaviour behaviour) {
        return InMemoryFeatureStore.builder().clock(clock).behaviour(behaviour).build();
    }

    private static List<String> listed(InMemoryFeatureStore store) {
        return store.onlineStore()
                .list(new ListCommand("cards", false, 100, null, Deadline.none()))
                .identifiers();
    }

    private Optional<Long> trained(InMemoryFeatureStore store) {
        SpineRow label = SpineRow.of(clock.instant(), Map.of("id", "a"));
        try (TrainingRows rows =
                store.view(VIEW).trainingSet(Spine.rows(List.of(label))).run()) {
            return rows.iterator().next().vector().find(COUNT);
        }
    }

    @Nested
    class History {
        @Test
        void hasEveryRowInOrderOfArrivalWithItsTimes() {
            InMemoryFeatureStore store = store(ServiceBehaviour.defaults().withOfflineDelay(Duration.ofMinutes(5)));
            store.group(CARDS).put(record("a", NOON, 1));
            clock.advance(Duration.ofSeconds(2));
            store.group(CARDS).delete("a", NOON.plusSeconds(1));

            assertThat(store.history(CARDS))
                    .containsExactly(
                            new OfflineRow(
                                    WireRecord.encode(record("a", NOON, 1)),
                                    false,
                                    NOON.truncatedTo(ChronoUnit.SECONDS),
                                    NOON.plusSeconds(300).truncatedTo(ChronoUnit.MILLIS),
                                    NOON),
                            new OfflineRow(
                                    WireRecord.of(
                                            new String[] {"id", "event_time"},
                                            new Object[] {"a", "2025-03-10T12:00:01.123456789Z"}),
                                    true,
                                    NOON.plusSeconds(2).truncatedTo(ChronoUnit.SECONDS),
                                    NOON.plusSeconds(302).truncatedTo(ChronoUnit.MILLIS),
                                    NOON.plusSeconds(2)));
        }

        @Test
        void isACopy() {
            InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
            store.group(CARDS).put(record("a", NOON, 1));
            List<OfflineRow> before = store.history(CARDS);
            store.group(CARDS).put(record("a", NOON, 2));

            assertThat(before).hasSize(1);
            assertThat(store.history(CARDS)).hasSize(2);
        }

        @Test
        void ofAGroupThatNobodyAskedForIsEmpty() {
            assertThat(InMemoryFeatureStore.create(clock).history(CARDS)).isEmpty();
        }

        @Test
        void staysWhenTheGroupIsDeletedAndBeginsAnewWhenItIsMadeAgain() {
            InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
            store.group(CARDS).put(record("a", NOON, 1));
            store.admin().delete("cards");
            assertThat(store.history(CARDS)).hasSize(1);

            store.admin().apply(CARDS);
            assertThat(store.history(CARDS)).isEmpty();
            assertThat(store.group(CARDS).find("a")).isEmpty();
        }
    }

    @Test
    void clearForgetsRecordsAndHistoryAndKeepsGroups() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
        store.group(CARDS).put(record("a", NOON, 1));

        store.clear();

        assertThat(store.group(CARDS).find("a")).isEmpty();
        assertThat(store.history(CARDS)).isEmpty();
        assertThat(store.admin().list()).containsExactly("cards");
        store.group(CARDS).put(record("a", NOON.minusSeconds(1), 2));
        assertThat(store.group(CARDS).find("a")).isPresent();
    }

    @Test
    void aRowCanBeTrainedOnOnceItsOfflineDelayIsOver() {
        InMemoryFeatureStore store = store(ServiceBehaviour.defaults().withOfflineDelay(Duration.ofMinutes(5)));
        store.group(CARDS).put(record("a", NOON, 1));

        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(trained(store)).isEmpty();

        clock.advance(Duration.ofMillis(1));
        assertThat(trained(store)).contains(1L);
    }

    @Nested
    class ReadDelay {
        private final InMemoryFeatureStore store =
                store(ServiceBehaviour.defaults().withReadDelay(Duration.ofSeconds(2)));

        private final FeatureGroupClient<FeatureRecord> cards = store.group(CARDS);

        @Test
        void readsSeeTheStateOfThen() {
            cards.put(record("a", NOON, 1));
            assertThat(cards.find("a")).isEmpty();

            clock.advance(Duration.ofSeconds(2));
            assertThat(cards.find("a")).isPresent();

            cards.put(record("a", NOON.plusSeconds(1), 2));
            cards.delete("a", NOON.plusSeconds(2));
            assertThat(cards.find("a")).contains(record("a", NOON, 1));

            clock.advance(Duration.ofSeconds(2));
            assertThat(cards.find("a")).isEmpty();
        }

        @Test
        void writesAreOrderedByWhatIsThereNotByWhatIsSeen() {
            cards.put(record("a", NOON.plusSeconds(1), 1));
            cards.put(record("a", NOON, 2));

            clock.advance(Duration.ofSeconds(2));

            assertThat(cards.find("a")).contains(record("a", NOON.plusSeconds(1), 1));
        }
    }

    @Nested
    class Purges {
        @Test
        void removeWhatIsExpiredSoThatAnOlderPutIsTaken() {
            InMemoryFeatureStore store =
                    store(ServiceBehaviour.defaults().withExpiredRead(ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED));
            store.group(CARDS).put(record("a", NOON, 1));
            store.group(CARDS).put(record("b", NOON.plus(Duration.ofMinutes(2)), 1));
            clock.advance(Duration.ofMinutes(61));
            assertThat(listed(store)).containsExactlyInAnyOrder("a", "b");

            store.purgeExpired();

            assertThat(listed(store)).containsExactly("b");
            assertThat(store.history(CARDS)).hasSize(2);
        }

        @Test
        void leaveAMarkerAtTheTimeOfExpiryIfTheServiceDoes() {
            InMemoryFeatureStore store =
                    store(ServiceBehaviour.defaults().withTtlOfflineMarker(ServiceBehaviour.TtlOfflineMarker.ON));
            store.group(CARDS).put(record("a", NOON, 1));
            clock.advance(Duration.ofHours(2));

            store.purgeExpired();
            store.purgeExpired();

            assertThat(store.history(CARDS)).hasSize(2).last().satisfies(row -> {
                assertThat(row.deleted()).isTrue();
                assertThat(row.record().text("event_time")).isEqualTo("2025-03-10T13:00:00.123456789Z");
                assertThat(row.apiInvocationTime()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.SECONDS));
            });
        }

        @Test
        void leaveAMarkerForARecordWhoseEventTimeIsFinerThanTheGroupsFormat() {
            FeatureGroup<FeatureRecord> text =
                    group("text", Feature.eventTime("event_time", EventTimeFormat.iso8601(0)));
            FeatureGroup<FeatureRecord> epoch =
                    group("epoch", Feature.eventTime("event_time", EventTimeFormat.epochSeconds(0)));
            InMemoryFeatureStore store =
                    store(ServiceBehaviour.defaults().withTtlOfflineMarker(ServiceBehaviour.TtlOfflineMarker.ON));
            store.group(text);
            store.group(epoch);
            store.onlineStore().put(PutCommand.of("text", otherWriter("2025-03-10T12:00:00.123456789Z")));
            store.onlineStore().put(PutCommand.of("epoch", otherWriter("1741608000.1234567")));
            clock.advance(Duration.ofHours(2));

            store.purgeExpired();

            assertThat(store.history(text).get(1).record().text("event_time"))
                    .isEqualTo("2025-03-10T13:00:00.123456789Z");
            assertThat(store.history(epoch).get(1).record().text("event_time")).startsWith("1741611600.1234567");
        }

        private WireRecord otherWriter(String time) {
            return WireRecord.of(new String[] {"id", "event_time"}, new Object[] {"a", time});
        }
    }

    @Nested
    class Batches {
        private List<String> order(ServiceBehaviour.BatchGetOrder order, long seed) {
            InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .seed(seed)
                    .behaviour(ServiceBehaviour.defaults().withBatchGetOrder(order))
                    .build();
            List<String> ids =
                    IntStream.range(0, 20).mapToObj(Integer::toString).toList();
            ids.forEach(id -> store.group(CARDS).put(record(id, NOON, 1)));
            return store
                    .onlineStore()
                    .batchGet(new BatchGetCommand(
                            List.of(new BatchGetCommand.Part("cards", ids, List.of())), Deadline.none()))
                    .records()
                    .keySet()
                    .stream()
                    .map(RecordKey::identifier)
                    .toList();
        }

        @Test
        void comeInAnOrderOfTheirOwnThatTheSeedDecides() {
            List<String> shuffled = order(ServiceBehaviour.BatchGetOrder.SHUFFLED, 7);

            assertThat(shuffled)
                    .isEqualTo(order(ServiceBehaviour.BatchGetOrder.SHUFFLED, 7))
                    .isNotEqualTo(order(ServiceBehaviour.BatchGetOrder.SHUFFLED, 8))
                    .containsExactlyInAnyOrderElementsOf(order(ServiceBehaviour.BatchGetOrder.REQUEST, 7));
        }

        @Test
        void comeInTheOrderOfTheRequestIfTheServiceKeepsIt() {
            assertThat(order(ServiceBehaviour.BatchGetOrder.REQUEST, 7))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void aTokenThatNoPageReturnedIsRefused() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
        store.group(CARDS);

        assertThatThrownBy(() ->
                        store.onlineStore().list(new ListCommand("cards", false, 10, "s3cret-token", Deadline.none())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("token")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void filesAreForTheLocalOfflineStore() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);

        assertThatThrownBy(() -> store.view(VIEW)
                        .trainingSet(Spine.rows(List.of()))
                        .unload(URI.create("file:///data/set.parquet")))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("LocalOfflineStore");
        assertThatThrownBy(() ->
                        store.view(VIEW).trainingSet(Spine.table("labels")).run())
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("LocalOfflineStore");
    }

    @Test
    void manyThreadsLoseNothing() throws InterruptedException, ExecutionException {
        InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
        int threads = 8;
        int writes = 500;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String thread = Integer.toString(t);
                running.add(pool.submit(() -> writeAndRead(store, thread, writes)));
            }
            for (Future<Integer> one : running) {
                assertThat(one.get()).isEqualTo(writes);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(store.history(CARDS)).hasSize(2 * threads * writes);
        assertThat(store.group(CARDS).find("shared").flatMap(record -> record.find(COUNT)))
                .contains(writes - 1L);
    }

    /** The number of records that were read back as they were written. */
    private static int writeAndRead(InMemoryFeatureStore store, String thread, int writes) {
        int readBack = 0;
        for (int i = 0; i < writes; i++) {
            FeatureRecord own = record(thread + "-" + i, NOON, i);
            store.group(CARDS).put(own);
            store.group(CARDS).put(record("shared", NOON.plusNanos(i), i));
            if (store.group(CARDS).find(thread + "-" + i).equals(Optional.of(own))) {
                readBack++;
            }
        }
        return readBack;
    }

    @Nested
    class Clock {
        @Test
        void standsUntilItIsMoved() {
            assertThat(clock.instant()).isEqualTo(NOON);

            clock.advance(Duration.ofNanos(1));
            assertThat(clock.instant()).isEqualTo(NOON.plusNanos(1));

            clock.set(NOON.plusSeconds(1));
            clock.advance(Duration.ZERO);
            assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(1));
            assertThat(clock).hasToString("manual clock at " + NOON.plusSeconds(1));
        }

        @Test
        void isThatOfTheLocalOfflineStoreTooWhicheverThatWasOpenedOn(@TempDir Path folder) {
            ManualClock ahead = ManualClock.startingAt(Instant.parse("2125-01-01T00:00:00Z"));
            try (LocalOfflineStore local = LocalOfflineStore.at(folder);
                    InMemoryFeatureStore both = InMemoryFeatureStore.builder()
                            .clock(ahead)
                            .offlineStore(local)
                            .build()) {
                both.group(CARDS)
                        .put(CARDS.newRecord()
                                .set(ID, "a")
                                .set(TIME, ahead.instant())
                                .set(COUNT, 7L)
                                .build());
                ahead.advance(Duration.ofMinutes(1));
                Spine labels = Spine.rows(List.of(SpineRow.of(ahead.instant(), Map.of("id", "a"))));

                try (TrainingRows rows = both.view(VIEW).trainingSet(labels).run()) {
                    assertThat(rows.iterator().next().vector().find(COUNT)).contains(7L);
                }
            }
        }

        @Test
        void doesNotGoBack() {
            assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Time does not go back");
            assertThatThrownBy(() -> clock.set(NOON.minusNanos(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Time does not go back");
        }
    }
}
