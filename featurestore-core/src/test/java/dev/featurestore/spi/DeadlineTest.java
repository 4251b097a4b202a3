package dev.featurestore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
    private long now = Long.MAX_VALUE - 5;

    @Test
    void isOverWhenItsTimeHasPassedOnAClockThatMayWrapAround() {
        Deadline deadline = Deadline.after(Duration.ofNanos(10), () -> now);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(10));
        now += 9;
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
        assertThat(deadline.isOver()).isFalse();
        now += 1;
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isOver()).isTrue();
        now += 1;
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void takesATimeoutLongerThanTheClock() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), () -> now);

        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void mayBeNever() {
        assertThat(Deadline.none().isOver()).isFalse();
        assertThat(Deadline.none().remaining()).isGreaterThanOrEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S"})
    void isAfterAPositiveTime(String timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.after(Duration.parse(timeout), () -> now))
                .withMessage("A timeout is positive, got " + timeout);
    }
}
