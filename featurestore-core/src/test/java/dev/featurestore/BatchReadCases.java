package dev.featurestore;

import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.transaction;
import static dev.featurestore.ScriptedOnlineStore.keys;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How any number of records is read, whoever drives the {@link BatchRead}. */
abstract class BatchReadCases {
    private static final WireRecord RECORD = WireRecord.encode(transaction("t", NOON, 1.0));

    final ScriptedOnlineStore store = new ScriptedOnlineStore();

    final List<Duration> pauses = new ArrayList<>();

    private long now;

    abstract BatchRead.Answers read(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline);

    final void paused(Duration pause) {
        pauses.add(pause);
        now += pause.toNanos();
    }

    @Nested
    class Requests {
        @Test
        void haveAHundredKeysAtMostInTheOrderAsked() {
            List<RecordKey> keys = keysOf("g", 250);

            read(keys);

            assertThat(store.batchGets)
                    .extracting(command -> keys(command).size())
                    .containsExactly(100, 100, 50);
            assertThat(store.batchGets.stream().flatMap(command -> keys(command).stream()))
                    .containsExactlyElementsOf(keys);
        }

        @Test
        void areOneForExactlyAHundredKeys() {
            read(keysOf("g", 100));

            assertThat(store.batchGets).hasSize(1);
        }

        @Test
        void countTheKeysOfAllGroupsTogether() {
            List<RecordKey> keys = Stream.concat(keysOf("a", 60).stream(), keysOf("b", 60).stream())
                    .toList();

            read(keys);

            assertThat(store.batchGets)
                    .extracting(command -> keys(command).size())
                    .containsExactly(100, 20);
        }

        @Test
        void haveOnePartForEachGroupWithItsFeatures() {
            List<RecordKey> keys = List.of(key("a", 1), key("b", 1), key("a", 2));

            read(keys, Map.of("a", List.of("x", "y")), Deadline.none());

            assertThat(store.batchGets)
                    .singleElement()
                    .extracting(BatchGetCommand::parts)
                    .isEqualTo(List.of(
                            new BatchGetCommand.Part("a", List.of("1", "2"), List.of("x", "y")),
                            new BatchGetCommand.Part("b", List.of("1"), List.of())));
        }

        @Test
        void nameEachKeyOnce() {
            read(List.of(key("g", 1), key("g", 2), key("g", 1)));

            assertThat(keys(store.batchGets.get(0))).containsExactly(key("g", 1), key("g", 2));
        }

        @Test
        void areNotMadeForNoKeys() {
            BatchRead.Answers answers = read(List.of());

            assertThat(store.batchGets).isEmpty();
            assertThat(answers.unprocessed()).isEmpty();
        }
    }

    @Nested
    class Unprocessed {
        @Test
        void keysAndNoOthersAreAskedForAgain() {
            store.with("g", "1", RECORD, null).with("g", "2", RECORD, null);
            store.nextBatch(command -> new BatchGetOutcome(
                    store.answer(new BatchGetCommand(
                                    List.of(new BatchGetCommand.Part("g", List.of("1"), List.of())), Deadline.none()))
                            .records(),
                    Map.of(),
                    List.of(key("g", 2))));

            BatchRead.Answers answers = read(keysOf("g", 3));

            assertThat(keys(store.batchGets.get(1))).containsExactly(key("g", 2));
            assertThat(answers.records()).containsOnlyKeys(key("g", 1), key("g", 2));
            assertThat(answers.failures()).isEmpty();
            assertThat(answers.unprocessed()).isEmpty();
        }

        @Test
        void keysOfSeveralRequestsAreAskedForTogether() {
            for (int i = 0; i < 2; i++) {
                store.nextBatch(command -> new BatchGetOutcome(
                        Map.of(), Map.of(), List.of(keys(command).get(0))));
            }

            read(keysOf("g", 200));

            assertThat(store.batchGets).hasSize(3);
            assertThat(keys(store.batchGets.get(2))).containsExactly(key("g", 1), key("g", 101));
        }

