package dev.featurestore;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Pauses without a waiting thread. Given from outside, so that tests do not wait. */
@FunctionalInterface
public interface AsyncSleeper {
    /** A future that completes after the time, on the thread that is to go on. Cancelling it may free what it holds. */
    CompletableFuture<Void> sleep(Duration duration);

    /** Pauses by {@link CompletableFuture#delayedExecutor}; what follows a pause runs in the common pool. */
    static AsyncSleeper system() {
        return duration -> CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(duration.toNanos(), TimeUnit.NANOSECONDS));
    }
}
