package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** How requests are repeated, whoever drives the {@link Attempts}. */
abstract class RetryCases {
    static final ServiceErrors.Call READ = new ServiceErrors.Call("Reading", "cards", false);

    static final ServiceErrors.Call WRITE = new ServiceErrors.Call("Writing", "cards", true);

    final SdkException throttled = ServiceErrorsTest.answer("ThrottlingException", 400, "slow down");

    final SdkException refused = ServiceErrorsTest.answer("ValidationError", 400, "no");

    final SdkException notFound = ServiceErrorsTest.answer("ResourceNotFound", 404, "no such group");

    final SdkException noAnswer = ApiCallTimeoutException.create(10);

    final List<Duration> pauses = new ArrayList<>();

    private final AtomicLong now = new AtomicLong();

    /** Sends through one and the same {@link Requests}, whose policy is the default and whose pauses are the longest. */
    abstract String send(ServiceErrors.Call call, Deadline deadline, Supplier<String> attempt);

    final void paused(Duration pause) {
        pauses.add(pause);
        now.addAndGet(pause.toNanos());
    }

    @Test
    void throttlingIsRepeatedWithGrowingPauses() {
        assertThat(send(READ, Deadline.none(), script(throttled, throttled))).isEqualTo("answer");
        assertThat(pauses).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
    }

    @Test
    void theLastFailureIsThrownWhenTheAttemptsAreUsedUp() {
        assertThatThrownBy(() -> send(READ, Deadline.none(), script(throttled, throttled, throttled)))
                .isInstanceOf(ThrottledException.class)
                .hasMessageContaining("Reading");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aRefusalIsNotRepeated() {
        assertThatThrownBy(() -> send(READ, Deadline.none(), script(refused)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aWriteOfUnknownOutcomeIsRepeatedAndThenKnown() {
        assertThat(send(WRITE, Deadline.none(), script(noAnswer))).isEqualTo("answer");
    }

    @Test
    void aWriteStaysUnknownWhateverIsAnsweredAfterwards() {
        assertThatThrownBy(() -> send(WRITE, Deadline.none(), script(noAnswer, throttled, throttled)))
                .isInstanceOf(WriteOutcomeUnknownException.class);
        assertThatThrownBy(() -> send(WRITE, Deadline.none(), script(noAnswer, refused)))
                .isInstanceOf(WriteOutcomeUnknownException.class);
    }

    @Test
    void aGroupThatHasAnsweredIsAskedForAgain() {
        assertThatThrownBy(() -> send(READ, Deadline.none(), script(notFound)))
                .isInstanceOf(FeatureGroupNotFoundException.class);

        send(READ, Deadline.none(), script());

        assertThat(send(READ, Deadline.none(), script(notFound))).isEqualTo("answer");
    }

    @Test
    void pausesTakeHalfOfTheTimeThatIsLeftAtMost() {
        Deadline deadline = Deadline.after(Duration.ofMillis(12), now::get);

        assertThat(send(READ, deadline, script(throttled, throttled))).isEqualTo("answer");
        assertThat(pauses).containsExactly(Duration.ofMillis(6), Duration.ofMillis(3));
    }

    @Test
    void nothingIsRepeatedWithoutTimeForIt() {
        Deadline deadline = Deadline.after(Duration.ofMillis(1), now::get);

        assertThatThrownBy(() -> send(READ, deadline, script(throttled))).isInstanceOf(ThrottledException.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void nothingIsSentAfterTheDeadline() {
        Deadline deadline = Deadline.after(Duration.ofMillis(15), now::get);
        now.addAndGet(Duration.ofMillis(15).toNanos());

        assertThatThrownBy(() -> send(READ, deadline, () -> {
                    throw new AssertionError("sent");
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("deadline was over");
    }

    /** Fails as told, then answers. */
    static Supplier<String> script(SdkException... failures) {
        Deque<SdkException> left = new ArrayDeque<>(Arrays.asList(failures));
        return () -> {
            SdkException failure = left.poll();
            if (failure != null) {
                throw failure;
            }
            return "answer";
        };
    }
}
