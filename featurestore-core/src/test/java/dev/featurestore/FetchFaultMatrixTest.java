package dev.featurestore;

import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.card;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FetchOptions.OnFailure;
import dev.featurestore.FetchOptions.Reads;
import dev.featurestore.errors.AccessDeniedException;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever goes wrong with a read, however it was made, the group has failed, and for that reason: it is never absent, never
 * found, and not remembered. Time passes when the test says so.
 */
class FetchFaultMatrixTest {
    private static final Duration TIMEOUT = Duration.ofMillis(10);

    private static final Duration STALENESS = Duration.ofSeconds(30);

    /** One card is there, the other not. */
    private static final List<Map<String, Object>> KEYS = List.of(Map.of("card", 1L), Map.of("card", 2L));

    /** What the store does with each request. */
    private enum Failure {
        THROTTLED(ErrorCode.THROTTLED),
        UNAVAILABLE(ErrorCode.UNAVAILABLE),
        DENIED(ErrorCode.ACCESS_DENIED),
        GROUP_NOT_FOUND(ErrorCode.FEATURE_GROUP_NOT_FOUND),
        NO_ANSWER(ErrorCode.DEADLINE_EXCEEDED),
        /** A batch that gets to nothing, however often it is asked for. */
        UNPROCESSED(ErrorCode.UNAVAILABLE),
        /** A batch with an error for each record. */
        KEY_ERRORS(ErrorCode.ACCESS_DENIED);

        private final ErrorCode code;

        Failure(ErrorCode code) {
            this.code = code;
        }

        /** Null if it is none of the whole request. */
        @Nullable
        FeatureStoreException exception() {
            return switch (this) {
                case THROTTLED -> new ThrottledException("Slow down");
                case UNAVAILABLE -> new StoreUnavailableException("Not now");
                case DENIED -> new AccessDeniedException("Not you");
                case GROUP_NOT_FOUND -> new FeatureGroupNotFoundException("No such group");
                case NO_ANSWER, UNPROCESSED, KEY_ERRORS -> null;
            };
        }

        /** Repeats are ended by their number or by the deadline, whichever comes first. */
        boolean isTold(ErrorCode told) {
            return told == code || (this == UNPROCESSED && told == ErrorCode.DEADLINE_EXCEEDED);
        }

        boolean isOfBatches() {
            return this == UNPROCESSED || this == KEY_ERRORS;
        }
    }

    /** How a read is made. */
    private enum Way {
        SINGLE,
        BATCH,
        HEDGED,
        HEDGED_BATCH,
        /** The record is in the cache, and too stale. */
        CACHED,
        /** Another fetch has asked, and waits as well. */
        SHARED;

        FetchOptions options() {
            FetchOptions options = FetchOptions.defaults().withHedging(0);
            return switch (this) {
                case SINGLE, CACHED, SHARED -> options.withReads(Reads.GET_RECORD);
                case BATCH -> options.withReads(Reads.BATCH_GET_RECORD);
                case HEDGED -> options.withReads(Reads.GET_RECORD).withHedging(0.5);
                case HEDGED_BATCH ->
                    options.withReads(Reads.BATCH_GET_RECORD).withHedging(0.5).withHedgedBatches();
            };
        }

        boolean isBatch() {
            return this == BATCH || this == HEDGED_BATCH;
        }
    }

    private final Store store = new Store();

    private final List<Alarm> alarms = new ArrayList<>();

    private final List<FetchReport> reports = new ArrayList<>();

    private long nanos = 1;

    private Instant now = Fraud.NOON;

