package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Spark: labels and rows of a group in one stream per identifier, and the greatest row so far as one value, so that a feature
 * without value and a delete survive. One sort a selection, linear whatever the number of rows an identifier has; joins would
 * compare each label of an identifier with each of its rows. No table is read twice, and the spine is evaluated once. The
 * comparison with other shapes is in {@code docs/decisions}.
 */
final class SparkDialect extends EngineDialect {
    static final TextTimeGrammar GRAMMAR = new Grammar();

    static final SparkDialect INSTANCE = new SparkDialect();

    private SparkDialect() {
        super("Spark", GRAMMAR);
    }

    @Override
    JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables) {
        return new Stream(set, histories, tables);
    }

    /** Nothing here depends on the session's time zone: timestamps are counted, not printed. */
    private static final class Grammar extends TextTimeGrammar {
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
                throw new UnsupportedCapabilityException(
                        "Spark's SQL reads no CSV with a header line: make a view of the"
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
            return padded(
                    "replace(CAST(" + EPOCH + " + INTERVAL '0.000001' SECOND * (" + micros + ") AS STRING), ' ', 'T')");
        }

        /** Without a zone it is taken as UTC, whatever the session's. A date has no time of day. */
        @Override
        String timestampTime(String timestamp) {
            return "CASE WHEN typeof(" + timestamp + ") = 'timestamp' THEN "
                    + microsTime("unix_micros(CAST(" + timestamp + " AS TIMESTAMP))") + " ELSE "
                    + padded("replace(CAST(CAST(" + timestamp + " AS TIMESTAMP_NTZ) AS STRING), ' ', 'T')") + " END";
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

        /** Of a label, cut to whole ones, as arrivals are. A day that no month has would be no time, and find nothing. */
        static String micros(String time) {
            return "coalesce(unix_micros(TRY_CAST(substr(" + time + ", 1, 26) || 'Z' AS TIMESTAMP)), "
                    + GRAMMAR.fail(
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

    /** The labels, and the row of each selection, are structs side by side. */
    private final class Stream extends JoinSql {
        private final TableNames tables;

        Stream(TrainingSet set, List<HistorySql> histories, TableNames tables) {
            super(GRAMMAR, set, histories);
            this.tables = tables;
        }

        @Override
        void labels() {
            sql.append("WITH __fs_labels0 AS (\n  SELECT struct(*) AS l FROM (\n  ")
                    .append(spine.select(""))
                    .append("\n  )\n)");
        }

        @Override
        void join(int s, HistorySql history) {
            history(s, history);
            addToLabels(s, history);
        }

        @Override
        String feature(int s, int c) {
            return "v" + s + ".f" + c;
        }

        @Override
        String eventTime(int s) {
            return "v" + s + ".k";
        }

        @Override
        String arrival(int s) {
            return "v" + s + ".a";
        }

        @Override
        String joined() {
            return "__fs_labels" + histories.size();
        }

        /**
         * The rows of a group: what they are found by, and the whole row with what orders it in front. Arrivals by the service's
         * clock are found by their number, since a text of each costs as much as the rest.
         */
        private void history(int s, HistorySql history) {
            List<String> columns = new ArrayList<>(history.columns());
            if (isCounted(history)) {
                columns.add(Grammar.arrivalMicros(history.arrivalUnit()) + " AS t");
            }
            String time = isCounted(history) ? "t" : history.asServed() ? "a" : "k";
            sql.append(",\n__fs_history")
                    .append(s)
                    .append(" AS (\n  SELECT id, ")
                    .append(time)
                    .append(" AS t, struct(")
                    .append(hasArrival(history) ? "k, live, a, api, written" : "k, live, api, written")
                    .append(numbered(history.features(), ", f"))
                    .append(") AS h\n  FROM (\n    SELECT ")
                    .append(String.join(",\n      ", columns))
                    .append("\n    FROM ")
                    .append(visibleRows(history, tables))
                    .append("\n  )")
                    .append(history.asServed() ? "\n  WHERE " + time + " IS NOT NULL" : "")
                    .append("\n)");
        }

        private static boolean isCounted(HistorySql history) {
            return history.asServed() && !history.isStamped();
        }

        /** Whether it is in the row: where rows bring none of their own, the service's orders them. */
        private static boolean hasArrival(HistorySql history) {
            return history.isStamped() || (history.isAudited() && history.hasArrival());
        }

        private String numbered(int count, String prefix) {
            return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining());
        }

        /**
         * The labels with the row of one selection more: the greatest of those up to and at the label's time. Spark sorts by the
         * first eight bytes before all else; those of a hash tell identifiers apart, which often begin alike.
         */
        private void addToLabels(int s, HistorySql history) {
            String before = numbered(s, ", v");
            sql.append(",\n__fs_labels")
                    .append(s + 1)
                    .append(" AS (\n  SELECT l")
                    .append(before)
                    .append(", CASE WHEN h.live")
                    .append(history.age(labelTime(), "h.k"))
                    .append(" THEN h END AS v")
                    .append(s)
                    .append("\n  FROM (\n    SELECT l")
                    .append(before)
                    .append(
                            ", max(h) OVER (PARTITION BY xxhash64(id), id ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
                                    + " AS h\n    FROM (\n      SELECT id, t, h, NULL AS l")
                    .append(numbered(s, ", NULL AS v"))
                    .append("\n      FROM __fs_history")
                    .append(s)
                    .append("\n      UNION ALL\n      SELECT l.")
                    .append(history.key())
                    .append(", ")
                    .append(isCounted(history) ? Grammar.micros(labelTime()) : labelTime())
                    .append(", NULL, l")
                    .append(before)
                    .append("\n      FROM __fs_labels")
                    .append(s)
                    .append("\n    )\n  )\n  WHERE l IS NOT NULL\n)");
        }
    }
}
