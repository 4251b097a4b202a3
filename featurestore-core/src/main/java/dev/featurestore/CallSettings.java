package dev.featurestore;

import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the clients of one store share.
 *
 * @param nanoTime tells how time passes, for deadlines and latencies; only differences of it mean anything
 */
record CallSettings(
        InstantSource clock, LongSupplier nanoTime, Sleeper sleeper, AsyncSleeper asyncSleeper, Duration timeout) {
    /** The deadline of a call that was not given one. */
    Deadline deadline() {
        return deadline(timeout);
    }

    /** The same with another time for a call that is not given one. */
    CallSettings withTimeout(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A call timeout is positive, got " + duration);
        }
        return new CallSettings(clock, nanoTime, sleeper, asyncSleeper, duration);
    }

    Deadline deadline(Duration duration) {
        return Deadline.after(duration, nanoTime);
    }
}
