package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.spi.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

class AsyncRequestsTest extends RetryCases {
    private final Requests requests = new Requests(
            RetryPolicy.defaults(),
            pause -> {
                throw new AssertionError("a thread sleeps");
            },
            pause -> {
                paused(pause);
                return CompletableFuture.completedFuture(null);
            },
            () -> 1.0);

    @Override
    String send(ServiceErrors.Call call, Deadline deadline, Supplier<String> attempt) {
        CompletableFuture<String> answer =
                requests.sendAsync(call, deadline, () -> attempted(attempt), Function.identity());
        try {
            return answer.join();
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(RuntimeException.class);
            throw (RuntimeException) e.getCause();
        }
    }

    /** As the SDK tells it: the failure in a CompletionException. */
    private static CompletableFuture<String> attempted(Supplier<String> attempt) {
        try {
            return CompletableFuture.completedFuture(attempt.get());
        } catch (SdkException e) {
            return CompletableFuture.failedFuture(new CompletionException(e));
        }
    }

    @Test
    void aCancelEndsThePauseAndTheRepeats() {
        List<CompletableFuture<Void>> sleeps = new ArrayList<>();
        List<CompletableFuture<String>> sent = new ArrayList<>();
        Requests sleeping = new Requests(
                RetryPolicy.defaults(),
                pause -> {},
                pause -> {
                    sleeps.add(new CompletableFuture<>());
                    return sleeps.get(0);
                },
                () -> 1.0);
        CompletableFuture<String> answer = sleeping.sendAsync(
                READ,
                Deadline.none(),
                () -> {
                    sent.add(new CompletableFuture<>());
                    return sent.get(sent.size() - 1);
                },
                Function.identity());
        sent.get(0).completeExceptionally(throttled);

        answer.cancel(true);

        assertThat(sleeps).singleElement().satisfies(sleep -> assertThat(sleep).isCancelled());
        assertThat(sent).hasSize(1);
    }

    @Test
    void aCancelCancelsTheAttemptUnderWay() {
        CompletableFuture<String> sent = new CompletableFuture<>();
        CompletableFuture<String> answer = requests.sendAsync(READ, Deadline.none(), () -> sent, Function.identity());

        answer.cancel(true);

        assertThat(sent).isCancelled();
        assertThat(pauses).isEmpty();
    }

    @Test
    void aWriteThatSomeoneElseCancelledIsUnknown() {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        CompletableFuture<Throwable> failure = requests.sendAsync(
                        WRITE, Deadline.none(), () -> cancelled, Function.identity())
                .handle((answer, thrown) -> thrown);

        assertThat(failure.join()).isInstanceOf(WriteOutcomeUnknownException.class);
    }
}
