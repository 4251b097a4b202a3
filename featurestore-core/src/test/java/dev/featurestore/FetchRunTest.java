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
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fetches that block: on threads, on stores that never answer, and when they are interrupted. */
class FetchRunTest {
    private static final Map<String, Object> KEYS = Map.of("txn", "t1", "card", 1L);

    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(CARDS, select -> select.key("card").features(AVERAGE))
            .build();

    private static final FeatureView CARD = FeatureView.named("card")
            .from(CARDS, select -> select.key("card").features(AVERAGE))
            .build();

    private final ScriptedOnlineStore store = new ScriptedOnlineStore()
            .with("transactions", "t1", WireRecord.encode(transaction("t1", NOON, 12.5)), null)
            .with("cards", "1", WireRecord.encode(card(1, NOON, 3.0)), null);

    private final List<Duration> pauses = new ArrayList<>();

    private final List<FetchReport> reports = new ArrayList<>();

    private final FetchThreads threads = new FetchThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    private FeatureViewClient client(FeatureView view, FetchOptions options, ViewStores stores) {
        CallSettings settings = new CallSettings(
                () -> NOON, System::nanoTime, pauses::add, AsyncSleeper.system(), Duration.ofSeconds(10));
        return new FeatureViewClient(
                view, options.withListener(reports::add), stores, new UnusedOfflineStore(), settings);
    }

    private FeatureViewClient threaded(FeatureView view, FetchOptions options) {
        return client(view, options, ViewStores.of(store, null, threads));
    }

    @Test
    void readsAtTheSameTimeOnThreads() {
        CountDownLatch both = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            store.nextGet(command -> {
                both.countDown();
                awaited(both);
                return store.stored(command);
            });
        }

        FeatureVector vector = threaded(VIEW, FetchOptions.defaults()).fetch(KEYS);

        assertThat(vector.toDoubleArray()).containsExactly(12.5, 0.0, 3.0);
    }

    @Test
    void makesASingleRequestItselfIfItIsNotHedged() {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            store.nextGet(command -> {
                callers.add(Thread.currentThread());
                return store.stored(command);
            });
        }

        threaded(CARD, FetchOptions.defaults().withHedging(0)).fetch(KEYS);
        threaded(CARD, FetchOptions.defaults()).fetch(KEYS);

        assertThat(callers.get(0)).isSameAs(Thread.currentThread());
        assertThat(callers.get(1).getName()).startsWith("featurestore-fetch-");
    }

    @Test
    void isOverAtTheDeadlineWhateverTheStoreDoes() {
        FeatureVector vector = client(VIEW, FetchOptions.defaults(), ViewStores.of(new HeldOnlineStore()))
                .fetch(KEYS, Duration.ofNanos(1));

        assertThat(vector.results())
                .allSatisfy(group -> assertThat(group.failure()).isInstanceOf(DeadlineExceededException.class));
        assertThat(reports.get(0).groups())
                .allSatisfy(group -> assertThat(group.timedOut()).isEqualTo(1));
    }

    @Test
    void anInterruptEndsItAndStays() {
        HeldOnlineStore held = new HeldOnlineStore();
        Thread.currentThread().interrupt();
        FeatureVector vector =
                client(VIEW, FetchOptions.defaults(), ViewStores.of(held)).fetch(KEYS);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(vector.result("cards").failure())
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("interrupted");
        assertThat(held.answers).allMatch(answer -> answer.isCancelled());
    }

    @Test
    void pausesWithTheSleeperBeforeARepeat() {
        store.nextGet(command -> {
            throw new ThrottledException("Slow down");
        });

        FeatureVector vector =
                client(CARD, FetchOptions.defaults(), store.forViews()).fetch(KEYS);

        assertThat(vector.find(AVERAGE)).contains(3.0);
        assertThat(pauses)
                .singleElement()
                .satisfies(pause -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(2)));
    }

    @Test
    void throwsWhatNoStoreShouldThrow() {
        IllegalStateException defect = new IllegalStateException("A defect");
        store.nextGet(command -> {
            throw defect;
        });
        FeatureViewClient client = client(VIEW, FetchOptions.defaults(), store.forViews());

        assertThatThrownBy(() -> client.fetch(KEYS)).isSameAs(defect);
    }

    @Test
    void warmingUpSaysHowOftenTheStoreAnsweredAndTellsNoListener() {
        store.nextGet(command -> {
            throw new StoreUnavailableException("Not yet");
        });
        FeatureViewClient client = client(CARD, FetchOptions.defaults(), ViewStores.of(store, null, Runnable::run));

        assertThat(client.warmUp(KEYS, 5)).isEqualTo(5);
        assertThat(store.gets).hasSize(6);
        assertThat(reports).isEmpty();
    }

    @Test
    void aListenerThatFailsDoesNotFailTheFetch() {
        FeatureViewClient client = client(CARD, FetchOptions.defaults(), store.forViews());
        FeatureViewClient failing = new FeatureViewClient(
                CARD,
                FetchOptions.defaults().withListener(report -> {
                    throw new IllegalStateException("A defect of the listener");
                }),
                store.forViews(),
                new UnusedOfflineStore(),
                new CallSettings(
                        () -> NOON, System::nanoTime, pauses::add, AsyncSleeper.system(), Duration.ofSeconds(1)));

        assertThat(failing.fetch(KEYS)).isEqualTo(client.fetch(KEYS));
    }

    @Test
    void reportsWhatItDid() {
        client(VIEW, FetchOptions.defaults(), store.forViews())
                .fetchAll(List.of(KEYS, Map.of("txn", "t2", "card", 1L)), Duration.ofSeconds(1));

        FetchReport report = reports.get(0);
        assertThat(report.view()).isEqualTo("fraud");
        assertThat(report.vectors()).isEqualTo(2);
        assertThat(report.getRecords()).isEqualTo(3);
        assertThat(report.defaultsUsed()).as("the count of both transactions").isEqualTo(2);
        FetchReport.Group transactions = report.groups().get(0);
        assertThat(transactions.found()).isEqualTo(1);
        assertThat(transactions.absent()).isEqualTo(1);
        assertThat(transactions.oldest()).isEqualTo(Duration.ZERO);
        assertThat(transactions.latency()).isPositive();
        assertThat(report.groups().get(1).found()).isEqualTo(2);
        assertThat(report.toString()).doesNotContain("t1").doesNotContain("12.5");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
