package dev.featurestore.sql;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Conditions on the partitions of a {@link ProjectedTable} that let in the hours of a range and no other. The hours are
 * compared as one text, on which Trino passes over partitions. The values that single columns take in the range are named as
 * well: of these alone a projection makes up partitions, and not of each hour of all its years.
 */
final class HourBounds {
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuuMMddHH", Locale.ROOT);

    private final LocalDateTime from;

    private final LocalDateTime to;

    /** Both inclusive, in years of four digits. */
    HourBounds(Instant oldest, Instant newest) {
        this.from = LocalDateTime.ofInstant(oldest, ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        this.to = LocalDateTime.ofInstant(newest, ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
    }

    List<String> conditions() {
        List<String> conditions = new ArrayList<>();
        LocalDateTime january = from.withDayOfYear(1).truncatedTo(ChronoUnit.DAYS);
        conditions.add(in("year", "uuuu", january, ChronoUnit.YEARS));
        LocalDateTime first = from.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
        if (ChronoUnit.MONTHS.between(first, to) < 11) {
            conditions.add(in("month", "MM", first, ChronoUnit.MONTHS));
        }
        LocalDateTime midnight = from.truncatedTo(ChronoUnit.DAYS);
        if (ChronoUnit.DAYS.between(midnight, to) < 27) {
            conditions.add(in("day", "dd", midnight, ChronoUnit.DAYS));
        }
        if (ChronoUnit.HOURS.between(from, to) < 23) {
            conditions.add(in("hour", "HH", from, ChronoUnit.HOURS));
        }
        conditions.add("\"year\" || \"month\" || \"day\" || \"hour\" BETWEEN '" + HOUR.format(from) + "' AND '"
                + HOUR.format(to) + "'");
        return conditions;
    }

    /** The values of a column from the start of a unit to the end of the range. */
    private String in(String column, String pattern, LocalDateTime start, ChronoUnit unit) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
        return LongStream.rangeClosed(0, unit.between(start, to))
                .mapToObj(step -> "'" + format.format(start.plus(step, unit)) + "'")
                .collect(Collectors.joining(", ", '"' + column + "\" IN (", ")"));
    }
}
