package dev.featurestore.spi;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a call must have ended, on a clock that only moves forward. One deadline covers everything done for a call: all its
 * requests, pauses and retries.
 */
public final class Deadline {
    private static final Deadline NONE = new Deadline(() -> 0L, Long.MAX_VALUE);

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final LongSupplier nanoTime;

    private final long at;

    private Deadline(LongSupplier nanoTime, long at) {
        this.nanoTime = nanoTime;
        this.at = at;
    }

    /** Never. */
    public static Deadline none() {
        return NONE;
    }

    /**
     * This long from now.
     *
     * @param timeout positive; more than 292 years count as 292 years
     * @param nanoTime such as {@code System::nanoTime}
     * @throws IllegalArgumentException if the timeout is not positive
     */
    public static Deadline after(Duration timeout, LongSupplier nanoTime) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A timeout is positive, got " + timeout);
        }
        // the sum may overflow: only differences to it are ever used
        return new Deadline(nanoTime, nanoTime.getAsLong() + nanos(timeout));
    }

    private static long nanos(Duration timeout) {
        return timeout.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    /** What is left; zero when it is over, and very long if there is no deadline. */
    public Duration remaining() {
        return this == NONE ? Duration.ofDays(1) : Duration.ofNanos(Math.max(0, at - nanoTime.getAsLong()));
    }

    /** Whether it is over. */
    public boolean isOver() {
        return this != NONE && at - nanoTime.getAsLong() <= 0;
    }
}
