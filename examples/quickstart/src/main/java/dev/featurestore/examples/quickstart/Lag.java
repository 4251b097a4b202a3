package dev.featurestore.examples.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** How long writes are under way. The same seed gives the same lags. */
final class Lag {
    private static final Duration STREAM_MIN = Duration.ofMillis(100);
    private static final Duration STREAM_MAX = Duration.ofMillis(900);
    private static final Duration LATE_MIN = Duration.ofMinutes(2);
    private static final Duration LATE_MAX = Duration.ofHours(6);
    private static final Duration BATCH_MIN = Duration.ofMinutes(100);
    private static final Duration BATCH_MAX = Duration.ofMinutes(140);

    private final SplittableRandom random;

    private final double lateShare;

    Lag(long seed, double lateShare) {
        this.random = new SplittableRandom(seed);
        this.lateShare = lateShare;
    }

    /** When the stream's record for a payment arrives: in the same second as a rule, now and then hours later. */
    Instant streamArrival(Instant payment) {
        boolean late = random.nextDouble() < lateShare;
        return payment.plus(late ? between(LATE_MIN, LATE_MAX) : between(STREAM_MIN, STREAM_MAX));
    }

    /** When a record of the nightly job arrives. */
    Instant batchArrival(Instant midnight) {
        return midnight.plus(between(BATCH_MIN, BATCH_MAX));
    }

    /** The longest lag that is not late, with some room: what is longer is named late in the report. */
    static Duration longestOnTime() {
        return Duration.ofSeconds(1);
    }

    private Duration between(Duration min, Duration max) {
        return Duration.ofNanos(random.nextLong(min.toNanos(), max.toNanos()));
    }
}
