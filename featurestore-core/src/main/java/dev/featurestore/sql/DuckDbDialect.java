package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.Provenance;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB: one ASOF join a selection over keys alone, which learns where the label's row is, then a fetch of its features
 * from there. Linear in the history, and no feature passes through a sort or an aggregate. Times are nanoseconds in a
 * HUGEINT, which holds the years 0000 to 9999. The comparison with other shapes is in {@code docs/decisions}.
 */
final class DuckDbDialect implements SqlDialect {
    static final DuckDbDialect INSTANCE = new DuckDbDialect();

    private static final long NANOS = 1_000_000_000L;

    private static final String MAX_HUGEINT = "170141183460469231731687303715884105727";

    private static final String MAX_BIGINT = "9223372036854775807";

    /** Sorts before every time; a plain NULL would sort after them inside row(). */
    private static final String NEVER = "-9223372036854775808";

    private DuckDbDialect() {}

    @Override
    public String name() {
        return "DuckDB";
    }

    @Override
    public String render(TrainingSet set, TableNames tables) {
        return new Rendering(set, tables).query();
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String type(FeatureType type) {
        return switch (type) {
            case STRING -> "VARCHAR";
            case INTEGRAL -> "BIGINT";
            case FRACTIONAL -> "DOUBLE";
        };
    }

    /** A cast of text, since a bare number would go through DECIMAL and may lose bits. */
    private static String typed(FeatureType type, String text) {
        return "CAST(" + literal(text) + " AS " + type(type) + ")";
    }

    private static String nanos(Instant time) {
        return BigInteger.valueOf(time.getEpochSecond())
                        .multiply(BigInteger.valueOf(NANOS))
                        .add(BigInteger.valueOf(time.getNano()))
                + "::HUGEINT";
    }

    private static String nanos(Duration duration) {
        return BigInteger.valueOf(duration.toSeconds())
                        .multiply(BigInteger.valueOf(NANOS))
                        .add(BigInteger.valueOf(duration.toNanosPart()))
                + "::HUGEINT";
    }

    /** Nanoseconds of UTC text with 0 to 9 digits. The cast truncates to microseconds; what is below comes from the text. */
    private static String isoNanos(String column, String what) {
        return "CASE WHEN " + column + " IS NULL THEN NULL WHEN regexp_full_match(" + column
                + ", '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z') THEN epoch_us(CAST(" + column
                + " AS TIMESTAMP))::HUGEINT * 1000 + CASE WHEN length(" + column + ") > 27 THEN CAST(rpad(substr("
                + column
                + ", 27, length(" + column + ") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error("
                + literal(what + " is not a UTC time such as 2025-01-31T23:59:59.123Z") + ") END";
    }

    /** Nanoseconds of epoch seconds, to the microsecond; the whole seconds apart, since their product would round. */
    private static String epochNanos(String column) {
        return "(CAST(floor(" + column + ") AS HUGEINT) * 1000000 + CAST(round((" + column + " - floor(" + column
                + ")) * 1e6) AS INTEGER)) * 1000";
    }

    /** One training set on its way to text. */
    private static final class Rendering {
        private final TrainingSet set;
        private final TableNames tables;
        private final StringBuilder sql = new StringBuilder();

        Rendering(TrainingSet set, TableNames tables) {
            this.set = set;
            this.tables = tables;
        }

        String query() {
            spine();
            List<GroupSelection> selections = set.view().selections();
            for (int s = 0; s < selections.size(); s++) {
                selection(s, selections.get(s));
            }
            result(selections);
            return sql.toString();
        }

        private void spine() {
            String columns =
                    set.spineColumns().stream().map(DuckDbDialect::identifier).collect(Collectors.joining(", "));
            sql.append("WITH \"__fs_spine\" AS MATERIALIZED (\n  SELECT * FROM (\n    SELECT ")
                    .append(columns)
                    .append(", row_number() OVER () AS \"__fs_row\", ")
                    .append(labelTime())
                    .append(" AS \"__fs_time\"")
                    .append(keys())
                    .append("\n    FROM ")
                    .append(source())
                    .append("\n  ) AS l")
                    .append(range())
                    .append("\n)");
        }

        /** A label without a time belongs nowhere, and is not passed over in silence. */
        private String labelTime() {
            return "CASE WHEN " + identifier(set.spine().timeColumn())
                    + " IS NULL THEN error('The spine''s label time is null') ELSE " + labelNanos()
                    + " END";
        }

        /** The identifiers of the selections, each in the type of its group. */
        private String keys() {
            StringBuilder keys = new StringBuilder();
            List<GroupSelection> selections = set.view().selections();
            for (int s = 0; s < selections.size(); s++) {
                keys.append(",\n      ")
                        .append(key(selections.get(s)))
                        .append(" AS \"__fs_key")
                        .append(s)
                        .append('"');
            }
            return keys.toString();
        }

        /** A cast alone would round 1.5 to the household 2, and write the household 2 of a double column as 2.0. */
        private static String key(GroupSelection selection) {
            String column = identifier(selection.joinKey());
            String text = "CAST(" + column + " AS VARCHAR)";
            String complaint = "The spine's key \"" + selection.joinKey() + "\" ";
            return switch (selection.group().recordIdentifier().type()) {
                case INTEGRAL ->
                    "CASE WHEN " + column + " IS NULL THEN NULL WHEN regexp_full_match(" + text
                            + ", '-?\\d+(\\.0+)?') THEN CAST(" + text + " AS BIGINT) ELSE error("
                            + literal(complaint + "is not a whole number") + ") END";
                case FRACTIONAL -> "CAST(" + column + " AS DOUBLE)";
                case STRING ->
                    "CASE WHEN typeof(" + column + ") IN ('DOUBLE', 'FLOAT') OR typeof(" + column
                            + ") LIKE 'DECIMAL%' THEN error(" + literal(complaint + "is not a whole number or text")
                            + ") ELSE " + text + " END";
            };
        }

        private String labelNanos() {
            String column = identifier(set.spine().timeColumn());
            return switch (set.spine().labelTime()) {
                case TIMESTAMP -> "epoch_ns(" + column + ")::HUGEINT";
                case ISO_8601 -> isoNanos(column, "The spine's label time");
                case EPOCH_SECONDS -> epochNanos("CAST(" + column + " AS DOUBLE)");
                case EPOCH_MILLIS ->
                    "CASE WHEN CAST(" + column + " AS DOUBLE) <> floor(CAST(" + column
                            + " AS DOUBLE)) THEN error('The spine''s label time is not a whole number of milliseconds') ELSE"
                            + " CAST(" + column + " AS HUGEINT) * 1000000 END";
            };
        }

        private String range() {
            List<String> bounds = new ArrayList<>();
            set.from().ifPresent(from -> bounds.add("l.\"__fs_time\" >= " + nanos(from)));
            set.until().ifPresent(until -> bounds.add("l.\"__fs_time\" < " + nanos(until)));
            return bounds.isEmpty() ? "" : "\n  WHERE " + String.join(" AND ", bounds);
        }

        private String source() {
            Spine.Source source = set.spine().source();
            if (source instanceof Spine.Table table) {
                return table.nameParts().stream().map(DuckDbDialect::identifier).collect(Collectors.joining("."));
            }
            if (source instanceof Spine.Query query) {
                return "(\n" + query.sql() + "\n) AS q";
            }
            return rows(((Spine.Rows) source).rows());
        }

        private String rows(List<SpineRow> rows) {
            String columns =
                    set.spineColumns().stream().map(DuckDbDialect::identifier).collect(Collectors.joining(", "));
            if (rows.isEmpty()) {
                String nulls = set.spineColumns().stream().map(column -> "NULL").collect(Collectors.joining(", "));
                return "(SELECT " + nulls + " WHERE false) AS r(" + columns + ")";
            }
            return rows.stream()
                    .map(this::row)
                    .collect(Collectors.joining(",\n      ", "(VALUES ", ") AS r(" + columns + ")"));
        }

        private String row(SpineRow row) {
            List<String> values = new ArrayList<>();
            for (String column : set.spineColumns()) {
                values.add(
                        column.equals(set.spine().timeColumn())
                                ? literal(Feature.instant(column).codec().encode(row.time()))
                                : value(row.get(column)));
            }
            return "(" + String.join(", ", values) + ")";
        }

        private static String value(@Nullable Object value) {
            if (value == null) {
                return "NULL";
            }
            if (value instanceof String text) {
                return literal(text);
            }
            if (value instanceof Long || value instanceof Integer) {
                return typed(FeatureType.INTEGRAL, value.toString());
            }
            if (value instanceof Double) {
                return typed(FeatureType.FRACTIONAL, value.toString());
            }
            if (value instanceof Boolean) {
                return value.toString();
            }
            throw new IllegalStateException(
                    "A spine row holds no " + value.getClass().getSimpleName());
        }

        /** The keys of a group's history, the row each label sees, and that row's features. */
        private void selection(int s, GroupSelection selection) {
            FeatureGroup<?> group = selection.group();
            String files = files(group);
            String idType = type(group.recordIdentifier().type());
            boolean asServed = set.pointInTime().mode() == PointInTime.Mode.AS_SERVED;
            sql.append(",\n\"__fs_keys")
                    .append(s)
                    .append("\" AS (\n  SELECT CAST(")
                    .append(identifier(group.recordIdentifier().name()))
                    .append(" AS ")
                    .append(idType)
                    .append(") AS id, ")
                    .append(eventNanos(group))
                    .append(" AS k, NOT coalesce(is_deleted, false) AS live,\n    ")
                    .append(asServed ? arrivedBy(group) : "coalesce(" + arrivedBy(group) + ", " + NEVER + ")")
                    .append(" AS a,\n    coalesce(epoch_us(api_invocation_time), " + NEVER
                            + ") AS api, coalesce(epoch_us(write_time), " + NEVER
                            + ") AS written,\n    \"__fs_file\", file_row_number AS r\n  FROM ")
                    .append(files)
                    .append(asServed ? served(group) : "")
                    .append("\n)");
            if (asServed) {
                // what the online store applied: writes not older than all that had arrived before them
                sql.append(",\n\"__fs_applied")
                        .append(s)
                        .append("\" AS (\n  SELECT * FROM \"__fs_keys")
                        .append(s)
                        .append(
                                "\" WHERE a IS NOT NULL\n  QUALIFY k * 2 + live::INTEGER >= max(k * 2 + live::INTEGER) OVER"
                                        + " (PARTITION BY id ORDER BY a)\n)");
            }
            sql.append(",\n\"__fs_seen")
                    .append(s)
                    .append(
                            "\" AS (\n  SELECT l.\"__fs_row\", h.\"__fs_file\", h.r\n  FROM \"__fs_spine\" AS l ASOF JOIN \"")
                    .append(asServed ? "__fs_applied" : "__fs_keys")
                    .append(s)
                    .append("\" AS h ON l.\"__fs_key")
                    .append(s)
                    .append("\" = h.id\n    AND ")
                    .append(asServed ? latestArrival() : latestEvent())
                    .append("\n  WHERE h.live")
                    .append(age(selection))
                    .append("\n)");
            sql.append(",\n\"__fs_values")
                    .append(s)
                    .append("\" AS (\n  SELECT h.\"__fs_row\", ")
                    .append(features(selection))
                    .append("\n  FROM \"__fs_seen")
                    .append(s)
                    .append("\" AS h JOIN ")
                    .append(files)
                    .append(" AS w ON w.\"__fs_file\" = h.\"__fs_file\" AND w.file_row_number = h.r\n)");
        }

        private static String latestEvent() {
            return "row(l.\"__fs_time\", true, " + MAX_HUGEINT + ", " + MAX_BIGINT + ", " + MAX_BIGINT
                    + ") >= row(h.k, h.live, h.a, h.api, h.written)";
        }

        private static String latestArrival() {
            return "row(l.\"__fs_time\", " + MAX_HUGEINT + ", true, " + MAX_BIGINT + ", " + MAX_BIGINT
                    + ") >= row(h.a, h.k, h.live, h.api, h.written)";
        }

        /** The files with their own names and row numbers, which say where a row is. */
        private String files(FeatureGroup<?> group) {
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
            return "read_parquet(" + literal(parts.get(0))
                    + ", union_by_name = true, hive_partitioning = false, filename = '__fs_file')";
        }

        private static String eventNanos(FeatureGroup<?> group) {
            String column = identifier(group.eventTime().name());
            return group.eventTime().type() == FeatureType.STRING
                    ? isoNanos(column, "The event time of feature group '" + group.name() + "'")
                    : epochNanos(column);
        }

        /**
         * When a row had arrived for certain: as our writer stamped it, but not before the service says; without a stamp, when
         * the service's whole unit was over. A null counts for nothing in greatest().
         */
        private String arrivedBy(FeatureGroup<?> group) {
            String arrival = "epoch_us(api_invocation_time)::HUGEINT * 1000";
            String service = arrival + " + " + nanos(set.pointInTime().arrivalUnit());
            Feature<Instant> stamp = group.provenance().arrivalTime();
            return stamp == null
                    ? service
                    : "greatest(" + arrival + ", coalesce("
                            + isoNanos(
                                    identifier(stamp.name()),
                                    "The arrival time of feature group '" + group.name() + "'")
                            + ", " + service + "))";
        }

        /** Leaves out declared backfills; rows without an origin come from other writers, and count as served. */
        private static String served(FeatureGroup<?> group) {
            Feature<String> origin = group.provenance().writeOrigin();
            return origin == null
                    ? ""
                    : "\n  WHERE coalesce(" + identifier(origin.name()) + ", " + literal(Provenance.LIVE) + ") = "
                            + literal(Provenance.LIVE);
        }

        private static String age(GroupSelection selection) {
            StringBuilder bounds = new StringBuilder();
            selection
                    .maxAge()
                    .ifPresent(age ->
                            bounds.append(" AND l.\"__fs_time\" - h.k <= ").append(nanos(age)));
            selection
                    .ttl()
                    .ifPresent(ttl ->
                            bounds.append(" AND l.\"__fs_time\" - h.k < ").append(nanos(ttl.toDuration())));
            return bounds.toString();
        }

        private String features(GroupSelection selection) {
            List<String> values = new ArrayList<>();
            List<GroupSelection.Column> columns = selection.columns();
            for (int c = 0; c < columns.size(); c++) {
                values.add("w." + identifier(columns.get(c).feature().name()) + " AS f" + c);
            }
            if (!set.eventTimeColumns().isEmpty()) {
                values.add(canonicalEventTime(
                                "w." + identifier(selection.group().eventTime().name()), selection) + " AS e");
            }
            return String.join(", ", values);
        }

        private static String canonicalEventTime(String column, GroupSelection selection) {
            return selection.group().eventTime().type() == FeatureType.STRING
                    ? "substr(" + column + ", 1, 19) || '.' || rpad(substr(" + column + ", 21, greatest(length("
                            + column + ") - 21, 0)), 9, '0') || 'Z'"
                    : "strftime(make_timestamp(CAST(" + epochNanos(column)
                            + " // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || '000Z'";
        }

        private void result(List<GroupSelection> selections) {
            List<String> columns = new ArrayList<>();
            set.spineColumns().forEach(column -> columns.add("l." + identifier(column)));
            for (int s = 0; s < selections.size(); s++) {
                List<GroupSelection.Column> selected = selections.get(s).columns();
                for (int c = 0; c < selected.size(); c++) {
                    columns.add(withDefault("v" + s + ".f" + c, selected.get(c).feature()) + " AS "
                            + identifier(selected.get(c).name()));
                }
            }
            for (int s = 0; s < set.eventTimeColumns().size(); s++) {
                columns.add(
                        "v" + s + ".e AS " + identifier(set.eventTimeColumns().get(s)));
            }
            sql.append("\nSELECT ").append(String.join(",\n  ", columns)).append("\nFROM \"__fs_spine\" AS l");
            for (int s = 0; s < selections.size(); s++) {
                sql.append("\nLEFT JOIN \"__fs_values" + s + "\" AS v" + s + " ON v" + s
                        + ".\"__fs_row\" = l.\"__fs_row\"");
            }
        }

        private static String withDefault(String column, Feature<?> feature) {
            return feature.defaultText()
                    .map(text -> "coalesce(" + column + ", " + typed(feature.type(), text) + ")")
                    .orElse(column);
        }
    }
}
