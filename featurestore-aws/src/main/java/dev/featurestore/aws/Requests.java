package dev.featurestore.aws;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.Sleeper;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.spi.AsyncStep;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends requests: errors mapped, repeated as the policy says, never beyond the deadline. */
final class Requests {
    private final RetryPolicy policy;

    private final Sleeper sleeper;

    private final AsyncSleeper asyncSleeper;

    private final DoubleSupplier random;

    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    Requests(RetryPolicy policy, Sleeper sleeper, AsyncSleeper asyncSleeper, DoubleSupplier random) {
        this.policy = policy;
        this.sleeper = sleeper;
        this.asyncSleeper = asyncSleeper;
        this.random = random;
    }

    /** @param request sends one attempt and waits for its answer */
    <T> T send(ServiceErrors.Call call, Deadline deadline, Supplier<T> request) {
        Attempts attempts = attempts(call, deadline);
        while (true) {
            attempts.begin();
            try {
                T answer = request.get();
                attempts.succeeded();
                return answer;
            } catch (SdkException e) {
                FeatureStoreException failure = ServiceErrors.of(e, call);
                Duration pause = attempts.pauseAfter(failure);
                if (pause == null || !slept(pause)) {
                    throw attempts.outcome(failure);
                }
            }
        }
    }

    /**
     * Sends without waiting. A cancel of the future cancels the attempt or the pause under way.
     *
     * @param request sends one attempt
     * @param reading what is made of the answer
     */
    <T, R> CompletableFuture<R> sendAsync(
            ServiceErrors.Call call,
            Deadline deadline,
            Supplier<CompletableFuture<T>> request,
            Function<T, R> reading) {
        Attempts attempts = attempts(call, deadline);
        return AsyncStep.run(() -> attempt(attempts, request, reading));
    }

    private <T, R> AsyncStep<R> attempt(
            Attempts attempts, Supplier<CompletableFuture<T>> request, Function<T, R> reading) {
        attempts.begin();
        return AsyncStep.after(
                request.get(),
                answer -> {
                    attempts.succeeded();
                    return AsyncStep.done(reading.apply(answer));
                },
                thrown -> {
                    FeatureStoreException failure = ServiceErrors.of(thrown, attempts.call());
                    Duration pause = attempts.pauseAfter(failure);
                    return pause == null
                            ? AsyncStep.failed(attempts.outcome(failure))
                            : AsyncStep.after(asyncSleeper.sleep(pause), slept -> attempt(attempts, request, reading));
                });
    }

    private Attempts attempts(ServiceErrors.Call call, Deadline deadline) {
        return new Attempts(policy, random, answered, call, deadline);
    }

    /** Whether the pause was slept through; an interrupt ends the attempts and stays set for the caller. */
    private boolean slept(Duration pause) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            sleeper.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
