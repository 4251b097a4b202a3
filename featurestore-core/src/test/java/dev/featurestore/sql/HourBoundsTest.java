package dev.featurestore.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Conditions on year, month, day and hour let in the hours of a range and no other. */
class HourBoundsTest {
    private static List<String> bounds(String oldest, String newest) {
        return new HourBounds(Instant.parse(oldest), Instant.parse(newest)).conditions();
    }

    @Test
    void anHourIsOnePartition() {
        assertThat(bounds("2025-03-10T12:00:00Z", "2025-03-10T12:59:59.999999999Z"))
                .containsExactly(
                        "\"year\" IN ('2025')",
                        "\"month\" IN ('03')",
                        "\"day\" IN ('10')",
                        "\"hour\" IN ('12')",
                        "\"year\" || \"month\" || \"day\" || \"hour\" BETWEEN '2025031012' AND '2025031012'");
    }

    @Test
    void aDayOverNewYear() {
        assertThat(bounds("2024-12-31T06:30:00Z", "2025-01-01T06:00:00Z"))
                .containsExactly(
                        "\"year\" IN ('2024', '2025')",
                        "\"month\" IN ('12', '01')",
                        "\"day\" IN ('31', '01')",
                        "\"year\" || \"month\" || \"day\" || \"hour\" BETWEEN '2024123106' AND '2025010106'");
    }

    @Test
    void ofLongRangesOnlyTheYearsAreNamed() {
        assertThat(bounds("2023-01-31T06:30:00Z", "2025-01-01T06:00:00Z"))
                .containsExactly(
                        "\"year\" IN ('2023', '2024', '2025')",
                        "\"year\" || \"month\" || \"day\" || \"hour\" BETWEEN '2023013106' AND '2025010106'");
    }

    @Test
    void hoursOfTheRangeAreInAndNoOthers() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            Duration length = Duration.ofMinutes(
                    random.nextInt(List.of(90, 3000, 60_000, 1_500_000).get(random.nextInt(4))));
            Instant oldest = Instant.parse("0001-01-01T00:00:00Z").plusSeconds(random.nextLong(300_000_000_000L));
            Instant newest = oldest.plus(length);
            List<String> conditions = new HourBounds(oldest, newest).conditions();
            Instant time = (random.nextBoolean() ? oldest : newest).plusSeconds(random.nextInt(20_000) - 10_000);

            boolean isIn =
                    !time.isBefore(hour(oldest)) && time.isBefore(hour(newest).plusSeconds(3600));
            assertThat(conditions.stream().allMatch(condition -> holds(condition, time)))
                    .as("seed %d: %s in %s", seed, time, conditions)
                    .isEqualTo(isIn);
        }
    }

    private static Instant hour(Instant time) {
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), 3600L) * 3600);
    }

    /** As an engine would judge the partition of a time. */
    private static boolean holds(String condition, Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        Map<String, String> partition = Map.of(
                "year", "%04d".formatted(time.getYear()),
                "month", "%02d".formatted(time.getMonthValue()),
                "day", "%02d".formatted(time.getDayOfMonth()),
                "hour", "%02d".formatted(time.getHour()));
        List<String> quoted = List.of(condition.split("'", -1));
        if (condition.contains("BETWEEN")) {
            String text = partition.get("year") + partition.get("month") + partition.get("day") + partition.get("hour");
            return text.compareTo(quoted.get(1)) >= 0 && text.compareTo(quoted.get(3)) <= 0;
        }
        String column = condition.substring(1, condition.indexOf('"', 1));
        return condition.contains("'" + partition.get(column) + "'");
    }
}
