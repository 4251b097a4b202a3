package dev.featurestore.benchmarks.training;

import dev.featurestore.training.PointInTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The queries one would write by hand for an engine. They trust their input: no check of event times unless they say so, keys of any
 * type, ages, defaults or columns with odd names.
 */
public abstract class Candidates {
    /** Rows of one time: live before deleted, then by arrival, then by write time; ascending. */
    private static final String ORDER = "k, NOT is_deleted, api_invocation_time, write_time";

    /** What the library takes for a UTC time, as a regular expression. */
    protected static final String UTC_TIME =
            "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z";

    private final Workload workload;

    private final String labels;

    /**
     * Queries over a workload.
     *
     * @param labels the table, as the engine names it
     */
    protected Candidates(Workload workload, String labels) {
        this.workload = workload;
        this.labels = labels;
    }

    /**
     * A query by its name.
     *
     * @param asPublished whether it is expected to be wrong
     */
    public record Candidate(String name, String sql, boolean asPublished) {}

    /** The table of a group's history. */
    protected abstract String history(int g);

    /** What orders event times, exactly, of ISO text. */
    protected abstract String eventKey(String text);

    /** The same, which fails the query for a text that is no UTC time, as the library's does. */
    protected abstract String checkedEventKey(String text);

    /** A label's time in the same form, of a timestamp. */
    protected abstract String labelKey(String timestamp);

    /** Sorts after all keys. */
    protected abstract String afterAll();

    /** A label's time as text with milliseconds. */
    protected abstract String labelText(String timestamp);

    /** Whether the second of a row's arrival was over at the label. */
    protected abstract String hadArrived(String arrival, String labelTimestamp);

    /** The queries for a mode. */
    public abstract List<Candidate> of(PointInTime.Mode mode);

    protected final int groups() {
        return workload.groups();
    }

    protected final List<String> columns(int g) {
        return workload.columns(g);
    }

    protected final String columns(int g, String prefix) {
        return columns(g).stream().map(column -> prefix + column).collect(Collectors.joining(", "));
    }

    protected final String labels() {
        return "(SELECT *, " + labelKey("label_ts") + " AS t FROM " + labels + ")";
    }

    /**
     * As it is published for this service, repaired so that it parses: one row an identifier, times compared as they are
     * written, labels without a live row dropped.
     */
    protected final Candidate published() {
        return new Candidate(
                "published",
                "SELECT label_id, " + columns(0, "")
                        + " FROM (\n  SELECT l.label_id, f.*, row_number() OVER (PARTITION BY"
                        + " f.card_id ORDER BY f.event_ts DESC) AS rn\n  FROM " + labels + " l JOIN " + history(0)
                        + " f ON f.card_id = l.card_id AND f.event_ts <= " + labelText("l.label_ts")
                        + "\n) ranked WHERE rn = 1 AND NOT is_deleted",
                true);
    }

    /** All rows up to a label, ranked for each label; and the same with event times that are checked. */
    protected final List<Candidate> range(PointInTime.Mode mode) {
        return List.of(range("range join, row_number", mode, false), range("the same, times checked", mode, true));
    }

    private Candidate range(String name, PointInTime.Mode mode, boolean isChecked) {
        List<String> expressions = new ArrayList<>();
        expressions.add("l AS " + labels());
        for (int g = 0; g < groups(); g++) {
            String known = mode == PointInTime.Mode.EVENT_TIME
                    ? "f.k <= l.t"
                    : hadArrived("f.api_invocation_time", "l.label_ts");
            expressions.add("v" + g + " AS (SELECT * FROM (SELECT l.label_id, f.*, row_number() OVER (PARTITION BY"
                    + " l.label_id ORDER BY k DESC, is_deleted, api_invocation_time DESC, write_time DESC) AS rn\n  FROM"
                    + " l JOIN " + keyed(g, isChecked) + " f ON f.card_id = l.card_id AND " + known
                    + ") ranked WHERE rn = 1 AND NOT is_deleted)");
        }
        return new Candidate(name, joined(expressions), false);
    }

    /** From when to when each row is the latest. */
    protected final Candidate intervals(boolean labelsAreBuilt) {
        List<String> expressions = new ArrayList<>();
        String from = labels() + " l";
        List<String> columns = new ArrayList<>(List.of("l.label_id"));
        for (int g = 0; g < groups(); g++) {
            String h = "h" + g;
            expressions.add(h + " AS (SELECT *, lead(k, 1, " + afterAll() + ") OVER (PARTITION BY card_id ORDER BY "
                    + ORDER + ") AS until FROM " + keyed(g) + " f)");
            String on = " ON " + h + ".card_id = l.card_id AND l.t >= " + h + ".k AND l.t < " + h + ".until AND NOT "
                    + h + ".is_deleted";
            from = labelsAreBuilt ? h + " RIGHT JOIN (" + from + ")" + on : from + " LEFT JOIN " + h + on;
            columns.add(columns(g, h + "."));
        }
        return new Candidate(
                labelsAreBuilt ? "intervals, labels built" : "intervals",
                "WITH " + String.join(",\n", expressions) + "\nSELECT " + String.join(", ", columns) + "\nFROM " + from,
                false);
    }

    /**
     * Labels and rows in one stream an identifier, in which the last row is carried on as one value.
     *
     * @param nothing a null of the type of such a value
     * @param row makes one value of a row
     */
    protected final Candidate union(String nothing, RowValue row) {
        List<String> expressions = new ArrayList<>();
        expressions.add("l AS " + labels());
        for (int g = 0; g < groups(); g++) {
            expressions.add("s" + g
                    + " AS (SELECT card_id, k, 0 AS kind, NOT is_deleted AS live, api_invocation_time AS api,"
                    + " write_time AS written, " + row.of(columns(g)) + " AS r, NULL AS label_id FROM " + keyed(g)
                    + " f\n  UNION ALL SELECT card_id, t, 1, NULL, NULL, NULL, " + nothing + ", label_id FROM l)");
            expressions.add(
                    "w" + g + " AS (SELECT label_id, " + row.last("r") + " OVER (PARTITION BY card_id ORDER BY k,"
                            + " kind, live, api, written ROWS UNBOUNDED PRECEDING) AS r FROM s" + g + ")");
            expressions.add("v" + g + " AS (SELECT label_id, "
                    + columns(g).stream().map(c -> "r." + c + " AS " + c).collect(Collectors.joining(", ")) + " FROM w"
                    + g
                    + " WHERE label_id IS NOT NULL)");
        }
        return new Candidate("union, window", joined(expressions), false);
    }

    /** How an engine makes one value of a row. Deleted rows have no features, so their value is one of nulls. */
    protected interface RowValue {
        String of(List<String> columns);

        String last(String row);
    }

    /** A group's rows with their key. */
    protected final String keyed(int g) {
        return keyed(g, false);
    }

    private String keyed(int g, boolean isChecked) {
        String key = isChecked ? checkedEventKey("event_ts") : eventKey("event_ts");
        return "(SELECT *, " + key + " AS k FROM " + history(g) + ")";
    }

    /** The features of all groups beside their labels, of v0, v1 and so on. */
    protected final String joined(List<String> expressions) {
        List<String> columns = new ArrayList<>(List.of("l.label_id"));
        StringBuilder from = new StringBuilder("l");
        for (int g = 0; g < groups(); g++) {
            columns.add(columns(g, "v" + g + "."));
            from.append(" LEFT JOIN v" + g + " ON v" + g + ".label_id = l.label_id");
        }
        return "WITH " + String.join(",\n", expressions) + "\nSELECT " + String.join(", ", columns) + "\nFROM " + from;
    }
}
