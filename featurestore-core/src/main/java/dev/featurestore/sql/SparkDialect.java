package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Spark: labels and rows of a group in one stream per identifier, and the last row so far as one value, so that a feature
 * without value and a delete survive. One sort a selection, linear whatever the number of rows an identifier has; joins would
 * compare each label of an identifier with each of its rows. Rows of identifiers without labels, and rows after their last one,
 * never enter the stream. A selection reads its table once, and a {@code SELECT} evaluates the spine once. The comparison with
 * other shapes is in {@code docs/decisions}.
 */
final class SparkDialect extends EngineDialect {
    static final SparkGrammar GRAMMAR = new SparkGrammar();

    static final SparkDialect INSTANCE = new SparkDialect();

    private SparkDialect() {
        super("Spark", GRAMMAR);
    }

    @Override
    JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables) {
        return new Stream(set, histories, tables);
    }

    /** The labels, and the row of each selection, are structs side by side. */
    private final class Stream extends JoinSql {
        private static final String MICROS = "__fs_micros";

        private final TableNames tables;

        Stream(TrainingSet set, List<HistorySql> histories, TableNames tables) {
            super(GRAMMAR, set, histories);
            this.tables = tables;
        }

        /**
         * Named in the stream and in what is known of each identifier. Spark pastes in what is named more than once, and would
         * evaluate the spine each time, unless it might give something else each time: then it is written to one exchange, which
         * all read. In statements such as INSERT it pastes everything in all the same, and a spine may give other labels the next
         * time: the query sees that by a random number, which is another one then, and keeps all rows. No random number gets into
         * the code that Spark generates of the rest, which is compiled once.
         */
        @Override
        void labels() {
            String micros =
                    histories.stream().anyMatch(Stream::isCounted) ? ", " + labelMicros() + " AS " + MICROS : "";
            sql.append("""
                    WITH __fs_random AS (
                      SELECT rand() AS r
                    ),
                    __fs_twice AS (
                      SELECT a.r <> b.r AS is_pasted
                      FROM __fs_random AS a CROSS JOIN __fs_random AS b
                    ),
                    __fs_labels0 AS (
                      SELECT struct(*) AS l, rand(0) AS once
                      FROM (
                        SELECT *%s
                        FROM (
                          %s
                        ) AS l
                      )
                    )""".formatted(micros, spine.select("")));
        }

        private String labelMicros() {
            return spine.timestamp()
                    .map(timestamp -> GRAMMAR.micros(labelTime(), "l." + timestamp))
                    .orElseGet(() -> GRAMMAR.micros(labelTime()));
        }

        @Override
        void join(int s, HistorySql history) {
            known(s, history);
            history(s, history);
            stream(s, history);
            addToLabels(s, history);
        }

        @Override
        String feature(int s, int c) {
            return "v" + s + ".f" + c;
        }

        @Override
        String eventTime(int s) {
            return histories.get(s).eventTimeOfKey("v" + s + ".k");
        }

        @Override
        String arrival(int s) {
            return "v" + s + ".a";
        }

        @Override
        String joined() {
            return "__fs_labels" + histories.size();
        }

        /** The identifiers that have labels, and until when: one row each, so that no row of the history meets more than one. */
        private void known(int s, HistorySql history) {
            sql.append("""
                    ,
                    __fs_known%d AS (
                      SELECT l.%s AS id, max(%s) AS until
                      FROM __fs_labels0
                      GROUP BY l.%2$s
                    )""".formatted(s, history.key(), labelTime(history)));
        }

        /**
         * The rows of a group that a label can see: what they are found by, what orders them, and what is wanted of them. Arrivals
         * by the service's clock are found by their number, since a text of each costs as much as the rest. In AS_SERVED event
         * times are read afterwards, of fewer rows. Without coalesce Spark would add that the expression is not null, and compute
         * it twice.
         */
        private void history(int s, HistorySql history) {
            boolean isServed = history.asServed();
            String stored = history.storedEventTime();
            List<String> columns = new ArrayList<>(
                    history.columns(isServed ? stored : history.eventKeyOf(stored), history.arrivedBy()));
            if (isCounted(history)) {
                columns.add(SparkGrammar.arrivalMicros(history.arrivalUnit()) + " AS t");
            }
            String time = isCounted(history) ? "t" : isServed ? "a" : "k";
            String seen = isCounted(history) ? "h.t" : "coalesce(h." + time + ", " + TextTimeGrammar.AFTER_ALL + ")";
            sql.append("""
                    ,
                    __fs_history%d AS (
                      SELECT id, %s AS t, %s, struct(%s) AS h
                      FROM (
                        SELECT h.*, %s AS e
                        FROM (
                          SELECT %s
                          FROM %s
                        ) AS h
                        LEFT JOIN __fs_known%1$d AS n ON n.id = h.id
                        WHERE %s <= n.until OR h.id IS NOT NULL AND h.%s IS NOT NULL AND (SELECT is_pasted FROM __fs_twice)
                      )
                    )""".formatted(
                            s,
                            time,
                            isServed ? "struct(e, live) AS o, " + order(history) : order(history),
                            kept(history),
                            isServed ? history.eventKeyOf("h.k") : "h.k",
                            String.join(",\n        ", columns),
                            visibleRows(history, tables),
                            seen,
                            time));
        }

        private static boolean isCounted(HistorySql history) {
            return history.asServed() && !history.isStamped();
        }

        /** The label's time, in the form in which a history's rows are found. */
        private String labelTime(HistorySql history) {
            return isCounted(history) ? "l." + MICROS : labelTime();
        }

        /** What is wanted of a row, in a struct. */
        private static String kept(HistorySql history) {
            boolean hasEventTime = history.isAudited() || history.hasAge();
            boolean hasArrival = history.isAudited() && history.hasArrival();
            return "live" + (hasEventTime ? ", e AS k" : "") + (hasArrival ? ", a" : "")
                    + numbered(history.features(), ", f");
        }

        /**
         * What orders rows of one time: of all of them, or in AS_SERVED of those that are alike in event time and liveness. The
         * service's arrival is what those that are counted are found by.
         */
        private static String order(HistorySql history) {
            if (history.asServed()) {
                return isCounted(history) ? "written" : "api, written";
            }
            return history.isStamped() ? "live, a, api, written" : "live, api, written";
        }

        private static String numbered(int count, String prefix) {
            return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining());
        }

        /**
         * Rows and labels by identifier and time. Spark sorts by the first eight bytes before all else; those of a hash tell
         * identifiers apart, which often begin alike, and spread labels without key, which would all be in one task.
         */
        private void stream(int s, HistorySql history) {
            String order = history.asServed() ? "o, " + order(history) : order(history);
            sql.append("""
                    ,
                    __fs_stream%d AS (
                      SELECT xxhash64(id) AS b, id, t, false AS n, %s, h, NULL AS l%s
                      FROM __fs_history%1$d
                      UNION ALL
                      SELECT CASE WHEN l.%s IS NULL THEN xxhash64(%s) ELSE xxhash64(l.%4$s) END, l.%4$s, %s, true, %s, NULL, l%s
                      FROM __fs_labels%1$d
                    )""".formatted(
                            s,
                            order,
                            numbered(s, ", NULL AS v"),
                            history.key(),
                            labelTime(),
                            labelTime(history),
                            order.replaceAll("\\w+", "NULL"),
                            numbered(s, ", v")));
        }

        /**
         * The labels with the row of one selection more: the last of those up to and at the label's time. Rows that the label behind
         * them does not get are dropped before rows are carried on. All windows have one order, so there is one sort.
         */
        private void addToLabels(int s, HistorySql history) {
            String window = "OVER (PARTITION BY b, id ORDER BY t, n, " + order(history);
            String before = numbered(s, ", v");
            sql.append("""
                    ,
                    __fs_labels%d AS (
                      SELECT l%s, CASE WHEN h.live%s THEN h END AS v%d
                      FROM (
                        SELECT l, n%2$s, last_value(h) IGNORE NULLS %s ROWS UNBOUNDED PRECEDING) AS h
                        FROM (
                          SELECT *, lead(n) %5$s) AS is_before_label
                          FROM %s
                        )
                        WHERE n OR is_before_label
                      )
                      WHERE n
                    )""".formatted(
                            s + 1,
                            before,
                            history.age(labelTime(), history.eventTimeOfKey("h.k")),
                            s,
                            window,
                            history.asServed() ? served(s, window) : "__fs_stream" + s));
        }

        /** Without rows that were older than what was served when they arrived. */
        private static String served(int s, String window) {
            return """
                    (
                            SELECT *
                            FROM (
                              SELECT *, max(o) %s ROWS UNBOUNDED PRECEDING) AS latest
                              FROM __fs_stream%d
                            )
                            WHERE n OR o = latest AND o.e IS NOT NULL
                          )""".formatted(window, s);
        }
    }
}
