package dev.featurestore.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only when it is told to, and never back. Safe for use by many threads. */
public final class ManualClock implements InstantSource {
    private volatile Instant now;

    private ManualClock(Instant start) {
        this.now = start;
    }

    /** A clock that stands at this time. */
    public static ManualClock startingAt(Instant start) {
        return new ManualClock(start);
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves the clock on.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Time does not go back: cannot advance by " + duration);
        }
        now = now.plus(duration);
    }

    /**
     * Moves the clock to a time.
     *
     * @throws IllegalArgumentException if it is before the clock's own
     */
    public synchronized void set(Instant time) {
        if (time.isBefore(now)) {
            throw new IllegalArgumentException(
                    "Time does not go back: cannot set the clock from " + now + " to " + time);
        }
        now = time;
    }

    /** The time. */
    @Override
    public String toString() {
        return "manual clock at " + now;
    }
}
