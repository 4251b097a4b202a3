package dev.featurestore.aws;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and how patiently a request is repeated; the one place where that is decided, since the clients the library builds
 * do not retry by themselves. A request is repeated after throttling, an unavailable service or no answer, and a write whose
 * outcome is unknown is repeated as well: the same record with the same event time is harmless. A group that has answered
 * before and is suddenly said not to exist is asked for again, since the service is known to say so in passing. Nothing is
 * begun after the caller's deadline, and no pause takes more than half of the time that is left. Immutable; methods return
 * changed copies.
 */
public final class RetryPolicy {
    private final int attempts;

    private final Duration firstPause;

    private final Duration longestPause;

    private RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {
        if (attempts < 1 || attempts > 20) {
            throw new IllegalArgumentException("A request is sent 1 to 20 times, got " + attempts);
        }
        this.attempts = attempts;
        this.firstPause = Objects.requireNonNull(firstPause, "firstPause");
        this.longestPause = Objects.requireNonNull(longestPause, "longestPause");
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

    /**
     * With so many attempts, the first one included.
     *
     * @param number 1 to 20; 1 never repeats
     * @throws IllegalArgumentException if it is another one
     */
    public RetryPolicy withAttempts(int number) {
        return new RetryPolicy(number, firstPause, longestPause);
    }

    /**
     * With pauses of up to {@code first} before the second attempt, up to twice as long before each further one, and never
     * more than {@code longest}.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public RetryPolicy withPauses(Duration first, Duration longest) {
        return new RetryPolicy(attempts, first, longest);
    }

    /** How often a request is sent at most, the first time included; 1 never repeats. */
    public int attempts() {
        return attempts;
    }

    /** The longest pause before the second attempt; each further one doubles it. A random part of it is slept. */
    public Duration firstPause() {
        return firstPause;
    }

    /** No pause is longer. */
    public Duration longestPause() {
        return longestPause;
    }

    /** The longest pause after this many failed attempts. */
    Duration pauseAfter(int failed) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failed - 1, 20));
        return pause.compareTo(longestPause) > 0 ? longestPause : pause;
    }

    /** The settings. */
    @Override
    public String toString() {
        return attempts + " attempts, pauses of up to " + firstPause + " at first and " + longestPause + " at last";
    }
}
