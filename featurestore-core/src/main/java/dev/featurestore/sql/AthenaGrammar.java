package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

/** Trino's functions, in the versions that Athena has. */
final class AthenaGrammar extends TextTimeGrammar {
    private static final String UTC_TIME =
            "'^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                    + "(?:[.][0-9]{1,9})?Z\\z'";

    @Override
    String isUtcTime(String text) {
        return "regexp_like(" + text + ", " + UTC_TIME + ")";
    }

    /** No function that fails is documented; a cast that must does so with its text. */
    @Override
    String fail(String message, FeatureType type) {
        String failure = "CAST(" + literal(message) + " AS BIGINT)";
        return type == FeatureType.INTEGRAL ? failure : "CAST(" + failure + " AS " + type(type) + ")";
    }

    @Override
    String files(Spine.Files files) {
        throw new UnsupportedCapabilityException("Athena reads labels from tables: run the set on an Athena offline"
                + " store, which makes one over the spine's files and drops it, or name one with Spine.table");
    }

    @Override
    String checksum(String columns) {
        return "to_hex(checksum(ROW(" + columns + ")))";
    }

    @Override
    String secondsTime(String seconds) {
        return nanosTime(microsOf(seconds) + " * 1000");
    }

    /** The whole seconds apart, since their product would round. */
    private static String microsOf(String seconds) {
        return "(CAST(floor(" + seconds + ") AS DECIMAL(38, 0)) * 1000000 + CAST(round((" + seconds + " - floor("
                + seconds + ")) * 1e6) AS BIGINT))";
    }

    private static String nanosTime(String nanos) {
        return "to_iso8601(from_unixtime_nanos(" + nanos + "))";
    }

    @Override
    String millisTime(String millis) {
        return nanosTime("CAST(" + millis + " AS DECIMAL(38, 0)) * 1000000");
    }

    @Override
    String timestampTime(String timestamp) {
        return "to_iso8601(CAST(" + timestamp + " AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC')";
    }

    @Override
    String arrival() {
        return "coalesce(" + arrivalAfter(Duration.ZERO) + ", '')";
    }

    /** Arrivals in tables of Iceberg have a zone, in others none. */
    @Override
    String arrivalAfter(Duration unit) {
        if (isWholeMillis(unit)) {
            return "to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + "
                    + interval(unit) + ")";
        }
        BigInteger nanos = BigInteger.valueOf(unit.toNanos());
        return nanosTime(microsOf("to_unixtime(api_invocation_time)") + " * 1000 + " + nanos);
    }

    /** Intervals have no more digits. */
    static boolean isWholeMillis(Duration unit) {
        return unit.toNanos() % 1_000_000 == 0;
    }

    private static String interval(Duration unit) {
        return "INTERVAL '" + BigDecimal.valueOf(unit.toMillis(), 3).toPlainString() + "' SECOND";
    }

    @Override
    String secondsBetween(String earlier, String later) {
        return "date_diff('second', " + toTheSecond(earlier) + ", " + toTheSecond(later) + ")";
    }

    private static String toTheSecond(String time) {
        return "CAST(" + digits(time, 19) + " AS TIMESTAMP(0))";
    }

    private static String digits(String time, int length) {
        return "replace(substr(" + time + ", 1, " + length + "), 'T', ' ')";
    }

    /** As {@link #arrivalAfter}, as a timestamp: a text of each costs as much as the rest of a row. */
    static String arrivalTimestamp(Duration unit) {
        return "CAST(CAST(api_invocation_time AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(6)) + "
                + interval(unit);
    }

    /** Of a label, cut to whole microseconds, as arrivals are. A day that no month has would be no time, and find nothing. */
    String timestampOf(String time) {
        return "coalesce(TRY_CAST(" + digits(time, 26) + " AS TIMESTAMP(6)), CAST("
                + fail("The spine's label time is not a UTC time such as 2025-01-31T23:59:59.123Z", FeatureType.STRING)
                + " AS TIMESTAMP(6)))";
    }

    static String timeOf(String timestamp) {
        return "to_iso8601(CAST(" + timestamp + " AS TIMESTAMP(9))) || 'Z'";
    }

    /** A double has no plain text: 7 would be 7.0E0. */
    @Override
    String wholeNumber(String column, String failure) {
        String number = "CAST(" + column + " AS DOUBLE)";
        String text = "CAST(" + column + " AS VARCHAR)";
        return "CASE WHEN " + column + " IS NULL THEN NULL WHEN typeof(" + column
                + ") IN ('double', 'real') THEN CASE WHEN " + number + " = floor(" + number
                + ") THEN coalesce(TRY_CAST(" + number + " AS BIGINT), " + failure + ") ELSE " + failure
                + " END WHEN regexp_like(" + text + ", '^-?[0-9]+(\\.0+)?$') THEN coalesce(TRY_CAST(split_part("
                + text + ", '.', 1) AS BIGINT), " + failure + ") ELSE " + failure + " END";
    }

    @Override
    String text(String column, String failure) {
        return "CASE WHEN " + column + " IS NULL THEN NULL WHEN typeof(" + column
                + ") IN ('double', 'real') OR typeof(" + column + ") LIKE 'decimal%' THEN " + failure
                + " ELSE CAST(" + column + " AS VARCHAR) END";
    }
}
