package dev.featurestore.sql;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.Leak;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The rows of a produced training set that the rule does not give. It follows the rule word for word, and shares no shape with
 * the dialects' own queries: every row of a history that a label may see is joined to it and ranked, and no bounds leave rows
 * out. That is quadratic in the versions of an identifier.
 *
 * <p>Of rows that tie in everything but their values any one is right: only their event time is looked at.
 */
final class LeakCheckSql {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final Function<FeatureGroup<?>, String> tables;

    private final SpineSql produced;

    private final List<GroupSelection> selections;

    /**
     * A check.
     *
     * @param tables what to read a group's rows from
     * @param produced what has the columns of the set
     */
    LeakCheckSql(SqlGrammar grammar, TrainingSet set, Function<FeatureGroup<?>, String> tables, Spine.Source produced) {
        this.grammar = grammar;
        this.set = set;
        this.tables = tables;
        this.produced = new SpineSql(grammar, set, produced);
        this.selections = set.view().selections();
    }

    String query() {
        StringBuilder sql = new StringBuilder("WITH ")
                .append(name("produced"))
                .append(" AS (\n  ")
                .append(produced.select(producedColumns()))
                .append("\n)");
        List<String> columns = new ArrayList<>();
        set.spineColumns().forEach(column -> columns.add("l." + grammar.identifier(column)));
        StringBuilder joins = new StringBuilder();
        for (int s = 0; s < selections.size(); s++) {
            HistorySql history = new HistorySql(grammar, set, s);
            cte(sql, "asked" + s, asked(s));
            cte(sql, "ranked" + s, ranked(s, history));
            cte(sql, "right" + s, right(s, history));
            columns.add(finding(s, history, "r" + s) + " AS " + grammar.finding(s));
            joins.append("\nLEFT JOIN " + name("right" + s) + " AS r" + s + " ON r" + s + ".id = l." + produced.key(s)
                    + " AND r" + s + ".t = l." + produced.time() + " AND r" + s + ".n = 1");
        }
        sql.append("\nSELECT ")
                .append(String.join(",\n  ", columns))
                .append("\nFROM ")
                .append(name("produced"))
                .append(" AS l")
                .append(joins);
        return grammar.findings(sql.toString(), selections.size());
    }

    private String name(String table) {
        return grammar.identifier("__fs_" + table);
    }

    private void cte(StringBuilder sql, String table, String query) {
        sql.append(",\n").append(name(table)).append(" AS (\n  ").append(query).append("\n)");
    }

    private String producedColumns() {
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < set.view().columns().size(); i++) {
            columns.append(", ").append(grammar.identifier(set.view().columns().name(i)));
        }
        for (AuditColumn kind : set.audit()) {
            set.auditColumns(kind).forEach(column -> columns.append(", ").append(grammar.identifier(column)));
        }
        return columns.toString();
    }

    private String asked(int s) {
        String key = produced.key(s);
        return "SELECT DISTINCT " + key + " AS id, " + produced.time() + " AS t FROM " + name("produced") + " WHERE "
                + key + " IS NOT NULL";
    }

    /** All that a label may see, the latest first. */
    private String ranked(int s, HistorySql history) {
        String arrival = history.hasArrival() ? "h.a DESC NULLS LAST, " : "";
        return "SELECT q.t, h.*, rank() OVER (PARTITION BY q.id, q.t ORDER BY h.k DESC, h.live DESC, " + arrival
                + "h.api DESC NULLS LAST, h.written DESC NULLS LAST) AS place\n  FROM " + name("asked" + s)
                + " AS q JOIN (\n    SELECT " + String.join(",\n      ", history.columns()) + "\n    FROM "
                + tables.apply(history.group()) + history.served() + "\n  ) AS h ON h.id = q.id AND "
                + (history.asServed() ? "h.a <= q.t AND h.k IS NOT NULL" : "h.k <= q.t");
    }

    /** The row of each label that has one; several if they tie in everything but their values. */
    private String right(int s, HistorySql history) {
        StringBuilder columns = new StringBuilder(history.hasArrival() ? "id, t, k, a" : "id, t, k");
        for (int c = 0; c < history.features(); c++) {
            columns.append(", f").append(c);
        }
        return "SELECT *, row_number() OVER (PARTITION BY id, t ORDER BY k) AS n,"
                + " count(*) OVER (PARTITION BY id, t) AS ties\n  FROM (\n    SELECT DISTINCT " + columns
                + "\n    FROM " + name("ranked" + s) + "\n    WHERE place = 1 AND live" + history.age("t", "k")
                + "\n  ) AS d";
    }

    private String finding(int s, HistorySql history, String right) {
        String claimed = column(AuditColumn.EVENT_TIME, s);
        String eventTime = grammar.isoText(right + ".k");
        List<String> same = new ArrayList<>();
        same.add(claimed + " IS NOT DISTINCT FROM " + eventTime);
        if (set.audit().contains(AuditColumn.ARRIVAL_TIME)) {
            same.add(column(AuditColumn.ARRIVAL_TIME, s) + " IS NOT DISTINCT FROM " + grammar.isoText(right + ".a"));
        }
        List<String> values = new ArrayList<>();
        List<GroupSelection.Column> columns = selections.get(s).columns();
        for (int c = 0; c < history.features(); c++) {
            values.add("l." + grammar.identifier(columns.get(c).name()) + " IS NOT DISTINCT FROM "
                    + grammar.orDefault(right + ".f" + c, columns.get(c).feature()));
        }
        same.add("(coalesce(" + right + ".ties, 1) > 1 OR (" + String.join(" AND ", values) + "))");
        return "CASE WHEN " + String.join("\n      AND ", same) + " THEN NULL WHEN " + right + ".id IS NULL THEN '"
                + Leak.Kind.UNEXPECTED + "' WHEN " + claimed + " IS NULL THEN '" + Leak.Kind.MISSING + "' WHEN "
                + claimed + " > " + eventTime + " THEN '" + Leak.Kind.LATER + "' WHEN " + claimed + " < " + eventTime
                + " THEN '" + Leak.Kind.EARLIER + "' ELSE '" + Leak.Kind.VALUES + "' END";
    }

    private String column(AuditColumn kind, int s) {
        return "l." + grammar.identifier(set.auditColumns(kind).get(s));
    }
}
