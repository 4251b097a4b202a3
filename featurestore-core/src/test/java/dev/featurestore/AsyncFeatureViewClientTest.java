package dev.featurestore;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.card;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.DeadlineExceededException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Requests are answered, and time passes, when the test says so. */
class AsyncFeatureViewClientTest {
    private static final Duration TEN_MILLIS = Duration.ofMillis(10);

    private static final Map<String, Object> KEYS = Map.of("txn", "t1", "card", 1L);

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(CARDS, select -> select.key("card").features(AVERAGE.withDefault(-1.0)))
            .build();

    private static final FeatureView STALE = FeatureView.named("stale")
            .from(CARDS, select -> select.key("card").features(AVERAGE).maxStaleness(Duration.ofSeconds(30)))
            .build();

    private final HeldOnlineStore store = new HeldOnlineStore();

    private final List<FetchReport> reports = new ArrayList<>();

    private final List<CompletableFuture<Void>> alarms = new ArrayList<>();

    private final List<Duration> pauses = new ArrayList<>();

    private long nanos = 1;

    private Instant now = NOON;

    private AsyncFeatureViewClient client(FeatureView view, FetchOptions options) {
        AsyncSleeper sleeper = duration -> {
            CompletableFuture<Void> alarm = new CompletableFuture<>();
            alarms.add(alarm);
            pauses.add(duration);
            return alarm;
        };
        return new FeatureViewClient(
                        view,
                        options.withListener(reports::add),
                        ViewStores.of(store),
                        new UnusedOfflineStore(),
                        new CallSettings(() -> now, () -> nanos, pause -> {}, sleeper, Duration.ofSeconds(10)))
                .async();
    }

    private final AsyncFeatureViewClient client = client(VIEW, FetchOptions.defaults());

    private void pass(Duration time) {
        nanos += time.toNanos();
        now = now.plus(time);
        CompletableFuture<Void> alarm = alarms.get(alarms.size() - 1);
        alarm.complete(null);
    }

    private static Optional<StoredRecord> stored(FeatureRecord record) {
        return Optional.of(new StoredRecord(WireRecord.encode(record), null));
    }

    private void answer(int request, FeatureRecord record) {
        store.answers.get(request).complete(stored(record));
    }

