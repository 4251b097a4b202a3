package dev.featurestore.aws;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and how patiently a request is repeated; the one place where that is decided, since the clients the library builds
 * do not retry by themselves. A request is repeated after throttling, an unavailable service or no answer, and a write whose
 * outcome is unknown is repeated as well: the same record with the same event time is harmless. A group that has answered
 * before and is suddenly said not to exist is asked for again, since the service is known to say so in passing. Nothing is
 * begun after the caller's deadline, and no pause takes more than half of the time that is left.
 *
 * @param attempts how often a request is sent at most, the first time included; 1 never repeats
 * @param firstPause the longest pause before the second attempt; each further one doubles it. A random part of it is slept
 * @param longestPause no pause is longer
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {
    /** @throws IllegalArgumentException if there are less than 1 or more than 20 attempts, or a pause is negative */
    public RetryPolicy {
        Objects.requireNonNull(firstPause, "firstPause");
        Objects.requireNonNull(longestPause, "longestPause");
        if (attempts < 1 || attempts > 20) {
            throw new IllegalArgumentException("A request is sent 1 to 20 times, got " + attempts);
        }
        if (firstPause.isNegative() || longestPause.isNegative()) {
            throw new IllegalArgumentException("A pause is not negative");
        }
    }

    /** Three attempts, with pauses of up to 10 and 20 milliseconds between them. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(500));
    }

    /**
     * Eight attempts, with pauses of up to 0.5 seconds at first and 20 at last: for requests about groups, of which the
     * service takes few a second, and which nobody waits for in milliseconds.
     */
    public static RetryPolicy patient() {
        return new RetryPolicy(8, Duration.ofMillis(500), Duration.ofSeconds(20));
    }

    /** One attempt. */
    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO);
    }

    /** The longest pause after this many failed attempts. */
    Duration pauseAfter(int failed) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failed - 1, 20));
        return pause.compareTo(longestPause) > 0 ? longestPause : pause;
    }
}
