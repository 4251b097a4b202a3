package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** Spark's expressions. None depends on the session's time zone: timestamps are counted, not printed. */
final class SparkGrammar extends TextTimeGrammar {
    private static final String EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";

    /** Without backslashes, which a session may take for escapes; a dollar alone would let a line's end through. */
    @Override
    String isUtcTime(String text) {
        return "(endswith(" + text + ", 'Z') AND " + text
                + " RLIKE '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                + "(?:[.][0-9]{1,9})?Z$')";
    }

    @Override
    String identifier(String name) {
        if (name.contains("${")) {
            throw new UnsupportedCapabilityException(
                    "Spark replaces ${...} in a query, quoted or not: a table or column cannot have it in its name");
        }
        return '`' + name.replace("`", "``") + '`';
    }

    /** What begins an escape or a substitution, if the session has those on, is written in hexadecimal. */
    @Override
    String literal(String text) {
        boolean isPlain = text.chars().noneMatch(c -> c == '\'' || c == '\\' || c == '$' || c < ' ');
        return isPlain
                ? "'" + text + "'"
                : "CAST(X'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "' AS STRING)";
    }

    @Override
    String type(FeatureType type) {
        return switch (type) {
            case STRING -> "STRING";
            case INTEGRAL -> "BIGINT";
            case FRACTIONAL -> "DOUBLE";
        };
    }

    @Override
    String files(Spine.Files files) {
        if (files.format() != Spine.Format.PARQUET) {
            throw new UnsupportedCapabilityException("Spark's SQL reads no CSV with a header line: make a view of the"
                    + " spine's files with spark.read(), and name it with Spine.table");
        }
        String authority = files.folder().getRawAuthority();
        return "parquet."
                + identifier(files.folder().getScheme() + ":" + (authority == null ? "" : "//" + authority)
                        + files.folder().getPath())
                + " AS f";
    }

    @Override
    String fail(String message, FeatureType type) {
        return "CAST(raise_error(" + literal(message) + ") AS " + type(type) + ")";
    }

    /** With its zone, since the session's is any. */
    @Override
    String timestamp(Instant second) {
        return "TIMESTAMP '" + second + "'";
    }

    /** The whole seconds apart, since their product would round. */
    @Override
    String secondsTime(String seconds) {
        return microsTime("CAST(floor(" + seconds + ") AS BIGINT) * 1000000 + CAST(round((" + seconds + " - floor("
                + seconds + ")) * 1000000) AS BIGINT)");
    }

    @Override
    String millisTime(String millis) {
        return microsTime("CAST(" + millis + " AS BIGINT) * 1000");
    }

    private static String microsTime(String micros) {
        return ntzTime(EPOCH + " + INTERVAL '0.000001' SECOND * (" + micros + ")");
    }

    /** Without a zone it is taken as UTC, whatever the session's. A date has no time of day. */
    @Override
    String timestampTime(String timestamp) {
        return "CASE WHEN typeof(" + timestamp + ") = 'timestamp' THEN "
                + microsTime("unix_micros(CAST(" + timestamp + " AS TIMESTAMP))") + " ELSE "
                + ntzTime("CAST(" + timestamp + " AS TIMESTAMP_NTZ)") + " END";
    }

    /** Its text is the beginning of the time: the rest is zeros. */
    private static String ntzTime(String timestamp) {
        return "overlay('0000-00-00T00:00:00.000000000Z' PLACING replace(CAST(" + timestamp
                + " AS STRING), ' ', 'T') FROM 1)";
    }

    @Override
    String arrival() {
        return arrivalAfter(Duration.ZERO);
    }

    @Override
    String arrivalAfter(Duration unit) {
        return microsTime(arrivalMicros(unit));
    }

    static String arrivalMicros(Duration unit) {
        if (unit.toNanos() % 1000 != 0) {
            throw new UnsupportedCapabilityException(
                    "Spark counts arrivals in microseconds, got an arrival unit of " + unit);
        }
        return "unix_micros(api_invocation_time) + " + unit.toNanos() / 1000;
    }

    /** Of a label's time, cut to whole ones, as arrivals are. A day that no month has would be no time, and find nothing. */
    String micros(String time) {
        return orFail("unix_micros(TRY_CAST(substr(" + time + ", 1, 26) || 'Z' AS TIMESTAMP))");
    }

    /** The same, from the timestamp that the time was made of: only one without a zone is read from its text. */
    String micros(String time, String timestamp) {
        return "CASE WHEN typeof(" + timestamp + ") = 'timestamp' THEN "
                + orFail("unix_micros(CAST(" + timestamp + " AS TIMESTAMP))") + " ELSE " + micros(time) + " END";
    }

    private String orFail(String micros) {
        return "coalesce(" + micros + ", "
                + fail(
                        "The spine's label time is not a UTC time such as 2025-01-31T23:59:59.123Z",
                        FeatureType.INTEGRAL)
                + ")";
    }

    /** A sum, since equal rows would cancel each other out in an exclusive or. */
    @Override
    String checksum(String columns) {
        return "CAST(sum(CAST(xxhash64(" + columns + ") AS DECIMAL(38, 0))) AS STRING)";
    }

    @Override
    String secondsBetween(String earlier, String later) {
        return "(" + second(later) + " - " + second(earlier) + ")";
    }

    private static String second(String time) {
        return "unix_seconds(CAST(substr(" + time + ", 1, 19) || 'Z' AS TIMESTAMP))";
    }

    @Override
    String wholeNumber(String column, String failure) {
        String number = "CAST(" + column + " AS DOUBLE)";
        String text = "CAST(" + column + " AS STRING)";
        return "CASE WHEN " + column + " IS NULL THEN NULL WHEN typeof(" + column
                + ") IN ('double', 'float') THEN CASE WHEN " + number + " = floor(" + number + ") AND abs(" + number
                + ") < 9.2e18 THEN CAST(" + number + " AS BIGINT) ELSE " + failure + " END WHEN " + text
                + " RLIKE '^-?[0-9]+([.]0+)?$' THEN coalesce(TRY_CAST(substring_index(" + text
                + ", '.', 1) AS BIGINT), " + failure + ") ELSE " + failure + " END";
    }

    @Override
    String text(String column, String failure) {
        return "CASE WHEN " + column + " IS NULL THEN NULL WHEN typeof(" + column
                + ") IN ('double', 'float') OR typeof(" + column + ") LIKE 'decimal%' THEN " + failure
                + " ELSE CAST(" + column + " AS STRING) END";
    }
}
