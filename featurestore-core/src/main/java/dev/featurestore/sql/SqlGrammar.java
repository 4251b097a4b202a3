package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What engines write differently; names, texts and types are standard SQL unless an engine says otherwise. Methods take
 * expressions and give expressions, but for names, texts and times of Java, which are quoted here and nowhere else.
 *
 * <p>An engine has one form of times, in which labels and rows can be compared: what is called a time below is an expression
 * in that form, exact to the nanosecond over the years 0000 to 9999. Dialects may compare a cheaper form where they can.
 */
abstract class SqlGrammar {
    /** A name that stays within its quotes, whatever it is. */
    String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text that stays within its quotes, whatever it is. */
    String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    String type(FeatureType type) {
        return switch (type) {
            case STRING -> "VARCHAR";
            case INTEGRAL -> "BIGINT";
            case FRACTIONAL -> "DOUBLE";
        };
    }

    /**
     * Fails the query once a row needs it.
     *
     * @param message without values
     * @param type of the expression, for engines that must know
     */
    abstract String fail(String message, FeatureType type);

    /** The time of UTC text with 0 to 9 digits; null for null. Any other text fails the query. */
    abstract String isoTime(String text, String what);

    /**
     * What orders the times of such texts; it may be shorter than a time. A key is at most a time ({@code <=}) exactly if its own
     * time is; no other comparison of the two means anything.
     */
    String isoKey(String text, String what) {
        return isoTime(text, what);
    }

    /** The time that has such a key. */
    String timeOfKey(String key) {
        return key;
    }

    /** The time of epoch seconds in a double, to the microsecond. */
    abstract String secondsTime(String seconds);

    /** The time of whole epoch milliseconds. */
    abstract String millisTime(String millis);

    /** The time of a timestamp with or without zone. */
    abstract String timestampTime(String timestamp);

    abstract String time(Instant time);

    /** A timestamp, of a whole second. */
    String timestamp(Instant second) {
        return "TIMESTAMP '" + second.toString().replace('T', ' ').replace("Z", "") + "'";
    }

    /** A time as UTC text with 9 digits. */
    abstract String isoText(String time);

    /** Whole nanoseconds from one time to another, in a type that holds ten thousand years of them. */
    abstract String nanosBetween(String earlier, String later);

    /** A number of nanoseconds in that type. */
    abstract String nanos(Duration age);

    /** Whether a label's time is within an age of an event's. */
    final String isWithin(String labelTime, String eventTime, String comparison, Duration age) {
        return nanosBetween(eventTime, labelTime) + " " + comparison + " " + nanos(age);
    }

    /** The age in seconds, as a double. */
    final String age(String labelTime, String eventTime) {
        return "CAST(" + nanosBetween(eventTime, labelTime) + " AS " + type(FeatureType.FRACTIONAL) + ") / 1e9";
    }

    /** When the service says a row arrived. */
    abstract String arrival();

    /** The end of the unit that begins with the row's arrival; null if the service does not say. */
    abstract String arrivalAfter(Duration unit);

    /** The whole number that a column of any type holds. */
    abstract String wholeNumber(String column, String failure);

    /** The text of a column of any type that writes equal values alike; others fail. */
    abstract String text(String column, String failure);

    /** The day of a time, as text such as {@code 2025-01-31}. */
    abstract String day(String time);

    /** An aggregate over rows in any order, as text: the same for the same rows. */
    abstract String checksum(String columns);

    /**
     * The rows of files, as what stands behind FROM.
     *
     * @throws UnsupportedCapabilityException if the engine cannot read them as they are
     */
    abstract String files(Spine.Files files);

    final String identifiers(List<String> names) {
        return names.stream().map(this::identifier).collect(Collectors.joining(", "));
    }

    final String table(List<String> nameParts) {
        return nameParts.stream().map(this::identifier).collect(Collectors.joining("."));
    }

    /** The feature's default where there is none. */
    final String orDefault(String column, Feature<?> feature) {
        return feature.defaultText()
                .map(text -> "coalesce(" + column + ", " + typed(feature.type(), text) + ")")
                .orElse(column);
    }

    /** The column that tells what was found about selection s. */
    final String finding(int s) {
        return identifier("__fs_finding" + s);
    }

    /** Of a query's rows those about which something was found. */
    final String findings(String query, int selections) {
        return "SELECT * FROM (\n" + query + "\n) AS f\nWHERE "
                + IntStream.range(0, selections)
                        .mapToObj(s -> finding(s) + " IS NOT NULL")
                        .collect(Collectors.joining(" OR "));
    }

    /** A cast of text, since a bare number may go through a decimal and lose bits. */
    final String typed(FeatureType type, String text) {
        return "CAST(" + literal(text) + " AS " + type(type) + ")";
    }
}
