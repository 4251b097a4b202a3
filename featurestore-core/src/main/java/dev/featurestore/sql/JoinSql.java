package dev.featurestore.sql;

import dev.featurestore.schema.Feature;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;

/**
 * A training set on its way to text: the labels, then each selection's history joined to them, then the columns in their
 * order, names and defaults. Engines differ in how they join, and in where the joined columns are.
 */
abstract class JoinSql {
    final SqlGrammar grammar;

    final TrainingSet set;

    final SpineSql spine;

    /** What has been written so far. */
    final StringBuilder sql = new StringBuilder();

    JoinSql(SqlGrammar grammar, TrainingSet set) {
        this.grammar = grammar;
        this.set = set;
        this.spine = new SpineSql(grammar, set);
    }

    /** Begins the query with the labels. */
    abstract void labels();

    /** Joins the history of selection s, in common table expressions behind those that are there. */
    abstract void join(int s, HistorySql history);

    /** Column c of selection s, null where the label has no row. */
    abstract String feature(int s, int c);

    /** The event time of the row of selection s, null where the label has none. Asked for if the set has audit columns. */
    abstract String eventTime(int s);

    /** When that row had arrived. Asked for if the set has such a column. */
    abstract String arrival(int s);

    /** What has the columns of the spine, as {@code l}, and those of all selections. */
    abstract String joined();

    final String query() {
        labels();
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            join(s, new HistorySql(grammar, set, selections.get(s)));
        }
        return sql.append("\nSELECT ")
                .append(String.join(",\n  ", columns()))
                .append("\nFROM ")
                .append(joined())
                .toString();
    }

    private List<String> columns() {
        List<String> columns = new ArrayList<>();
        set.spineColumns().forEach(column -> columns.add("l." + grammar.identifier(column)));
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            List<GroupSelection.Column> selected = selections.get(s).columns();
            for (int c = 0; c < selected.size(); c++) {
                GroupSelection.Column column = selected.get(c);
                columns.add(withDefault(feature(s, c), column.feature()) + " AS " + grammar.identifier(column.name()));
            }
        }
        for (AuditColumn kind : set.audit()) {
            for (int s = 0; s < selections.size(); s++) {
                columns.add(audit(kind, s) + " AS "
                        + grammar.identifier(set.auditColumns(kind).get(s)));
            }
        }
        return columns;
    }

    private String audit(AuditColumn kind, int s) {
        return switch (kind) {
            case EVENT_TIME -> grammar.isoText(eventTime(s));
            case ARRIVAL_TIME -> grammar.isoText(arrival(s));
            case AGE -> grammar.age("l." + spine.time(), eventTime(s));
        };
    }

    private String withDefault(String column, Feature<?> feature) {
        return feature.defaultText()
                .map(text -> "coalesce(" + column + ", " + grammar.typed(feature.type(), text) + ")")
                .orElse(column);
    }
}