    @Test
    void readsAllGroupsAtOnceAndCompletesWithTheLast() {
        CompletableFuture<FeatureVector> fetched = client.fetch(KEYS, TEN_MILLIS);
        assertThat(store.gets).hasSize(2);
        answer(1, card(1, NOON, 3.0));
        assertThat(fetched).isNotDone();
        answer(0, transaction("t1", NOON, 12.5));

        assertThat(fetched.join().toDoubleArray()).containsExactly(12.5, 0.0, 3.0);
        assertThat(alarms).as("the alarm of the deadline").allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void isOverAtTheDeadlineWhateverTheStoreDoes() {
        CompletableFuture<FeatureVector> fetched = client.fetch(KEYS, TEN_MILLIS);
        answer(0, transaction("t1", NOON, 12.5));
        assertThat(pauses.get(0)).isEqualTo(TEN_MILLIS);
        pass(TEN_MILLIS);

        FeatureVector vector = fetched.join();
        assertThat(vector.find(AMOUNT)).contains(12.5);
        assertThat(vector.result("cards").status()).isEqualTo(Status.FAILED);
        assertThat(vector.result("cards").failure()).isInstanceOf(DeadlineExceededException.class);
        assertThat(vector.isComplete()).isFalse();
        assertThatThrownBy(vector::toDoubleArray).isInstanceOf(DeadlineExceededException.class);
        assertThat(store.answers.get(1)).isCancelled();
    }

    @Test
    void givesDefaultsForWhatFailedIfToldTo() {
        CompletableFuture<FeatureVector> fetched = client(
                        VIEW, FetchOptions.defaults().withOnFailure(FetchOptions.OnFailure.DEFAULTS))
                .fetch(KEYS, TEN_MILLIS);
        answer(0, transaction("t1", NOON, 12.5));
        pass(TEN_MILLIS);

        FeatureVector vector = fetched.join();
        assertThat(vector.toDoubleArray()).containsExactly(12.5, 0.0, -1.0);
        assertThat(vector.find(AVERAGE)).contains(-1.0);
        assertThat(vector.result("cards").status()).isEqualTo(Status.FAILED);
        assertThat(vector.isComplete()).isFalse();
    }

    @Test
    void failsForWhatFailedIfToldTo() {
        CompletableFuture<FeatureVector> fetched = client(
                        VIEW, FetchOptions.defaults().withOnFailure(FetchOptions.OnFailure.FAIL))
                .fetch(KEYS, TEN_MILLIS);
        answer(0, transaction("t1", NOON, 12.5));
        pass(TEN_MILLIS);

        assertThatThrownBy(fetched::join).hasCauseInstanceOf(DeadlineExceededException.class);
        assertThat(reports).hasSize(1);
    }

    @Test
    void asksASecondTimeForTheSlowTail() {
        AsyncFeatureViewClient hedging = client(VIEW, FetchOptions.defaults().withHedging(0.5));
        for (int i = 0; i < RecentLatencies.ENOUGH; i++) {
            CompletableFuture<FeatureVector> quick = hedging.fetch(KEYS, TEN_MILLIS);
            nanos += TimeUnit.MILLISECONDS.toNanos(3);
            answer(2 * i, transaction("t1", NOON, 12.5));
            answer(2 * i + 1, card(1, NOON, 3.0));
            assertThat(quick).isCompleted();
        }
        int before = store.gets.size();

        CompletableFuture<FeatureVector> slow = hedging.fetch(KEYS, TEN_MILLIS);
        answer(before, transaction("t1", NOON, 12.5));
        assertThat(pauses.get(pauses.size() - 1)).isEqualTo(Duration.ofMillis(3));
        pass(Duration.ofMillis(3));
        assertThat(store.gets).hasSize(before + 3);
        answer(before + 2, card(1, NOON, 4.0));

        assertThat(slow.join().find(AVERAGE)).contains(4.0);
        assertThat(store.answers.get(before + 1)).isCancelled();
        FetchReport report = reports.get(reports.size() - 1);
        assertThat(report.getRecords()).isEqualTo(3);
        assertThat(report.hedges()).isEqualTo(1);
        assertThat(report.hedgesWon()).isEqualTo(1);
    }

    @Test
    void repeatsWhatFailedInPassing() {
        CompletableFuture<FeatureVector> fetched = client.fetch(KEYS, TEN_MILLIS);
        answer(0, transaction("t1", NOON, 12.5));
        store.answers.get(1).completeExceptionally(new ThrottledException("Slow down"));
        assertThat(fetched).isNotDone();
        pass(Duration.ofMillis(2));
        answer(2, card(1, NOON, 3.0));

        assertThat(fetched.join().find(AVERAGE)).contains(3.0);
        assertThat(reports.get(0).repeats()).isEqualTo(1);
    }

    @Test
    void failsWithWhatNoStoreShouldFailWith() {
        CompletableFuture<FeatureVector> fetched = client.fetch(KEYS, TEN_MILLIS);
        IllegalStateException defect = new IllegalStateException("A defect");
        store.answers.get(1).completeExceptionally(defect);

        assertThatThrownBy(fetched::join).hasCause(defect);
        assertThat(store.answers.get(0)).isCancelled();
    }

    @Test
    void tellsBadInputByTheFuture() {
        assertThat(client.fetch(Map.of("txn", "t1"), TEN_MILLIS))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RecordMappingException.class);
        assertThat(client.fetch(KEYS, Duration.ZERO)).isCompletedExceptionally();
        assertThat(store.gets).isEmpty();
    }

    @Test
    void cancelsItsRequestsWhenItIsCancelled() {
        CompletableFuture<FeatureVector> fetched = client.fetch(KEYS, TEN_MILLIS);
        fetched.cancel(true);

        assertThat(store.answers).allMatch(CompletableFuture::isCancelled);
        assertThat(alarms).allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void fetchesManyInTheirOrder() {
        CompletableFuture<List<FeatureVector>> fetched =
                client.fetchAll(List.of(Map.of("txn", "t2", "card", 1L), Map.of("txn", "t1", "card", 1L)), TEN_MILLIS);
        answer(2, transaction("t1", NOON, 1.0));
        answer(0, transaction("t2", NOON, 2.0));
        answer(1, card(1, NOON, 3.0));

        assertThat(fetched.join())
                .extracting(vector -> vector.toDouble("amount"))
                .containsExactly(2.0, 1.0);
        assertThat(store.gets).hasSize(3);
    }

    @Test
    void needsAnAsynchronousStore() {
        FeatureViewClient blocking = new FeatureViewClient(
                VIEW,
                FetchOptions.defaults(),
                ViewStores.of(new ScriptedOnlineStore(), null, Runnable::run),
                new UnusedOfflineStore(),
                new CallSettings(() -> now, () -> nanos, pause -> {}, AsyncSleeper.system(), TEN_MILLIS));

        assertThatThrownBy(blocking::async)
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageStartingWith("There is no asynchronous client of feature view 'fraud'");
    }

    @Nested
    class Stale {
        private final AsyncFeatureViewClient stale = client(STALE, FetchOptions.defaults());

        private CompletableFuture<FeatureVector> fetch(Duration timeout) {
            return stale.fetch(Map.of("card", 1L), timeout);
        }

        @Test
        void recordsComeFromTheCacheUntilTheyAreTooStale() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            answer(0, card(1, NOON, 3.0));
            assertThat(first.join().result("cards").staleness()).isEqualTo(Duration.ZERO);

            now = NOON.plusSeconds(30);
            FeatureVector second = fetch(TEN_MILLIS).join();
            assertThat(second.find(AVERAGE)).contains(3.0);
            assertThat(second.result("cards").staleness()).isEqualTo(Duration.ofSeconds(30));
            assertThat(second.age("cards")).contains(Duration.ofSeconds(30));
            assertThat(reports.get(1).groups().get(0).stale()).isEqualTo(1);

            now = NOON.plusSeconds(30).plusNanos(1);
            assertThat(fetch(TEN_MILLIS)).isNotDone();
            assertThat(store.gets).hasSize(2);
        }

        @Test
        void absenceComesFromTheCacheToo() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            store.answers.get(0).complete(Optional.empty());
            assertThat(first.join().result("cards").status()).isEqualTo(Status.ABSENT);
            now = NOON.plusSeconds(1);

            assertThat(fetch(TEN_MILLIS).join().result("cards").status()).isEqualTo(Status.ABSENT);
            assertThat(store.gets).hasSize(1);
        }

