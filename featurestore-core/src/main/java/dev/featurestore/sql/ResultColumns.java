package dev.featurestore.sql;

import dev.featurestore.schema.Feature;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;

/** The columns of a training set in their order, names and defaults, from wherever a dialect has them. */
abstract class ResultColumns {
    private final SqlGrammar grammar;

    ResultColumns(SqlGrammar grammar) {
        this.grammar = grammar;
    }

    /** A column of the spine, quoted. */
    abstract String spine(String quoted);

    /** Column c of selection s, null where the label has no row. */
    abstract String feature(int s, int c);

    /** The event time of the row of selection s as text, null where the label has none. */
    abstract String eventTime(int s);

    final String select(TrainingSet set) {
        List<String> columns = new ArrayList<>();
        set.spineColumns().forEach(column -> columns.add(spine(grammar.identifier(column))));
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            List<GroupSelection.Column> selected = selections.get(s).columns();
            for (int c = 0; c < selected.size(); c++) {
                GroupSelection.Column column = selected.get(c);
                columns.add(withDefault(feature(s, c), column.feature()) + " AS " + grammar.identifier(column.name()));
            }
        }
        for (int s = 0; s < set.eventTimeColumns().size(); s++) {
            columns.add(eventTime(s) + " AS "
                    + grammar.identifier(set.eventTimeColumns().get(s)));
        }
        return "SELECT " + String.join(",\n  ", columns);
    }

    private String withDefault(String column, Feature<?> feature) {
        return feature.defaultText()
                .map(text -> "coalesce(" + column + ", " + grammar.typed(feature.type(), text) + ")")
                .orElse(column);
    }
}
