package dev.featurestore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong nanos = new AtomicLong();

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void withoutALimitNothingWaits() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, nanos::get);

        for (int n = 0; n < 1000; n++) {
            assertThat(pace.reserve(1)).isZero();
        }
    }

    @Test
    void overTimeTheLimitIsKept() {
        Pace pace = new Pace(100, nanos::get);

        int taken = 0;
        while (nanos.get() < Duration.ofSeconds(10).toNanos()) {
            nanos.addAndGet(pace.reserve(1));
            taken++;
        }

        // what was free in the tenth of a second before counts in
        assertThat(taken).isBetween(1000, 1012);
    }

    @Test
    void unitsWeighAsTheyAre() {
        Pace pace = new Pace(10, nanos::get);
        pace.reserve(5);

        assertThat(pace.reserve(1)).isEqualTo(Duration.ofMillis(500).toNanos());
    }

    @Test
    void throttlingSlowsDownByAFactorAndAStormCountsOnce() {
        Pace pace = new Pace(100, nanos::get);

        pace.throttled();
        pace.throttled();
        assertThat(pace.rate()).isEqualTo(70, within(1e-9));

        passes(Duration.ofMillis(200));
        pace.throttled();
        assertThat(pace.rate()).isEqualTo(49, within(1e-9));
    }

    @Test
    void itComesBackByEqualStepsUpToTheLimit() {
        Pace pace = new Pace(100, nanos::get);
        pace.throttled();

        passes(Duration.ofSeconds(2));
        pace.reserve(1);
        assertThat(pace.rate()).isEqualTo(80, within(1e-9));

        passes(Duration.ofMinutes(1));
        pace.reserve(1);
        assertThat(pace.rate()).isEqualTo(100);
    }

    @Test
    void withoutALimitItSlowsDownFromWhatWasTaken() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, nanos::get);
        for (int n = 0; n < 500; n++) {
            pace.reserve(1);
        }
        passes(Duration.ofSeconds(1));

        pace.throttled();

        assertThat(pace.rate()).isEqualTo(350, within(1e-9));
    }

    @Test
    void itNeverComesToAStop() {
        Pace pace = new Pace(100, nanos::get);
        for (int n = 0; n < 100; n++) {
            pace.throttled();
            passes(Duration.ofMillis(200));
        }

        assertThat(pace.rate()).isEqualTo(1);
    }
}
