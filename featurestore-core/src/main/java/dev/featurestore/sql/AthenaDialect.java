package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Athena, whose engine version 3 is Trino: the labels are sorted, and each row of a history falls in the gap between two labels
 * of its identifier. The rows of a gap are found by binary search, the greatest of them is kept, and a window over the labels
 * alone carries it on. The cost is that of the rows and the labels, not of their pairs, however many an identifier has.
 * Each selection reads its table once, and the spine is evaluated once, whatever its query is. The comparison with other shapes
 * is in {@code docs/decisions}.
 */
final class AthenaDialect extends EngineDialect {
    static final AthenaGrammar GRAMMAR = new AthenaGrammar();

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

    /** What was found in each selection is added to the labels as one value, one selection after the other. */
    private final class Gaps extends JoinSql {
        /** Ties of event time: live last, then the later gap. The space sorts before all that a longer event time goes on with. */
        private static final String LATER_GAP =
                " || ' ' || CAST(\"__fs_live\" AS VARCHAR) || lpad(CAST(\"__fs_place\" AS VARCHAR), 19, '0')";

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
            return histories.get(s).eventTimeOfKey(found(s, "k"));
        }

        @Override
        String arrival(int s) {
            String arrival = found(s, "a");
            return arrivesByTimestamp(histories.get(s)) ? AthenaGrammar.timeOf(arrival) : arrival;
        }

        /** Rows that bring their own arrival have one of nine digits. */
        private static boolean arrivesByTimestamp(HistorySql history) {
            return !history.isStamped() && AthenaGrammar.isWholeMillis(history.arrivalUnit());
        }

        /** Whether rows are found by such an arrival; others are found by text. */
        private static boolean isFoundByTimestamp(HistorySql history) {
            return history.asServed() && arrivesByTimestamp(history);
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
            String window = ") OVER (" + labelsOf(history) + " ORDER BY \"__fs_until\")";
            boolean isTimestamp = isFoundByTimestamp(history);
            sql.append(",\n\"__fs_gaps")
                    .append(s)
                    .append("\" AS (\n  SELECT *, lag(\"__fs_until\", 1, ")
                    .append(isTimestamp ? "TIMESTAMP '0001-01-01 00:00:00'" : "''")
                    .append(window)
                    .append(" AS \"__fs_after\", row_number(")
                    .append(window)
                    .append(" AS \"__fs_place\"\n  FROM (\n    SELECT l.*, ")
                    .append(isTimestamp ? GRAMMAR.timestampOf(labelTime()) : labelTime())
                    .append(" AS \"__fs_until\", CASE WHEN ")
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
                            history.columns(
                                    history.asServed()
                                            ? history.storedEventTime()
                                            : history.eventKeyOf(history.storedEventTime()),
                                    arrivesByTimestamp(history)
                                            ? AthenaGrammar.arrivalTimestamp(history.arrivalUnit())
                                            : history.arrivedBy())))
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
                    .append(history.asServed() ? history.eventKeyOf("h.k") : "h.k")
                    .append(" AS \"__fs_k\", h.live AS \"__fs_live\"")
                    .append(history.hasArrival() ? ", h.a AS \"__fs_a\"" : "")
                    .append(isFoundByTimestamp(history) ? ", h.a" : ", h.api")
                    .append(" AS \"__fs_api\", h.written AS \"__fs_written\"");
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
                    .append(" <= l.\"__fs_until\"\n  )\n)");
        }

        /**
         * For each label, the label whose gap has the greatest row so far, if that row is live; rows of a later gap are later
         * themselves by what they are found by. Then the columns of that row: each by its place, since hundreds of features packed
         * into one value cost more than all else.
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
                    .append("\n  FROM (\n    SELECT *, CASE WHEN \"__fs_latest\" IS NOT NULL")
                    .append(history.age(labelTime(), history.eventTimeOfKey("\"__fs_latest_k\"")))
                    .append(" THEN \"__fs_latest\" END AS \"__fs_from\"\n    FROM (\n      SELECT *,")
                    .append(" max_by(CASE WHEN \"__fs_live\" THEN \"__fs_place\" END")
                    .append(latest)
                    .append("\"__fs_latest\",\n        max_by(\"__fs_k\"")
                    .append(latest)
                    .append("\"__fs_latest_k\"\n      FROM (\n        SELECT *, \"__fs_k\"")
                    .append(history.asServed() ? LATER_GAP : "")
                    .append(" AS \"__fs_order\"\n        FROM \"__fs_met")
                    .append(s)
                    .append("\"\n        WHERE \"__fs_rank\" = 1\n      )\n    ) AS l\n  )\n)");
        }

        /** What is carried of a row. */
        private static List<String> found(HistorySql history) {
            List<String> columns = new ArrayList<>();
            if (history.isAudited()) {
                columns.add("k");
            }
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
