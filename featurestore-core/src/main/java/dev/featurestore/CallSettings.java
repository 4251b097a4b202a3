package dev.featurestore;

import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.time.InstantSource;

/** What the clients of one store share. */
record CallSettings(InstantSource clock, Sleeper sleeper, AsyncSleeper asyncSleeper, Duration timeout) {
    /** The deadline of a call that was not given one. */
    Deadline deadline() {
        return deadline(timeout);
    }

    Deadline deadline(Duration duration) {
        return Deadline.after(duration, System::nanoTime);
    }
}
