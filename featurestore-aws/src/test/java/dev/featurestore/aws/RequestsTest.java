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

class RequestsTest {
    private static final ServiceErrors.Call READ = new ServiceErrors.Call("Reading", "cards", false);

    private static final ServiceErrors.Call WRITE = new ServiceErrors.Call("Writing", "cards", true);

    private final SdkException throttled = ServiceErrorsTest.answer("ThrottlingException", 400, "slow down");

    private final SdkException refused = ServiceErrorsTest.answer("ValidationError", 400, "no");

    private final SdkException notFound = ServiceErrorsTest.answer("ResourceNotFound", 404, "no such group");

    private final SdkException noAnswer = ApiCallTimeoutException.create(10);

    private final List<Duration> pauses = new ArrayList<>();

    private final AtomicLong now = new AtomicLong();

    private final Requests requests = new Requests(
            RetryPolicy.defaults(),
            duration -> {
                pauses.add(duration);
                now.addAndGet(duration.toNanos());
            },
            () -> 1.0);

    @Test
    void throttlingIsRepeatedWithGrowingPauses() {
        assertThat(requests.send(READ, Deadline.none(), script(throttled, throttled)))
                .isEqualTo("answer");
        assertThat(pauses).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
    }

    @Test
    void theLastFailureIsThrownWhenTheAttemptsAreUsedUp() {
        assertThatThrownBy(() -> requests.send(READ, Deadline.none(), script(throttled, throttled, throttled)))
                .isInstanceOf(ThrottledException.class)
                .hasMessageContaining("Reading");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aRefusalIsNotRepeated() {
        assertThatThrownBy(() -> requests.send(READ, Deadline.none(), script(refused)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aWriteOfUnknownOutcomeIsRepeatedAndThenKnown() {
        assertThat(requests.send(WRITE, Deadline.none(), script(noAnswer))).isEqualTo("answer");
    }

    @Test
    void aWriteStaysUnknownWhateverIsAnsweredAfterwards() {
        assertThatThrownBy(() -> requests.send(WRITE, Deadline.none(), script(noAnswer, throttled, throttled)))
                .isInstanceOf(WriteOutcomeUnknownException.class);
        assertThatThrownBy(() -> requests.send(WRITE, Deadline.none(), script(noAnswer, refused)))
                .isInstanceOf(WriteOutcomeUnknownException.class);
    }

    @Test
    void aGroupThatHasAnsweredIsAskedForAgain() {
        assertThatThrownBy(() -> requests.send(READ, Deadline.none(), script(notFound)))
                .isInstanceOf(FeatureGroupNotFoundException.class);

        requests.send(READ, Deadline.none(), script());

        assertThat(requests.send(READ, Deadline.none(), script(notFound))).isEqualTo("answer");
    }

    @Test
    void nothingIsRepeatedBeyondTheDeadline() {
        Deadline deadline = Deadline.after(Duration.ofMillis(15), now::get);

        assertThatThrownBy(() -> requests.send(READ, deadline, script(throttled, throttled)))
                .isInstanceOf(ThrottledException.class);
        assertThat(pauses).containsExactly(Duration.ofMillis(10));
    }

    @Test
    void nothingIsSentAfterTheDeadline() {
        Deadline deadline = Deadline.after(Duration.ofMillis(15), now::get);
        now.addAndGet(Duration.ofMillis(15).toNanos());

        assertThatThrownBy(() -> requests.send(READ, deadline, () -> {
                    throw new AssertionError("sent");
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("deadline was over");
    }

    @Test
    void anInterruptEndsTheRepeatsAndStaysSet() {
        Requests interrupted = new Requests(
                RetryPolicy.defaults(),
                duration -> {
                    throw new InterruptedException();
                },
                () -> 1.0);

        assertThatThrownBy(() -> interrupted.send(READ, Deadline.none(), script(throttled)))
                .isInstanceOf(ThrottledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Fails as told, then answers. */
    private static Supplier<String> script(SdkException... failures) {
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
