package dev.featurestore.training;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The labelled rows a training set starts from: a time, the join keys of the view, and columns to carry along such as the
 * label itself. A training set has exactly one row for each row of its spine, equal ones included.
 *
 * <p>Immutable; methods return changed copies.
 */
public final class Spine implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Where the rows are: those of a spine, or of a training set that was made of one. */
    public sealed interface Source extends Serializable permits Table, Query, Files, Rows {
        /** A table or view of the engine; see {@link Spine#table}. */
        static Source table(String... nameParts) {
            return new Table(List.of(nameParts));
        }

        /** A query in the engine's own dialect; see {@link Spine#query}. */
        static Source query(String sql) {
            return new Query(sql);
        }
    }

    /**
     * A table or view of the engine.
     *
     * @param nameParts such as database and table; quoted when rendered
     */
    public record Table(List<String> nameParts) implements Source {
        /** @throws IllegalArgumentException if there are no parts or one is blank */
        public Table {
            nameParts = List.copyOf(nameParts);
            if (nameParts.isEmpty() || nameParts.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("The spine's table needs a name: table(\"database\", \"labels\")");
            }
        }
    }

    /**
     * A query in the engine's own dialect.
     *
     * @param sql used as it is: never build it from text you do not trust
     */
    public record Query(String sql) implements Source {
        /** @throws IllegalArgumentException if the text is blank or ends in a semicolon */
        public Query {
            if (sql.isBlank()) {
                throw new IllegalArgumentException("The spine's query is blank");
            }
            if (sql.stripTrailing().endsWith(";")) {
                throw new IllegalArgumentException(
                        "The spine's query ends in a semicolon: it becomes part of a larger query, so leave that out");
            }
        }

        /** The length of the text; not the text, which may hold values. */
        @Override
        public String toString() {
            return "Query[characters=" + sql.length() + "]";
        }
    }

    /** What the files of a spine are. */
    public enum Format {
        /** Parquet; columns are found by their names. */
        PARQUET,
        /** CSV with a comma and a header line; quotes are doubled within quotes. An empty field is null, also in quotes. */
        CSV
    }

    /**
     * Files, of which no table needs to know.
     *
     * @param folder all files below it are read, but those whose names begin with a dot or an underscore
     * @param columns in the order of the files
     */
    public record Files(URI folder, Format format, List<SpineColumn> columns) implements Source {
        /**
         * @throws IllegalArgumentException if the location has no scheme, there are no columns or one is there twice, or a
         *     timestamp is to be read from CSV
         */
        public Files {
            Objects.requireNonNull(format, "format");
            columns = List.copyOf(columns);
            if (folder.getScheme() == null || folder.getPath() == null) {
                throw new IllegalArgumentException(
                        "The spine's files need a location with a scheme, such as s3://bucket/labels/");
            }
            Set<String> names = new HashSet<>();
            for (SpineColumn column : columns) {
                if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException(
                            "The spine's files have the column '" + column.name() + "' twice");
                }
                if (format == Format.CSV && column.type() == ColumnType.TIMESTAMP) {
                    throw new IllegalArgumentException("CSV has no timestamps: give column '" + column.name()
                            + "' as STRING, and read it as ISO_8601");
                }
            }
            if (names.isEmpty()) {
                throw new IllegalArgumentException("The spine's files need columns: name them with their types");
            }
        }
    }

    /**
     * Rows in memory, for small sets: they go into the text of the query.
     *
     * @param rows in any order
     */
    public record Rows(List<SpineRow> rows) implements Source {
        /** @throws IllegalArgumentException if a value is of a type that no table of an engine has */
        public Rows {
            rows = List.copyOf(rows);
            rows.forEach(row -> row.values().forEach(Rows::requireKnownType));
        }

        private static void requireKnownType(String column, @Nullable Object value) {
            if (value == null
                    || value instanceof String
                    || value instanceof Long
                    || value instanceof Integer
                    || value instanceof Double
                    || value instanceof Boolean) {
                return;
            }
            throw new IllegalArgumentException("Spine column '" + column + "' holds a "
                    + value.getClass().getSimpleName()
                    + ": rows in memory hold String, Long, Integer, Double, Boolean or null, as a table of the engine does;"
                    + " give an identifier of another type as its stored text");
        }
    }

    private final Source source;

    private final String timeColumn;

    private final LabelTime labelTime;

    @SuppressWarnings("serial") // a list of strings
    private final List<String> columns;

    private Spine(Source source, String timeColumn, LabelTime labelTime, List<String> columns) {
        this.source = source;
        this.timeColumn = Objects.requireNonNull(timeColumn, "timeColumn");
        this.labelTime = Objects.requireNonNull(labelTime, "labelTime");
        this.columns = List.copyOf(columns);
    }

    /**
     * Rows of a table.
     *
     * @param nameParts such as database and table
     */
    public static Spine table(String... nameParts) {
        return new Spine(Source.table(nameParts), "event_time", LabelTime.TIMESTAMP, List.of());
    }

    /** Rows of a query in the engine's own dialect, used as it is: never build it from text you do not trust. */
    public static Spine query(String sql) {
        return new Spine(Source.query(sql), "event_time", LabelTime.TIMESTAMP, List.of());
    }

    /**
     * Rows of all Parquet files below a location, such as {@code s3://bucket/labels/}.
     *
     * @param columns those that the set needs at least: join keys, time, and what is kept
     */
    public static Spine parquet(URI folder, SpineColumn... columns) {
        return files(folder, Format.PARQUET, columns);
    }

    /**
     * Rows of all CSV files below a location. Each begins with a line of names.
     *
     * @param columns all of the files, in their order
     */
    public static Spine csv(URI folder, SpineColumn... columns) {
        return files(folder, Format.CSV, columns);
    }

    private static Spine files(URI folder, Format format, SpineColumn... columns) {
        return new Spine(new Files(folder, format, List.of(columns)), "event_time", LabelTime.TIMESTAMP, List.of());
    }

    /** Rows in memory. Their time becomes the column {@code event_time}, unless {@link #time} names it otherwise. */
    public static Spine rows(List<SpineRow> rows) {
        return new Spine(new Rows(rows), "event_time", LabelTime.ISO_8601, List.of());
    }

    /** Names the column of the label's time; {@code event_time} unless set. For rows in memory its form is given. */
    public Spine time(String column, LabelTime form) {
        if (source instanceof Rows && form != LabelTime.ISO_8601) {
            throw new IllegalArgumentException("The time of rows in memory is ISO_8601, got " + form);
        }
        return new Spine(source, column, form, columns);
    }

    /** Carries these columns along, after the join keys and the time, which are always there. */
    public Spine keep(String... names) {
        List<String> more = new ArrayList<>(columns);
        more.addAll(Arrays.asList(names));
        return new Spine(source, timeColumn, labelTime, more);
    }

    /** The same columns from elsewhere, such as a table over the files of this one. */
    public Spine from(Source other) {
        return new Spine(other, timeColumn, labelTime, columns);
    }

    /** Where the rows are. */
    public Source source() {
        return source;
    }

    /** The column of the label's time. */
    public String timeColumn() {
        return timeColumn;
    }

    /** How that column holds the time. */
    public LabelTime labelTime() {
        return labelTime;
    }

    /** The columns carried along. */
    public List<String> kept() {
        return columns;
    }

    /** The source's kind and the columns. */
    @Override
    public String toString() {
        return "spine of " + source.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " by " + timeColumn
                + ", keeping " + columns;
    }
}