        @Test
        void recordsOfTheCacheExpireAllTheSame() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            store.answers
                    .get(0)
                    .complete(
                            Optional.of(new StoredRecord(WireRecord.encode(card(1, NOON, 3.0)), NOON.plusSeconds(5))));
            first.join();
            now = NOON.plusSeconds(5);

            assertThat(fetch(TEN_MILLIS).join().result("cards").status()).isEqualTo(Status.EXPIRED);
            assertThat(store.gets).hasSize(1);
        }

        @Test
        void failuresAreNeverKept() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            pass(TEN_MILLIS);
            assertThat(first.join().isComplete()).isFalse();

            CompletableFuture<FeatureVector> second = fetch(TEN_MILLIS);
            answer(1, card(1, NOON, 3.0));
            assertThat(second.join().find(AVERAGE)).contains(3.0);
        }

        @Test
        void nothingIsKeptWithoutACache() {
            AsyncFeatureViewClient without =
                    client(STALE, FetchOptions.defaults().withCachedRecords(0));
            CompletableFuture<FeatureVector> first = without.fetch(Map.of("card", 1L), TEN_MILLIS);
            answer(0, card(1, NOON, 3.0));
            assertThat(first).isCompleted();
            assertThat(without.fetch(Map.of("card", 1L), TEN_MILLIS)).isNotDone();

            assertThat(store.gets).hasSize(2);
        }

        @Test
        void readsUnderWayAreShared() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            now = NOON.plusMillis(4);
            CompletableFuture<FeatureVector> second = fetch(TEN_MILLIS);
            assertThat(store.gets).hasSize(1);
            answer(0, card(1, NOON, 3.0));

            assertThat(first.join().result("cards").staleness()).isEqualTo(Duration.ZERO);
            assertThat(second.join().find(AVERAGE)).contains(3.0);
            assertThat(second.join().result("cards").staleness()).isEqualTo(Duration.ofMillis(4));
            assertThat(reports).extracting(FetchReport::shared).containsExactlyInAnyOrder(0, 1);
        }

        @Test
        void aSharedReadThatRunsOutOfItsTimeIsAskedForAnew() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            CompletableFuture<Void> firstAlarm = alarms.get(0);
            CompletableFuture<FeatureVector> second = fetch(Duration.ofSeconds(1));
            nanos += TEN_MILLIS.toNanos();
            firstAlarm.complete(null);
            assertThat(first.join().isComplete()).isFalse();
            assertThat(store.gets).hasSize(2);
            answer(1, card(1, NOON, 3.0));

            assertThat(second.join().find(AVERAGE)).contains(3.0);
        }

        @Test
        void aSharedReadDoesNotEndWithAFetchThatSharesIt() {
            CompletableFuture<FeatureVector> first = fetch(TEN_MILLIS);
            fetch(TEN_MILLIS).cancel(true);
            answer(0, card(1, NOON, 3.0));

            assertThat(first.join().find(AVERAGE)).contains(3.0);
        }

        @Test
        void readsUnderWayOfOtherGroupsAreNotShared() {
            assertThat(client.fetch(KEYS, TEN_MILLIS)).isNotDone();
            assertThat(client.fetch(KEYS, TEN_MILLIS)).isNotDone();

            assertThat(store.gets).hasSize(4);
        }
    }

    @Test
    void textNamesTheView() {
        assertThat(client).hasToString("asynchronous client of feature view 'fraud' (3 columns)");
        assertThat(client.definition()).isSameAs(VIEW);
    }
}
