package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Athena, whose engine version 3 is Trino: the labels are sorted, and each row of a history falls in the gap between two labels
 * of its identifier. The rows of a gap are found by binary search, the greatest of them is kept, and a window over the labels
 * alone carries it on. The cost is that of the rows and the labels, not of their pairs, however many an identifier has.
 * Each selection reads its table once, and the spine is evaluated once, whatever its query is. The comparison with other shapes is in {@code
 * docs/decisions}.
 */
final class AthenaDialect extends EngineDialect {
    static final TextTimeGrammar GRAMMAR = new Grammar();

    static final AthenaDialect INSTANCE = new AthenaDialect();

    private AthenaDialect() {
        super("Athena", GRAMMAR);
    }

    @Override
    JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables) {
        return new Gaps(set, histories, tables);
    }

    /** Of the second table only the hours that labels can see, where they have an end. */
    @Override
    String visibleRows(HistorySql history, TableNames tables) {
        return tables.projected(history.group())
                .flatMap(table -> history.hours(table)
                        .map(hours -> GRAMMAR.table(table.name()) + history.servedWithinBounds(hours)))
                .orElseGet(() -> super.visibleRows(history, tables));
    }

    private static final class Grammar extends TextTimeGrammar {
        private static final String UTC_TIME =
                "'^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                        + "(?:[.][0-9]{1,9})?Z\\z'";

        /** Half the cost of comparing its parts. */
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

        /** Arrivals in tables of Iceberg have a zone, in others none. Intervals are whole milliseconds. */
        @Override
        String arrivalAfter(Duration unit) {
            if (unit.toNanos() % 1_000_000 == 0) {
                String interval = BigDecimal.valueOf(unit.toMillis(), 3).toPlainString();
                return "to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '"
                        + interval + "' SECOND)";
            }
            BigInteger nanos = BigInteger.valueOf(unit.toNanos());
            return nanosTime(microsOf("to_unixtime(api_invocation_time)") + " * 1000 + " + nanos);
        }

        @Override
        String secondsBetween(String earlier, String later) {
            return "date_diff('second', " + toTheSecond(earlier) + ", " + toTheSecond(later) + ")";
        }

        private static String toTheSecond(String time) {
            return "CAST(replace(substr(" + time + ", 1, 19), 'T', ' ') AS TIMESTAMP(0))";
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

    /** What was found in each selection is added to the labels as one value, one selection after the other. */
    private final class Gaps extends JoinSql {
        private final TrainingSet set;

        private final TableNames tables;

        Gaps(TrainingSet set, List<HistorySql> histories, TableNames tables) {
            super(GRAMMAR, set, histories);
            this.set = set;
            this.tables = tables;
        }

        @Override
        void labels() {
            sql.append("WITH \"__fs_labels0\" AS (\n  ")
                    .append(spine.select(""))
                    .append("\n)");
        }

        @Override
        void join(int s, HistorySql history) {
            gaps(s, history);
            history(s, history);
            met(s, history);
            addToLabels(s, history);
        }

        @Override
        String feature(int s, int c) {
            return found(s, "f" + c);
        }

        @Override
        String eventTime(int s) {
            return found(s, "k");
        }

        @Override
        String arrival(int s) {
            return found(s, "a");
        }

        private static String found(int s, String column) {
            return "l." + carried(s, column);
        }

        private static String carried(int s, String column) {
            return "\"__fs_row" + s + '_' + column + '"';
        }

        @Override
        String joined() {
            return "\"__fs_labels" + histories.size() + "\" AS l";
        }

        /** The labels of an identifier; of those without one, the labels of a time. */
        private static String labelsOf(HistorySql history) {
            return "PARTITION BY " + history.key() + ", \"__fs_apart\"";
        }

        /**
         * The labels, each with the time of the one before it; of labels with one time all but one have an empty gap. Those
         * without a key find nothing: they are kept apart, since one place would sort them all. Trino builds the side of a join
         * that it knows to be smaller, and gives up guessing behind UNNEST: the history is to be sorted, however few the labels
         * are.
         */
        private void gaps(int s, HistorySql history) {
            String window = ") OVER (" + labelsOf(history) + " ORDER BY " + spine.time() + ")";
            sql.append(",\n\"__fs_gaps")
                    .append(s)
                    .append("\" AS (\n  SELECT *, lag(")
                    .append(spine.time())
                    .append(", 1, ''")
                    .append(window)
                    .append(" AS \"__fs_after\", row_number(")
                    .append(window)
                    .append(" AS \"__fs_place\"\n  FROM (\n    SELECT l.*, CASE WHEN ")
                    .append(history.key())
                    .append(" IS NULL THEN ")
                    .append(spine.time())
                    .append(" END AS \"__fs_apart\"\n    FROM \"__fs_labels")
                    .append(s)
                    .append("\" AS l CROSS JOIN UNNEST(ARRAY[0]) AS u(\"__fs_once\")\n  )\n)");
        }

        /** The rows of a group. What is found by its arrival has its event time read afterwards: many rows are not found. */
        private void history(int s, HistorySql history) {
            sql.append(",\n\"__fs_history")
                    .append(s)
                    .append("\" AS (\n  SELECT ")
                    .append(String.join(
                            ",\n    ",
                            history.columns(history.asServed() ? history.storedEventTime() : history.eventTime())))
                    .append("\n  FROM ")
                    .append(visibleRows(history, tables))
                    .append("\n)");
        }

        /** The greatest of the rows between a label and the one before it. */
        private void met(int s, HistorySql history) {
            String time = history.asServed() ? "h.a" : "h.k";
            sql.append(",\n\"__fs_met")
                    .append(s)
                    .append("\" AS (\n  SELECT *, row_number() OVER (")
                    .append(labelsOf(history))
                    .append(", \"__fs_place\" ORDER BY \"__fs_k\" DESC NULLS LAST, \"__fs_live\" DESC")
                    .append(history.isStamped() ? ", \"__fs_a\" DESC NULLS LAST" : "")
                    .append(", \"__fs_api\" DESC NULLS LAST, \"__fs_written\" DESC NULLS LAST) AS \"__fs_rank\"")
                    .append("\n  FROM (\n    SELECT l.*, ")
                    .append(history.asServed() ? history.eventTimeOf("h.k") : "h.k")
                    .append(" AS \"__fs_k\", h.live AS \"__fs_live\"")
                    .append(history.hasArrival() ? ", h.a AS \"__fs_a\"" : "")
                    .append(", h.api AS \"__fs_api\", h.written AS \"__fs_written\"");
            for (int c = 0; c < history.features(); c++) {
                sql.append(", h.f").append(c).append(" AS \"__fs_f").append(c).append('"');
            }
            sql.append("\n    FROM \"__fs_gaps")
                    .append(s)
                    .append("\" AS l LEFT JOIN \"__fs_history")
                    .append(s)
                    .append("\" AS h ON h.id = l.")
                    .append(history.key())
                    .append("\n      AND ")
                    .append(time)
                    .append(" > l.\"__fs_after\" AND ")
                    .append(time)
                    .append(" <= ")
                    .append(labelTime())
                    .append("\n  )\n)");
        }

        /**
         * For each label, the label whose gap has the greatest row so far; rows of a later gap are later themselves by what they
         * are found by. Then the columns of that row: each by its place, since hundreds of features packed into one value cost
         * more than all else.
         */
        private void addToLabels(int s, HistorySql history) {
            String window = "OVER (" + labelsOf(history) + " ORDER BY \"__fs_place\") AS ";
            List<String> columns = new ArrayList<>(labelColumns(s));
            for (String column : found(history)) {
                columns.add("nth_value(\"__fs_" + column + "\", \"__fs_from\") " + window + carried(s, column));
            }
            String latest = ", \"__fs_order\") " + window;
            sql.append(",\n\"__fs_labels")
                    .append(s + 1)
                    .append("\" AS (\n  SELECT ")
                    .append(String.join(",\n    ", columns))
                    .append("\n  FROM (\n    SELECT *, CASE WHEN \"__fs_latest_live\"")
                    .append(history.age(labelTime(), "\"__fs_latest_k\""))
                    .append(
                            " THEN \"__fs_latest\" END AS \"__fs_from\"\n    FROM (\n      SELECT *, max_by(\"__fs_place\"")
                    .append(latest)
                    .append("\"__fs_latest\",\n        max_by(\"__fs_live\"")
                    .append(latest)
                    .append("\"__fs_latest_live\",\n        max_by(\"__fs_k\"")
                    .append(latest)
                    .append("\"__fs_latest_k\"\n      FROM (\n        SELECT *, \"__fs_k\"")
                    .append(history.asServed() ? " || CAST(\"__fs_live\" AS VARCHAR) || \"__fs_after\"" : "")
                    .append(" AS \"__fs_order\"\n        FROM \"__fs_met")
                    .append(s)
                    .append("\"\n        WHERE \"__fs_rank\" = 1\n      )\n    ) AS l\n  )\n)");
        }

        /** What is carried of a row. */
        private static List<String> found(HistorySql history) {
            List<String> columns = new ArrayList<>();
            columns.add("k");
            if (history.isAudited() && history.hasArrival()) {
                columns.add("a");
            }
            for (int c = 0; c < history.features(); c++) {
                columns.add("f" + c);
            }
            return columns;
        }

        /** Those of the spine and its keys, and what was found in the selections before. */
        private List<String> labelColumns(int s) {
            List<String> columns = new ArrayList<>();
            columns.add(GRAMMAR.identifiers(set.spineColumns()));
            columns.add(spine.time());
            for (int key = 0; key < set.view().selections().size(); key++) {
                columns.add(spine.key(key));
            }
            for (int before = 0; before < s; before++) {
                for (String column : found(histories.get(before))) {
                    columns.add(carried(before, column));
                }
            }
            return columns;
        }
    }
}
