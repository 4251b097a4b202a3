package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times to live, throughput and the service's own spellings. */
class TtlTest {
    @ParameterizedTest
    @CsvSource({
        "PT1S, 1 Seconds",
        "PT59S, 59 Seconds",
        "PT60S, 1 Minutes",
        "PT90S, 90 Seconds",
        "PT1H, 1 Hours",
        "PT25H, 25 Hours",
        "P1D, 1 Days",
        "P7D, 1 Weeks",
        "P90D, 90 Days",
        "P91D, 13 Weeks"
    })
    void aDurationIsInTheLargestUnitThatDividesIt(Duration duration, String expected) {
        Ttl ttl = Ttl.of(duration);

        assertThat(ttl).hasToString(expected);
        assertThat(ttl.toDuration()).isEqualTo(duration);
    }

    @Test
    void theLongestIsOfIntegerWeeks() {
        Duration longest = Duration.ofDays(7).multipliedBy(Integer.MAX_VALUE);
        Duration longer = longest.plusDays(7);

        assertThat(Ttl.of(longest)).isEqualTo(new Ttl(Integer.MAX_VALUE, Ttl.Unit.WEEKS));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ttl.of(longer))
                .withMessage("The time to live " + longer + " is longer than the service can express");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ttl.of(longest.plusSeconds(1)))
                .withMessageEndingWith(" is longer than the service can express");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.000000001S", "PT-0.000000001S"})
    void otherDurationsAreRefused(Duration duration) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ttl.of(duration))
                .withMessage("A time to live is a positive number of whole seconds, got " + duration);
    }

    @Test
    void aValueIsAtLeastOne() {
        assertThat(new Ttl(1, Ttl.Unit.SECONDS).toDuration()).isEqualTo(Duration.ofSeconds(1));
        for (int value : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Ttl(value, Ttl.Unit.DAYS))
                    .withMessage("A time to live is at least 1 unit, got " + value);
        }
        assertThatNullPointerException()
                .isThrownBy(() -> new Ttl(1, Nulls.of()))
                .withMessage("unit");
    }

    @Test
    void equalLengthsInOtherUnitsAreNotEqual() {
        Ttl week = new Ttl(1, Ttl.Unit.WEEKS);
        Ttl days = new Ttl(7, Ttl.Unit.DAYS);

        assertThat(week).isNotEqualTo(days);
        assertThat(week.toDuration()).isEqualTo(days.toDuration());
    }

    @Test
    void recordsExpireAfterTheirEventTime() {
        Instant time = Instant.parse("2025-01-31T10:00:00.5Z");

        assertThat(new Ttl(2, Ttl.Unit.HOURS).expiresAt(time)).isEqualTo(Instant.parse("2025-01-31T12:00:00.5Z"));
        assertThat(new Ttl(Integer.MAX_VALUE, Ttl.Unit.WEEKS)
                        .expiresAt(Instant.parse("9999-12-31T23:59:59.999999999Z")))
                .isAfter(time);
    }

    @Test
    void throughputIsOnDemandOrProvisioned() {
        assertThat(Throughput.onDemand()).isEqualTo(new Throughput(Throughput.Mode.ON_DEMAND, 0, 0));
        assertThat(Throughput.provisioned(1, 2)).isEqualTo(new Throughput(Throughput.Mode.PROVISIONED, 1, 2));
    }

    @Test
    void wireNamesAreTheServicesOwn() {
        assertThat(names(FeatureType.values(), FeatureType::wireName, FeatureType::ofWireName))
                .isEqualTo(Map.of("STRING", "String", "INTEGRAL", "Integral", "FRACTIONAL", "Fractional"));
        assertThat(names(CollectionType.values(), CollectionType::wireName, CollectionType::ofWireName))
                .isEqualTo(Map.of("LIST", "List", "SET", "Set", "VECTOR", "Vector"));
        assertThat(names(OnlineStorageType.values(), OnlineStorageType::wireName, OnlineStorageType::ofWireName))
                .isEqualTo(Map.of("STANDARD", "Standard", "STANDARD_V2", "Standard_V2", "IN_MEMORY", "InMemory"));
        assertThat(names(Ttl.Unit.values(), Ttl.Unit::wireName, Ttl.Unit::ofWireName))
                .isEqualTo(Map.of(
                        "SECONDS", "Seconds", "MINUTES", "Minutes", "HOURS", "Hours", "DAYS", "Days", "WEEKS",
                        "Weeks"));
        assertThat(Arrays.stream(TargetStore.values()).map(TargetStore::wireName))
                .containsExactly("OnlineStore", "OfflineStore");
        assertThat(Arrays.stream(DeletionMode.values()).map(DeletionMode::wireName))
                .containsExactly("SoftDelete", "HardDelete");
    }

    /** By constant, each found again by its wire name. */
    private static <E extends Enum<E>> Map<String, String> names(
            E[] constants, Function<E, String> wireName, Function<String, E> ofWireName) {
        return Arrays.stream(constants)
                .peek(constant ->
                        assertThat(ofWireName.apply(wireName.apply(constant))).isSameAs(constant))
                .collect(Collectors.toMap(Enum::name, wireName));
    }
}
