package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Athena, whose engine version 3 is Trino: each row of a history holds from its own time until the next one's, so that a
 * label falls into one row's interval at most. The labels are the build side of the join, sorted by time: each interval finds
 * its labels by binary search, and a small spine keeps most of the history out of the sort. No table is read twice, and the
 * spine is evaluated once, whatever its query is. The comparison with other shapes is in {@code docs/decisions}.
 */
final class AthenaDialect extends EngineDialect {
    static final TextTimeGrammar GRAMMAR = new Grammar();

    static final AthenaDialect INSTANCE = new AthenaDialect();

    private AthenaDialect() {
        super("Athena", GRAMMAR);
    }

    @Override
    JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables) {
        return new Intervals(set, histories, tables);
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

    /** Each selection's columns are added to the labels, in a row. */
    private final class Intervals extends JoinSql {
        private final TableNames tables;

        Intervals(TrainingSet set, List<HistorySql> histories, TableNames tables) {
            super(GRAMMAR, set, histories);
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
            history(s, history);
            versions(s, history);
            addToLabels(s, history);
        }

        @Override
        String feature(int s, int c) {
            return "l.\"__fs_feature" + s + "_" + c + '"';
        }

        @Override
        String eventTime(int s) {
            return "l.\"__fs_event" + s + '"';
        }

        @Override
        String arrival(int s) {
            return "l.\"__fs_arrival" + s + '"';
        }

        @Override
        String joined() {
            return "\"__fs_labels" + histories.size() + "\" AS l";
        }

        /** The rows of a group with what orders them. */
        private void history(int s, HistorySql history) {
            sql.append(",\n\"__fs_history")
                    .append(s)
                    .append("\" AS (\n  SELECT ")
                    .append(String.join(",\n    ", history.columns()))
                    .append("\n  FROM ")
                    .append(visibleRows(history, tables))
                    .append("\n)");
        }

        /** From when to when each row is the latest; of rows with one time all but the last hold for no time at all. */
        private void versions(int s, HistorySql history) {
            String rows = "\"__fs_history" + s + '"';
            String order = history.isStamped()
                    ? "k, live, a NULLS FIRST, api NULLS FIRST, written NULLS FIRST"
                    : "k, live, api NULLS FIRST, written NULLS FIRST";
            if (history.asServed()) {
                // what the online store applied: writes not older than all that had arrived before them
                sql.append(",\n\"__fs_arrived")
                        .append(s)
                        .append("\" AS (\n  SELECT *, max(k || CAST(live AS VARCHAR)) OVER (PARTITION BY id ORDER BY a)"
                                + " AS greatest\n  FROM ")
                        .append(rows)
                        .append("\n  WHERE a IS NOT NULL\n)");
                rows = "\"__fs_arrived" + s + "\"\n  WHERE k || CAST(live AS VARCHAR) >= greatest";
                order = "a, api NULLS FIRST, written NULLS FIRST";
            }
            String start = history.asServed() ? "a" : "k";
            sql.append(",\n\"__fs_versions")
                    .append(s)
                    .append("\" AS (\n  SELECT *, ")
                    .append(start)
                    .append(" AS since, lead(")
                    .append(start)
                    .append(", 1, ")
                    .append(TextTimeGrammar.AFTER_ALL)
                    .append(") OVER (PARTITION BY id ORDER BY ")
                    .append(order)
                    .append(") AS until\n  FROM ")
                    .append(rows)
                    .append("\n)");
        }

        /** The labels with the columns of one selection more. */
        private void addToLabels(int s, HistorySql history) {
            List<String> columns = new ArrayList<>();
            columns.add("l.*");
            for (int c = 0; c < history.features(); c++) {
                columns.add("h.f" + c + " AS \"__fs_feature" + s + "_" + c + '"');
            }
            if (history.isAudited()) {
                columns.add("h.k AS \"__fs_event" + s + '"');
            }
            if (history.isAudited() && history.hasArrival()) {
                columns.add("h.a AS \"__fs_arrival" + s + '"');
            }
            String time = labelTime();
            sql.append(",\n\"__fs_labels")
                    .append(s + 1)
                    .append("\" AS (\n  SELECT ")
                    .append(String.join(", ", columns))
                    .append("\n  FROM \"__fs_versions")
                    .append(s)
                    .append("\" AS h RIGHT JOIN \"__fs_labels")
                    .append(s)
                    .append("\" AS l ON h.id = l.")
                    .append(history.key())
                    .append("\n    AND ")
                    .append(time)
                    .append(" >= h.since AND ")
                    .append(time)
                    .append(" < h.until AND h.live")
                    .append(history.age(time, "h.k"))
                    .append("\n)");
        }
    }
}
