package dev.featurestore.sql;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.FeatureType;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * Engines whose times are UTC text with 9 digits, {@code 2025-01-31T23:59:59.123456789Z}: one width, so text order is time
 * order, and the form most event times are stored in.
 */
abstract class TextTimeGrammar extends SqlGrammar {
    /** Sorts after every time. */
    static final String AFTER_ALL = "'~'";

    static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000L);

    @Override
    final String isoTime(String text, String what) {
        return checked(text, what, padded(text));
    }

    /**
     * The beginning of the time, without the zeros at its end, of the seconds too if there is no fraction. One function is enough
     * for it. Of two such beginnings the one that sorts later is later; one of a time is not after that time, and after all before
     * it.
     */
    @Override
    final String isoKey(String text, String what) {
        return checked(text, what, "trim(TRAILING '.0Z' FROM " + text + ")");
    }

    @Override
    final String timeOfKey(String key) {
        return "rpad(" + key + ", 19, '0') || '.' || rpad(substr(" + key + ", 21), 9, '0') || 'Z'";
    }

    private String checked(String text, String what, String time) {
        return "CASE WHEN " + text + " IS NULL THEN NULL WHEN " + isUtcTime(text) + " THEN " + time + " ELSE "
                + fail(what + " is not a UTC time such as 2025-01-31T23:59:59.123Z", FeatureType.STRING) + " END";
    }

    /** Whether a text is a time that can be padded. */
    abstract String isUtcTime(String text);

    /** Nine digits, of text with none to nine and perhaps a Z. */
    static String padded(String text) {
        return "substr(" + text + ", 1, 19) || '.' || rpad(replace(substr(" + text + ", 21), 'Z', ''), 9, '0') || 'Z'";
    }

    /** A range of labels may be without end. */
    @Override
    final String time(Instant time) {
        if (time.isBefore(FIRST)) {
            return "''";
        }
        if (time.isAfter(LAST)) {
            return AFTER_ALL;
        }
        return literal(EventTimeFormat.iso8601(9).codec().encode(time));
    }

    @Override
    final String day(String time) {
        return "substr(" + time + ", 1, 10)";
    }

    /** Whole seconds between the times, the fractions of both cut off. */
    abstract String secondsBetween(String earlier, String later);

    @Override
    final String isoText(String time) {
        return time;
    }

    @Override
    final String nanosBetween(String earlier, String later) {
        return "CAST(" + secondsBetween(earlier, later) + " AS DECIMAL(38, 0)) * 1000000000 + " + nanosOf(later) + " - "
                + nanosOf(earlier);
    }

    @Override
    final String nanos(Duration age) {
        BigInteger nanos =
                BigInteger.valueOf(age.toSeconds()).multiply(NANOS).add(BigInteger.valueOf(age.toNanosPart()));
        return "CAST('" + nanos + "' AS DECIMAL(38, 0))";
    }

    private static String nanosOf(String time) {
        return "CAST(substr(" + time + ", 21, 9) AS BIGINT)";
    }
}
