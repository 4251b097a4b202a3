package dev.featurestore.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.training.PointInTime.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    @Test
    void whatWasServedTakesTheServicesArrivalTimesAsWholeSeconds() {
        assertThat(PointInTime.asServed()).isEqualTo(new PointInTime(Mode.AS_SERVED, Duration.ofSeconds(1)));
    }

    @Test
    void whatWasTrueDoesNotLookAtArrivals() {
        assertThat(PointInTime.eventTime()).isEqualTo(new PointInTime(Mode.EVENT_TIME, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.000000001S", "PT1S", "PT24H"})
    void anArrivalUnitIsUpToADay(String unit) {
        assertThat(PointInTime.asServed(Duration.parse(unit)).arrivalUnit()).isEqualTo(Duration.parse(unit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT24H0.000000001S", "PT48H"})
    void anyOtherArrivalUnitIsRefused(String unit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PointInTime.asServed(Duration.parse(unit)))
                .withMessage("An arrival unit is between 0 and 1 day, got " + unit);
    }
}