        @Test
        void keysAreGivenUpAfterEightRoundsWithGrowingPauses() {
            never(100);

            BatchRead.Answers answers = read(keysOf("g", 2));

            assertThat(store.batchGets).hasSize(8);
            assertThat(pauses).extracting(Duration::toMillis).containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 128L);
            assertThat(answers.unprocessed()).containsExactly(key("g", 1), key("g", 2));
            assertThat(answers.failure(key("g", 1)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage(
                            "The online store did not get to a record of feature group 'g' before the deadline or within"
                                    + " 8 rounds: allow more time, or ask for fewer records at once")
                    .extracting(e -> Objects.requireNonNull(e).retryable())
                    .isEqualTo(true);
        }

        @Test
        void keysAreGivenUpWhenAPauseWouldReachTheDeadline() {
            never(100);

            BatchRead.Answers answers = read(keysOf("g", 1), deadline(Duration.ofMillis(14)));

            assertThat(pauses).extracting(Duration::toMillis).containsExactly(2L, 4L);
            assertThat(store.batchGets).hasSize(3);
            assertThat(answers.unprocessed()).containsExactly(key("g", 1));
        }

        @Test
        void keysAreAskedForAgainIfTimeIsLeftAfterThePause() {
            never(100);

            read(keysOf("g", 1), deadline(Duration.ofMillis(14).plusNanos(1)));

            assertThat(pauses).extracting(Duration::toMillis).containsExactly(2L, 4L, 8L);
            assertThat(store.batchGets).hasSize(4);
        }

        @Test
        void areAllKeysOfACallThatBeganTooLate() {
            Deadline deadline = deadline(Duration.ofMillis(1));
            now += 1_000_000;

            BatchRead.Answers answers = read(keysOf("g", 150), deadline);

            assertThat(store.batchGets).isEmpty();
            assertThat(pauses).isEmpty();
            assertThat(answers.unprocessed()).hasSize(150);
        }

        @Test
        void areTheKeysOfTheRequestsThatWereLeftAtTheDeadline() {
            store.nextBatch(command -> {
                now += Duration.ofSeconds(1).toNanos();
                return store.answer(command);
            });

            BatchRead.Answers answers = read(keysOf("g", 150), deadline(Duration.ofSeconds(1)));

            assertThat(store.batchGets).hasSize(1);
            assertThat(answers.unprocessed())
                    .containsExactlyElementsOf(keysOf("g", 150).subList(100, 150));
        }

        private void never(int times) {
            for (int i = 0; i < times; i++) {
                store.nextBatch(ScriptedOnlineStore::nothing);
            }
        }
    }

    @Nested
    class Failures {
        private final FeatureStoreException failure = new ThrottledException("Slow down");

        @Test
        void ofOneRequestFailItsKeysOnly() {
            store.with("g", "1", RECORD, null).with("g", "250", RECORD, null);
            store.nextBatch(store::answer).nextBatch(command -> {
                throw failure;
            });

            BatchRead.Answers answers = read(keysOf("g", 250));

            assertThat(answers.records()).containsOnlyKeys(key("g", 1), key("g", 250));
            assertThat(answers.failures())
                    .containsOnlyKeys(keysOf("g", 250).subList(100, 200).toArray(RecordKey[]::new));
            assertThat(answers.failure(key("g", 150))).isSameAs(failure);
            assertThat(answers.failure(key("g", 1))).isNull();
            assertThat(pauses).isEmpty();
        }

        @Test
        void ofOneKeyAreNotAskedForAgain() {
            store.nextBatch(
                    command -> new BatchGetOutcome(Map.of(), Map.of(key("g", 1), failure), List.of(key("g", 2))));

            BatchRead.Answers answers = read(keysOf("g", 2));

            assertThat(keys(store.batchGets.get(1))).containsExactly(key("g", 2));
            assertThat(answers.failures()).containsOnlyKeys(key("g", 1));
            assertThat(answers.unprocessed()).isEmpty();
        }

        @Test
        void endTheRetriesOfTheirKeys() {
            store.nextBatch(ScriptedOnlineStore::nothing).nextBatch(command -> {
                throw failure;
            });

            BatchRead.Answers answers = read(keysOf("g", 1));

            assertThat(store.batchGets).hasSize(2);
            assertThat(answers.failure(key("g", 1))).isSameAs(failure);
        }
    }

    final BatchRead.Answers read(Collection<RecordKey> keys) {
        return read(keys, Deadline.none());
    }

    final BatchRead.Answers read(Collection<RecordKey> keys, Deadline deadline) {
        return read(keys, Collections.emptyMap(), deadline);
    }

    private Deadline deadline(Duration timeout) {
        return Deadline.after(timeout, () -> now);
    }

    static RecordKey key(String group, int identifier) {
        return new RecordKey(group, Integer.toString(identifier));
    }

    static List<RecordKey> keysOf(String group, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> key(group, i)).toList();
    }
}
