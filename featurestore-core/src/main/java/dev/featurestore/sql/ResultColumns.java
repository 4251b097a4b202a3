package dev.featurestore.sql;

import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;

/** The columns of a training set in their order, names and defaults. */
final class ResultColumns {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final JoinSql join;

    ResultColumns(SqlGrammar grammar, TrainingSet set, JoinSql join) {
        this.grammar = grammar;
        this.set = set;
        this.join = join;
    }

    List<String> all() {
        List<String> columns = new ArrayList<>();
        set.spineColumns().forEach(column -> columns.add("l." + grammar.identifier(column)));
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            List<GroupSelection.Column> selected = selections.get(s).columns();
            for (int c = 0; c < selected.size(); c++) {
                GroupSelection.Column column = selected.get(c);
                columns.add(grammar.orDefault(join.feature(s, c), column.feature()) + " AS "
                        + grammar.identifier(column.name()));
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
            case EVENT_TIME -> grammar.isoText(join.eventTime(s));
            case ARRIVAL_TIME -> grammar.isoText(join.arrival(s));
            case AGE -> grammar.age(join.labelTime(), join.eventTime(s));
        };
    }
}
