package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * DuckDB: one ASOF join a selection over keys alone, which learns where the label's row is, then a fetch of its features
 * from there. Linear in the history, and no feature passes through a sort or an aggregate. Only the rows of identifiers that
 * have labels are sorted, up to their last label, by a number in place of the identifier. Times are nanoseconds in a HUGEINT,
 * which holds the years 0000 to 9999. The comparison with other shapes is in {@code docs/decisions}.
 */
final class DuckDbDialect extends EngineDialect {
    static final SqlGrammar GRAMMAR = new Grammar();

    static final DuckDbDialect INSTANCE = new DuckDbDialect();

    private static final String MAX_HUGEINT = "170141183460469231731687303715884105727";

    private static final String MAX_BIGINT = "9223372036854775807";

    /**
     * Into how many sorts each side of an ASOF join is split. DuckDB gives each a share of the memory limit until the query's
     * end. Split by the identifier there would be one for some 120,000 rows, and no share left for the hash joins behind: they
     * would write out the features of all rows.
     */
    private static final int SORTS = 8;

    /** Sorts before every time; a plain NULL would sort after them inside row(). */
    private static final String NEVER = "-9223372036854775808";

    private DuckDbDialect() {
        super("DuckDB", GRAMMAR);
    }

    @Override
    JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables) {
        return new AsOf(set, histories, tables);
    }

    /** The files with their own names and row numbers, which say where a row is. */
    @Override
    String rows(FeatureGroup<?> group, TableNames tables) {
        FeatureColumns columns = group.columns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.name(i).equalsIgnoreCase("file_row_number")) {
                throw new UnsupportedCapabilityException("DuckDB cannot read feature '" + columns.name(i)
                        + "' of feature group '" + group.name() + "': the name is its own for Parquet files");
            }
        }
        List<String> parts = tables.of(group);
        if (parts.size() != 1) {
            throw new UnsupportedCapabilityException("DuckDB reads the offline store of feature group '"
                    + group.name() + "' from Parquet files: its table name is one path or glob, got " + parts.size()
                    + " parts");
        }
        return "read_parquet(" + GRAMMAR.literal(parts.get(0))
                + ", union_by_name = true, hive_partitioning = false, filename = '__fs_file')";
    }

    private static final class Grammar extends SqlGrammar {
        private static final long NANOS = 1_000_000_000L;

        /** Text of CSV is cast by the column's type; an empty one is null. */
        @Override
        String files(Spine.Files files) {
            if (!"file".equals(files.folder().getScheme())) {
                throw new UnsupportedCapabilityException("DuckDB reads labels from folders of this machine: expected a"
                        + " file: location, got scheme " + files.folder().getScheme());
            }
            String all = literal(files.folder().getPath().replaceAll("/+$", "") + "/**/[!_.]*");
            if (files.format() == Spine.Format.PARQUET) {
                return "read_parquet(" + all + ", hive_partitioning = false) AS f";
            }
            return files.columns().stream()
                    .map(column -> "CAST(nullif(" + identifier(column.name()) + ", '') AS " + type(column.type())
                            + ") AS " + identifier(column.name()))
                    .collect(Collectors.joining(
                            ", ",
                            "(SELECT ",
                            " FROM read_csv(" + all
                                    + ", header = true, all_varchar = true, hive_partitioning = false)) AS f"));
        }

        private static String type(ColumnType type) {
            return type == ColumnType.STRING ? "VARCHAR" : type.name();
        }

        @Override
        String fail(String message, FeatureType type) {
            return "error(" + literal(message) + ")";
        }

        /** The cast truncates to microseconds; what is below comes from the text. */
        @Override
        String isoTime(String text, String what) {
            String failure = fail(what + " is not a UTC time such as 2025-01-31T23:59:59.123Z", FeatureType.STRING);
            return "CASE WHEN " + text + " IS NULL THEN NULL WHEN regexp_full_match(" + text
                    + ", '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("
                    + text + " AS TIMESTAMP)), " + failure + ")::HUGEINT * 1000 + CASE WHEN length(" + text
                    + ") > 27 THEN CAST(rpad(substr(" + text + ", 27, length(" + text
                    + ") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE " + failure + " END";
        }

        /** The whole seconds apart, since their product would round. */
        @Override
        String secondsTime(String seconds) {
            return "(CAST(floor(" + seconds + ") AS HUGEINT) * 1000000 + CAST(round((" + seconds + " - floor(" + seconds
                    + ")) * 1e6) AS INTEGER)) * 1000";
        }

        /** The remainder has the sign of the time, which is below zero before 1970. */
        @Override
        String day(String time) {
            String day = nanos(Duration.ofDays(1).toSeconds(), 0);
            String start = "(" + time + " - ((" + time + " % " + day + ") + " + day + ") % " + day + ")";
            return "strftime(make_timestamp(CAST(" + start + " // 1000 AS BIGINT)), '%Y-%m-%d')";
        }

        /** A sum, since equal rows would cancel each other out in an exclusive or. */
        @Override
        String checksum(String columns) {
            return "CAST(sum(CAST(hash(" + columns + ") AS HUGEINT)) AS VARCHAR)";
        }

        @Override
        String millisTime(String millis) {
            return "CAST(" + millis + " AS HUGEINT) * 1000000";
        }

        @Override
        String timestampTime(String timestamp) {
            return "epoch_ns(" + timestamp + ")::HUGEINT";
        }

        @Override
        String time(Instant time) {
            return nanos(time.getEpochSecond(), time.getNano());
        }

        /** Micros are printed, what is below is added; the remainder has the sign of the time. */
        @Override
        String isoText(String time) {
            String below = "((" + time + " % 1000 + 1000) % 1000)";
            return "strftime(make_timestamp(CAST((" + time + " - " + below
                    + ") // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(" + below
                    + " AS VARCHAR), 3, '0') || 'Z'";
        }

        @Override
        String nanosBetween(String earlier, String later) {
            return later + " - " + earlier;
        }

        @Override
        String nanos(Duration age) {
            return nanos(age.toSeconds(), age.toNanosPart());
        }

        @Override
        String arrival() {
            return "epoch_us(api_invocation_time)::HUGEINT * 1000";
        }

        @Override
        String arrivalAfter(Duration unit) {
            return arrival() + " + " + nanos(unit);
        }

        private static String nanos(long seconds, int nanos) {
            return BigInteger.valueOf(seconds)
                            .multiply(BigInteger.valueOf(NANOS))
                            .add(BigInteger.valueOf(nanos)) + "::HUGEINT";
        }

        @Override
        String wholeNumber(String column, String failure) {
            String text = "CAST(" + column + " AS VARCHAR)";
            return "CASE WHEN " + column + " IS NULL THEN NULL WHEN regexp_full_match(" + text
                    + ", '-?\\d+(\\.0+)?') THEN coalesce(TRY_CAST(" + text + " AS BIGINT), " + failure + ") ELSE "
                    + failure
                    + " END";
        }

        @Override
        String text(String column, String failure) {
            return "CASE WHEN typeof(" + column + ") IN ('DOUBLE', 'FLOAT') OR typeof(" + column
                    + ") LIKE 'DECIMAL%' THEN " + failure + " ELSE CAST(" + column + " AS VARCHAR) END";
        }
    }

    /** Each selection's columns are joined to the labels in the end. */
    private final class AsOf extends JoinSql {
        private final TableNames tables;

        AsOf(TrainingSet set, List<HistorySql> histories, TableNames tables) {
            super(GRAMMAR, set, histories);
            this.tables = tables;
        }

        @Override
        void labels() {
            sql.append("WITH \"__fs_spine\" AS MATERIALIZED (\n  ")
                    .append(spine.select(", row_number() OVER () AS \"__fs_row\""))
                    .append("\n)");
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
            return "nullif(v" + s + ".a, " + NEVER + ")";
        }

        @Override
        String joined() {
            StringBuilder joined = new StringBuilder("\"__fs_spine\" AS l");
            for (int s = 0; s < histories.size(); s++) {
                joined.append("\nLEFT JOIN \"__fs_values" + s + "\" AS v" + s + " ON v" + s
                        + ".\"__fs_row\" = l.\"__fs_row\"");
            }
            return joined.toString();
        }

        /** The keys of a group's history, the row each label sees, and that row's features. */
        @Override
        void join(int s, HistorySql history) {
            String files = rows(history.group(), tables);
            identifiers(s, history);
            keys(s, history, files);
            String rows = "\"__fs_keys" + s + '"';
            if (history.asServed()) {
                // what the online store applied: writes not older than all that had arrived before them
                sql.append(",\n\"__fs_applied")
                        .append(s)
                        .append("\" AS (\n  SELECT * FROM ")
                        .append(rows)
                        .append("\n  QUALIFY k * 2 + live::INTEGER >= max(k * 2 + live::INTEGER) OVER"
                                + " (PARTITION BY n ORDER BY a)\n)");
                rows = "\"__fs_applied" + s + '"';
            }
            sql.append(",\n\"__fs_seen")
                    .append(s)
                    .append("\" AS (\n  SELECT l.\"__fs_row\", h.file, h.r")
                    .append(audited(history))
                    .append("\n  FROM (SELECT * FROM \"__fs_spine\" JOIN \"__fs_ids")
                    .append(s)
                    .append("\" ON \"__fs_id\" = ")
                    .append(history.key())
                    .append(") AS l ASOF JOIN ")
                    .append(rows)
                    .append(" AS h ON l.\"__fs_n\" % " + SORTS + " = h.n % " + SORTS + "\n    AND ")
                    .append(history.asServed() ? latestArrival(history) : latestEvent(history))
                    .append("\n  WHERE h.n = l.\"__fs_n\" AND h.live")
                    .append(history.age(labelTime(), "h.k"))
                    .append("\n)");
            sql.append(",\n\"__fs_values")
                    .append(s)
                    .append("\" AS (\n  SELECT h.\"__fs_row\", ")
                    .append(features(history))
                    .append(audited(history))
                    .append("\n  FROM \"__fs_seen")
                    .append(s)
                    .append("\" AS h JOIN ")
                    .append(files)
                    .append(" AS w ON hash(w.\"__fs_file\") = h.file AND w.file_row_number = h.r\n)");
        }

        /**
         * A number for each identifier that has labels, in the few bytes that a sort looks at first, and its last label. A spine of
         * more rows than fit in them, 4,294,967,295, fails the query.
         */
        private void identifiers(int s, HistorySql history) {
            sql.append(",\n\"__fs_ids")
                    .append(s)
                    .append("\" AS (\n  SELECT ")
                    .append(history.key())
                    .append(" AS \"__fs_id\", min(\"__fs_row\")::UINTEGER AS \"__fs_n\", max(\"__fs_time\") AS"
                            + " \"__fs_last\" FROM \"__fs_spine\" GROUP BY ALL\n)");
        }

        /**
         * What orders the rows of these identifiers that a label may see, and where each is: a file's name would be in memory
         * once a row.
         */
        private void keys(int s, HistorySql history, String files) {
            sql.append(",\n\"__fs_keys")
                    .append(s)
                    .append("\" AS (\n  SELECT * FROM (SELECT \"__fs_last\", \"__fs_n\" AS n, ")
                    .append(history.eventTime())
                    .append(" AS k, ")
                    .append(HistorySql.live())
                    .append(" AS live,\n    ");
            if (history.hasArrival()) {
                String arrivedBy = history.arrivedBy();
                sql.append(history.asServed() ? arrivedBy : "coalesce(" + arrivedBy + ", " + NEVER + ")")
                        .append(" AS a,\n    ");
            }
            sql.append("coalesce(epoch_us(api_invocation_time), " + NEVER
                            + ") AS api, coalesce(epoch_us(write_time), " + NEVER
                            + ") AS written,\n    hash(\"__fs_file\") AS file, file_row_number AS r\n  FROM ")
                    .append(files)
                    .append(" JOIN \"__fs_ids")
                    .append(s)
                    .append("\" ON \"__fs_id\" = ")
                    .append(history.identifier())
                    .append(history.servedWithinBounds())
                    .append(")\n  WHERE ")
                    .append(history.asServed() ? "a" : "k")
                    .append(" <= \"__fs_last\"\n)");
        }

        /** A row's own arrival says more than the service's only where writers stamp it. */
        private static String latestEvent(HistorySql history) {
            return history.isStamped()
                    ? "row(l.\"__fs_n\", l.\"__fs_time\", true, " + MAX_HUGEINT + ", " + MAX_BIGINT + ", " + MAX_BIGINT
                            + ") >= row(h.n, h.k, h.live, h.a, h.api, h.written)"
                    : "row(l.\"__fs_n\", l.\"__fs_time\", true, " + MAX_BIGINT + ", " + MAX_BIGINT
                            + ") >= row(h.n, h.k, h.live, h.api, h.written)";
        }

        private static String latestArrival(HistorySql history) {
            return history.isStamped()
                    ? "row(l.\"__fs_n\", l.\"__fs_time\", " + MAX_HUGEINT + ", true, " + MAX_BIGINT + ", " + MAX_BIGINT
                            + ") >= row(h.n, h.a, h.k, h.live, h.api, h.written)"
                    : "row(l.\"__fs_n\", l.\"__fs_time\", " + MAX_HUGEINT + ", true, " + MAX_BIGINT
                            + ") >= row(h.n, h.a, h.k, h.live, h.written)";
        }

        private static String features(HistorySql history) {
            List<String> values = new ArrayList<>();
            List<GroupSelection.Column> columns = history.selected();
            for (int c = 0; c < columns.size(); c++) {
                values.add("w." + GRAMMAR.identifier(columns.get(c).feature().name()) + " AS f" + c);
            }
            return String.join(", ", values);
        }

        private static String audited(HistorySql history) {
            return !history.isAudited() ? "" : history.hasArrival() ? ", h.k, h.a" : ", h.k";
        }
    }
}
