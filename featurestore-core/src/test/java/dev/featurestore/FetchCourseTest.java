package dev.featurestore;

import static dev.featurestore.Fraud.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.errors.AccessDeniedException;
import dev.featurestore.errors.DeadlineExceededException;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is decided and when, on a clock that only this test moves. */
class FetchCourseTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static final RecordOutcome ABSENT = new RecordOutcome(null, null, null, NOON);

    private final FeatureStoreException throttled = new ThrottledException("Slow down");

    /** Anything but zero, as {@code System.nanoTime} is. */
    private long now = -5_000 * MILLI;

    private final Hedging hedging = new Hedging(1);

    private final List<FetchRequest> sent = new ArrayList<>();

    private final List<FetchRequest> cancelled = new ArrayList<>();

    private final List<FetchRead> settled = new ArrayList<>();

    private FetchCourse course(List<FetchRead> reads, Duration timeout, int attempts) {
        return new FetchCourse(reads, () -> now, Deadline.after(timeout, () -> now), hedging, attempts);
    }

    private FetchCourse course(FetchRead... reads) {
        return course(List.of(reads), Duration.ofMillis(100), FetchCourse.ATTEMPTS);
    }

    private void carryOut(FetchCourse.Effects effects) {
        sent.addAll(effects.send);
        cancelled.addAll(effects.cancel);
        settled.addAll(effects.settled);
    }

    private void passMillis(long millis) {
        now += millis * MILLI;
    }

    private static RecordKey key(int i) {
        return new RecordKey("cards", Integer.toString(i));
    }

    private static FetchRead plain() {
        return FetchRead.get(key(1), NOON, null);
    }

    private FetchRead hedged() {
        return FetchRead.get(key(1), NOON, learnt(10));
    }

    /** Latencies of which all but few are this long. */
    private RecentLatencies learnt(long millis) {
        RecentLatencies latencies = new RecentLatencies(0.02);
        for (int i = 0; i < RecentLatencies.ENOUGH; i++) {
            latencies.add(millis * MILLI);
        }
        return latencies;
    }

    private static FeatureStoreException failure(FetchRead read) {
        return Objects.requireNonNull(read.outcomes().get(0).failure());
    }

    @Nested
    class Reads {
        @Test
        void areAllSentAtOnceAndOverOnceAllAreAnswered() {
            FetchRead first = plain();
            FetchRead second = plain();
            FetchCourse course = course(first, second);

            carryOut(course.wake());
            assertThat(sent).extracting(FetchRequest::read).containsExactly(first, second);
            assertThat(sent).extracting(FetchRequest::kind).containsOnly(FetchRequest.Kind.FIRST);

            carryOut(course.answered(sent.get(1), List.of(ABSENT)));
            assertThat(course.isOver()).isFalse();
            carryOut(course.answered(sent.get(0), List.of(ABSENT)));
            assertThat(course.isOver()).isTrue();
            assertThat(settled).containsExactly(second, first);
            assertThat(first.outcomes()).containsExactly(ABSENT);
        }

        @Test
        void beyondTheRoomWaitForOneToEnd() {
            List<FetchRead> reads = new ArrayList<>();
            for (int i = 0; i < FetchCourse.GETS_AT_ONCE + 3; i++) {
                reads.add(FetchRead.get(key(i), NOON, null));
            }
            for (int i = 0; i < FetchCourse.BATCHES_AT_ONCE + 1; i++) {
                reads.add(FetchRead.batch(List.of(key(100 + i), key(200 + i)), NOON, null));
            }
            FetchCourse gets = course(reads.subList(0, FetchCourse.GETS_AT_ONCE + 3), Duration.ofSeconds(1), 1);
            carryOut(gets.wake());
            assertThat(sent).hasSize(FetchCourse.GETS_AT_ONCE);
            carryOut(gets.answered(sent.get(5), List.of(ABSENT)));
            assertThat(sent).hasSize(FetchCourse.GETS_AT_ONCE + 1);

            sent.clear();
            FetchCourse batches =
                    course(reads.subList(FetchCourse.GETS_AT_ONCE + 3, reads.size()), Duration.ofSeconds(1), 1);
            carryOut(batches.wake());
            assertThat(sent).hasSize(FetchCourse.BATCHES_AT_ONCE);
            carryOut(batches.failed(sent.get(0), throttled));
            assertThat(sent).hasSize(FetchCourse.BATCHES_AT_ONCE + 1);
        }

        @Test
        void ofNothingAreOverAtOnce() {
            assertThat(course().isOver()).isTrue();
        }
    }

    @Nested
    class Repeats {
        @Test
        void areMadeAfterPausesThatDouble() {
            FetchRead read = plain();
            FetchCourse course = course(read);
            carryOut(course.wake());

            carryOut(course.failed(sent.get(0), throttled));
            assertThat(course.isUnderWay()).isFalse();
            assertThat(course.nanosUntilDue()).isEqualTo(2 * MILLI);
            passMillis(1);
            carryOut(course.wake());
            assertThat(sent).hasSize(1);
            passMillis(1);
            carryOut(course.wake());
            assertThat(sent).hasSize(2);
            assertThat(sent.get(1).kind()).isEqualTo(FetchRequest.Kind.REPEAT);

            carryOut(course.failed(sent.get(1), throttled));
            assertThat(course.nanosUntilDue()).isEqualTo(4 * MILLI);
            passMillis(4);
            carryOut(course.wake());
            carryOut(course.answered(sent.get(2), List.of(ABSENT)));

            assertThat(read.outcomes()).containsExactly(ABSENT);
            assertThat(read.attempts()).isEqualTo(3);
        }

        @Test
        void endAfterThreeAttempts() {
            FetchRead read = plain();
            FetchCourse course = course(read);
            carryOut(course.wake());
            for (int i = 0; i < FetchCourse.ATTEMPTS; i++) {
                carryOut(course.failed(sent.get(i), throttled));
                passMillis(10);
                carryOut(course.wake());
            }

            assertThat(sent).hasSize(FetchCourse.ATTEMPTS);
            assertThat(failure(read)).isSameAs(throttled);
        }

        @Test
        void areNotMadeWhereTheBackendMakesThem() {
            FetchRead read = plain();
            FetchCourse course = course(List.of(read), Duration.ofSeconds(1), 1);
            carryOut(course.wake());
            carryOut(course.failed(sent.get(0), throttled));

            assertThat(course.isOver()).isTrue();
            assertThat(failure(read)).isSameAs(throttled);
        }

        @Test
        void areNotMadeOfWhatWouldFailAgain() {
            FetchRead read = plain();
            FetchCourse course = course(read);
            carryOut(course.wake());
            FeatureStoreException denied = new AccessDeniedException("No", null, null, null);
            carryOut(course.failed(sent.get(0), denied));

            assertThat(failure(read)).isSameAs(denied);
        }

        @Test
        void areNotMadeWithoutTimeForThem() {
            FetchRead read = plain();
            FetchCourse course = course(List.of(read), Duration.ofMillis(10), FetchCourse.ATTEMPTS);
            carryOut(course.wake());
            passMillis(9);
            carryOut(course.failed(sent.get(0), throttled));

            assertThat(course.isOver()).isTrue();
            assertThat(failure(read)).isSameAs(throttled);
        }

        @Test
        void beginAtTheTimeThatASleeperWasAskedFor() {
            FetchCourse course = course(plain());
            carryOut(course.wake());
            carryOut(course.failed(sent.get(0), throttled));

            carryOut(course.wakeAt(course.dueAt()));

            assertThat(sent).hasSize(2);
        }
    }

    @Nested
    class TheDeadline {
        @Test
        void failsWhatIsUnderWayAndCancelsIt() {
            FetchRead answered = plain();
            FetchRead slow = plain();
            FetchCourse course = course(List.of(answered, slow), Duration.ofMillis(10), 1);
            carryOut(course.wake());
            carryOut(course.answered(sent.get(0), List.of(ABSENT)));
            assertThat(course.nanosUntilDue()).isEqualTo(10 * MILLI);
            passMillis(10);
            carryOut(course.wake());

            assertThat(course.isOver()).isTrue();
            assertThat(answered.outcomes()).containsExactly(ABSENT);
            assertThat(failure(slow))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessage(
                            "Fetching feature group 'cards': there was no answer before the deadline; allow more time, or"
                                    + " take defaults for groups that fail");
            assertThat(failure(slow).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(cancelled).containsExactly(sent.get(1));
        }

        @Test
        void failsWhatWasNotEvenSent() {
            List<FetchRead> reads = IntStream.range(0, 6)
                    .mapToObj(i -> FetchRead.batch(List.of(key(i), key(10 + i)), NOON, null))
                    .toList();
            FetchCourse course = course(reads, Duration.ofMillis(10), 1);
            carryOut(course.wake());
            passMillis(11);
            carryOut(course.wake());

            assertThat(reads)
                    .allSatisfy(read -> assertThat(read.outcomes())
                            .hasSize(2)
                            .allSatisfy(outcome ->
                                    assertThat(outcome.failure()).isInstanceOf(DeadlineExceededException.class)));
        }

        @Test
        void leavesAThrottledReadThrottled() {
            FetchRead read = plain();
            FetchCourse course = course(List.of(read), Duration.ofMillis(10), FetchCourse.ATTEMPTS);
            carryOut(course.wake());
            carryOut(course.failed(sent.get(0), throttled));
            passMillis(2);
            carryOut(course.wake());
            passMillis(8);
            carryOut(course.wake());

            assertThat(failure(read)).isSameAs(throttled);
        }

        @Test
        void isWhyABackendGaveUpAMomentBefore() {
            FetchRead read = plain();
            FetchCourse course = course(List.of(read), Duration.ofMillis(10), 1);
            carryOut(course.wake());
            now += 10 * MILLI - 1000;
            FeatureStoreException timeout = new StoreUnavailableException("Too late");
            carryOut(course.failed(sent.get(0), timeout));

            assertThat(failure(read))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasCause(timeout);
        }

        @Test
        void makesNoDifferenceToAnAnswerThatComesAfterIt() {
            FetchRead read = plain();
            FetchCourse course = course(List.of(read), Duration.ofMillis(10), 1);
            carryOut(course.wake());
            passMillis(10);
            carryOut(course.wake());
            carryOut(course.answered(sent.get(0), List.of(ABSENT)));

            assertThat(failure(read)).isInstanceOf(DeadlineExceededException.class);
            assertThat(settled).hasSize(1);
        }
    }

    @Nested
    class Hedges {
        @Test
        void areSentAfterTheLearntTimeAndTheFirstAnswerCounts() {
            FetchRead read = hedged();
            FetchCourse course = course(read);
            carryOut(course.wake());
            assertThat(course.nanosUntilDue()).isEqualTo(10 * MILLI);
            passMillis(9);
            carryOut(course.wake());
            assertThat(sent).hasSize(1);
            passMillis(1);
            carryOut(course.wake());
            assertThat(sent)
                    .extracting(FetchRequest::kind)
                    .containsExactly(FetchRequest.Kind.FIRST, FetchRequest.Kind.HEDGE);

            carryOut(course.answered(sent.get(1), List.of(ABSENT)));

            assertThat(course.isOver()).isTrue();
            assertThat(read.isSettledByHedge()).isTrue();
            assertThat(cancelled).containsExactly(sent.get(0));
        }

        @Test
        void areCancelledIfTheFirstRequestIsAnsweredAfterAll() {
            FetchRead read = hedged();
            FetchCourse course = course(read);
            carryOut(course.wake());
            passMillis(10);
            carryOut(course.wake());
            carryOut(course.answered(sent.get(0), List.of(ABSENT)));

            assertThat(read.isSettledByHedge()).isFalse();
            assertThat(cancelled).containsExactly(sent.get(1));
        }

        @Test
        void areSentOnce() {
            FetchCourse course = course(hedged());
            carryOut(course.wake());
            for (int i = 0; i < 9; i++) {
                passMillis(10);
                carryOut(course.wake());
            }

            assertThat(sent).hasSize(2);
        }

        @Test
        void areNotSentWithoutBudget() {
            Hedging poor = new Hedging(0.5);
            List<FetchRead> reads = List.of(hedged(), hedged(), hedged(), hedged());
            FetchCourse course =
                    new FetchCourse(reads, () -> now, Deadline.after(Duration.ofMillis(50), () -> now), poor, 1);
            carryOut(course.wake());
            passMillis(10);
            carryOut(course.wake());

            assertThat(sent)
                    .filteredOn(request -> request.kind() == FetchRequest.Kind.HEDGE)
                    .hasSize(2);
        }

        @Test
        void areNotSentBeforeEnoughIsLearnt() {
            FetchRead read = FetchRead.get(key(1), NOON, new RecentLatencies(0.02));
            FetchCourse course = course(read);
            carryOut(course.wake());

            assertThat(course.nanosUntilDue()).isEqualTo(100 * MILLI);
        }

        @Test
        void standInForARequestThatFailed() {
            FetchRead read = hedged();
            FetchCourse course = course(read);
            carryOut(course.wake());
            passMillis(10);
            carryOut(course.wake());
            carryOut(course.failed(sent.get(0), throttled));
            assertThat(course.isOver()).isFalse();
            carryOut(course.answered(sent.get(1), List.of(ABSENT)));

            assertThat(read.outcomes()).containsExactly(ABSENT);
            assertThat(sent).hasSize(2);
        }

        @Test
        void thatFailWithTheFirstRequestAreRepeatedOnce() {
            FetchRead read = hedged();
            FetchCourse course = course(read);
            carryOut(course.wake());
            passMillis(10);
            carryOut(course.wake());
            carryOut(course.failed(sent.get(0), throttled));
            carryOut(course.failed(sent.get(1), throttled));
            passMillis(2);
            carryOut(course.wake());

            assertThat(sent).hasSize(3);
            assertThat(sent.get(2).kind()).isEqualTo(FetchRequest.Kind.REPEAT);
            assertThat(course.nanosUntilDue()).as("no second hedge").isEqualTo(88 * MILLI);
        }

        @Test
        void doNotMakeTheServiceLookFasterThanItIs() {
            RecentLatencies latencies = learnt(10);
            for (int i = 0; i < RecentLatencies.ENOUGH; i++) {
                FetchRead read = FetchRead.get(key(i), NOON, latencies);
                FetchCourse course = course(read);
                sent.clear();
                carryOut(course.wake());
                passMillis(30);
                carryOut(course.wake());
                carryOut(course.answered(sent.get(sent.size() - 1), List.of(ABSENT)));
            }

            assertThat(latencies.exceededByShare()).isEqualTo(30 * MILLI);
        }
    }

    @Nested
    class SharedReadsOfOthers {
        private final CompletableFuture<RecordOutcome> other = new CompletableFuture<>();

        private final FetchRead read = FetchRead.shared(key(1), NOON, null, other);

        @Test
        void areWaitedForInsteadOfAsking() {
            FetchCourse course = course(read);
            carryOut(course.wake());
            assertThat(sent).extracting(FetchRequest::kind).containsExactly(FetchRequest.Kind.SHARED);
            carryOut(course.answered(sent.get(0), List.of(ABSENT)));

            assertThat(read.outcomes()).containsExactly(ABSENT);
            assertThat(read.isSettledByOther()).isTrue();
            assertThat(read.attempts()).isZero();
        }

        @Test
        void areAskedForIfTheyFail() {
            FetchCourse course = course(read);
            carryOut(course.wake());
            carryOut(course.failed(
                    sent.get(0), new DeadlineExceededException("The other had less time", "cards", null)));

            assertThat(sent)
                    .extracting(FetchRequest::kind)
                    .containsExactly(FetchRequest.Kind.SHARED, FetchRequest.Kind.FIRST);
            carryOut(course.answered(sent.get(1), List.of(ABSENT)));
            assertThat(read.outcomes()).containsExactly(ABSENT);
            assertThat(read.isSettledByOther()).isFalse();
        }
    }

    @Nested
    class Budget {
        @Test
        void isAShareOfTheRequestsAndALittleIsSaved() {
            Hedging two = new Hedging(0.02);
            assertThat(two.spend()).isFalse();
            for (int i = 0; i < 100_000; i++) {
                two.earn();
            }
            assertThat(Collections.frequency(
                            IntStream.range(0, 100).mapToObj(i -> two.spend()).toList(), true))
                    .isEqualTo(10);
        }

        @Test
        void isNeverExceeded() {
            Hedging two = new Hedging(0.02);
            int spent = 0;
            for (int i = 0; i < 10_000; i++) {
                two.earn();
                spent += two.spend() ? 1 : 0;
            }

            assertThat(spent).isEqualTo(200);
        }
    }

    @Nested
    class Latencies {
        @Test
        void tellWhatAllButAShareDoNotExceed() {
            RecentLatencies latencies = new RecentLatencies(0.02);
            for (int i = 1; i < RecentLatencies.ENOUGH; i++) {
                latencies.add(i);
            }
            assertThat(latencies.exceededByShare()).isEqualTo(Long.MAX_VALUE);
            latencies.add(RecentLatencies.ENOUGH);

            assertThat(latencies.exceededByShare()).isEqualTo(98);
        }

        @Test
        void areForgottenAfterSomeHundreds() {
            RecentLatencies latencies = new RecentLatencies(0.02);
            for (int i = 0; i < 1000; i++) {
                latencies.add(1000);
            }
            for (int i = 0; i < 1024; i++) {
                latencies.add(7);
            }

            assertThat(latencies.exceededByShare()).isEqualTo(7);
        }
    }
}
