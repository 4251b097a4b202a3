package dev.featurestore.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The labelled rows a training set starts from: a time, the join keys of the view, and columns to carry along such as the
 * label itself. A training set has exactly one row for each row of its spine, equal ones included.
 *
 * <p>Immutable; methods return changed copies.
 */
public final class Spine implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Where the rows are. */
    public sealed interface Source extends Serializable permits Table, Query, Rows {}

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
        return new Spine(new Table(List.of(nameParts)), "event_time", LabelTime.TIMESTAMP, List.of());
    }

    /** Rows of a query in the engine's own dialect, used as it is: never build it from text you do not trust. */
    public static Spine query(String sql) {
        return new Spine(new Query(sql), "event_time", LabelTime.TIMESTAMP, List.of());
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
        return "spine of " + source.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + " by " + timeColumn
                + ", keeping " + columns;
    }
}