    static Stream<Arguments> matrix() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Failure.values())
                        .filter(failure -> way.isBatch() || !failure.isOfBatches())
                        .flatMap(failure ->
                                Stream.of(OnFailure.values()).map(policy -> Arguments.of(way, failure, policy))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("matrix")
    void aReadThatFailedIsNeverAbsent(Way way, Failure failure, OnFailure policy) {
        FeatureView.Builder view = FeatureView.named("fraud").from(CARDS, select -> {
            select.key("card").features(AVERAGE.withDefault(-1.0));
            if (way == Way.CACHED || way == Way.SHARED) {
                select.maxStaleness(STALENESS);
            }
        });
        FeatureViewClient blocking = new FeatureViewClient(
                view.build(),
                way.options().withOnFailure(policy).withListener(reports::add),
                ViewStores.of(store),
                new UnusedOfflineStore(),
                new CallSettings(() -> now, () -> nanos, this::pass, this::alarm, TIMEOUT));
        AsyncFeatureViewClient client = blocking.async();
        before(way, client);

        store.failure = failure;
        store.isHeld = way == Way.SHARED;
        CompletableFuture<List<FeatureVector>> other =
                way == Way.SHARED ? client.fetchAll(KEYS, TIMEOUT) : CompletableFuture.completedFuture(List.of());
        CompletableFuture<List<FeatureVector>> fetched = client.fetchAll(KEYS, TIMEOUT);
        store.letGo();
        drive(other);
        drive(fetched);

        check(fetched, failure, policy);
        if (way == Way.SHARED) {
            check(other, failure, policy);
        }
        FetchReport report = reports.get(reports.size() - 1);
        assertThat(report.groups().get(0).found() + report.groups().get(0).absent())
                .isZero();
        if ((way == Way.HEDGED || way == Way.HEDGED_BATCH) && failure == Failure.NO_ANSWER) {
            assertThat(report.hedges()).isPositive();
        }

        store.failure = null;
        CompletableFuture<List<FeatureVector>> healed = client.fetchAll(KEYS, TIMEOUT);
        drive(healed);
        assertThat(healed.join())
                .extracting(vector -> vector.result("cards").status())
                .containsExactly(Status.FOUND, Status.ABSENT);
    }

    /** What a way needs to have happened before. */
    private void before(Way way, AsyncFeatureViewClient client) {
        switch (way) {
            case SINGLE, BATCH, SHARED -> {}
            case HEDGED, HEDGED_BATCH -> {
                store.isHeld = true;
                for (int i = 0; i < RecentLatencies.ENOUGH; i++) {
                    CompletableFuture<List<FeatureVector>> quick = client.fetchAll(KEYS, TIMEOUT);
                    nanos += Duration.ofMillis(3).toNanos();
                    store.letGoOnce();
                    assertThat(quick).isCompleted();
                }
                store.isHeld = false;
            }
            case CACHED -> {
                assertThat(client.fetchAll(KEYS, TIMEOUT)).isCompleted();
                now = now.plus(STALENESS);
                store.failure = Failure.UNAVAILABLE;
                assertThat(client.fetchAll(KEYS, TIMEOUT).join())
                        .as("from the cache")
                        .extracting(vector -> vector.result("cards").status())
                        .containsExactly(Status.FOUND, Status.ABSENT);
                now = now.plusNanos(1);
            }
        }
    }

    private void check(CompletableFuture<List<FeatureVector>> fetched, Failure failure, OnFailure policy) {
        assertThat(fetched).isDone();
        if (policy == OnFailure.FAIL) {
            assertThatThrownBy(fetched::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            thrown -> assertThat(thrown.code()).matches(failure::isTold));
            return;
        }
        for (FeatureVector vector : fetched.join()) {
            assertThat(vector.result("cards").status()).isEqualTo(Status.FAILED);
            assertThat(vector.result("cards").failure())
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            thrown -> assertThat(thrown.code()).matches(failure::isTold));
            assertThat(vector.isComplete()).isFalse();
            if (policy == OnFailure.DEFAULTS) {
                assertThat(vector.toDoubleArray()).containsExactly(-1.0);
            } else {
                assertThatThrownBy(vector::toDoubleArray).isInstanceOf(FeatureStoreException.class);
                assertThatThrownBy(() -> vector.find(AVERAGE)).isInstanceOf(FeatureStoreException.class);
            }
        }
    }

    private void pass(Duration pause) {
        nanos += pause.toNanos();
    }

    private CompletableFuture<Void> alarm(Duration pause) {
        Alarm alarm = new Alarm(nanos + pause.toNanos(), new CompletableFuture<>());
        alarms.add(alarm);
        return alarm.future();
    }

    private record Alarm(long due, CompletableFuture<Void> future) {}

    /** Lets time pass from one alarm to the next until the fetch is over. */
    private void drive(CompletableFuture<?> fetched) {
        for (int step = 0; step < 100 && !fetched.isDone(); step++) {
            alarms.removeIf(alarm -> alarm.future().isDone());
            Alarm next = Collections.min(alarms, Comparator.comparingLong(Alarm::due));
            nanos = Math.max(nanos, next.due());
            next.future().complete(null);
        }
    }

    /** Fails each request in one way, or answers it. It is not a feature store. */
    private static final class Store implements AsyncOnlineStore {
        private final List<Runnable> held = new ArrayList<>();

        private @Nullable Failure failure;

        private boolean isHeld;

        private static Optional<StoredRecord> stored(String identifier) {
            return identifier.equals("1")
                    ? Optional.of(new StoredRecord(WireRecord.encode(card(1, Fraud.NOON, 3.0)), null))
                    : Optional.empty();
        }

        private <T> CompletableFuture<T> answer(Function<@Nullable Failure, T> answer) {
            CompletableFuture<T> future = new CompletableFuture<>();
            Runnable settle = () -> {
                if (failure == null || failure.isOfBatches()) {
                    future.complete(answer.apply(failure));
                } else {
                    FeatureStoreException exception = failure.exception();
                    if (exception != null) {
                        future.completeExceptionally(exception);
                    }
                }
            };
            if (isHeld) {
                held.add(settle);
            } else {
                settle.run();
            }
            return future;
        }

        void letGoOnce() {
            List<Runnable> all = List.copyOf(held);
            held.clear();
            all.forEach(Runnable::run);
        }

        void letGo() {
            isHeld = false;
            letGoOnce();
        }

        @Override
        public Set<BackendCapability> capabilities() {
            return Set.of();
        }

        @Override
        public CompletableFuture<Optional<StoredRecord>> get(GetCommand command) {
            return answer(any -> stored(command.identifier()));
        }

        @Override
        public CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command) {
            List<RecordKey> keys = ScriptedOnlineStore.keys(command);
            return answer(fails -> {
                if (fails == Failure.UNPROCESSED) {
                    return new BatchGetOutcome(Map.of(), Map.of(), keys);
                }
                if (fails == Failure.KEY_ERRORS) {
                    return new BatchGetOutcome(
                            Map.of(),
                            keys.stream().collect(Collectors.toMap(key -> key, key -> new AccessDeniedException("No"))),
                            List.of());
                }
                return new BatchGetOutcome(
                        keys.stream()
                                .filter(key -> stored(key.identifier()).isPresent())
                                .collect(Collectors.toMap(
                                        key -> key,
                                        key -> stored(key.identifier()).orElseThrow())),
                        Map.of(),
                        List.of());
            });
        }

        @Override
        public CompletableFuture<Void> put(PutCommand command) {
            throw new UnsupportedOperationException("Only read");
        }

        @Override
        public CompletableFuture<Void> delete(DeleteCommand command) {
            throw new UnsupportedOperationException("Only read");
        }
    }
}
