package dev.featurestore;

import java.time.Duration;

/** Pauses the calling thread. Given from outside, so that tests do not wait. */
@FunctionalInterface
public interface Sleeper {
    /**
     * Pauses for a time.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Pauses by {@link Thread#sleep}. */
    static Sleeper system() {
        return duration -> Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
    }
}
