package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The labels whose rows differ between two joins of the same selections: the first half of what was joined, and the second.
 * For each selection a text: the positions of its columns that differ, each with a comma behind it; null where all is the same.
 */
final class ModeComparisonSql {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final JoinSql join;

    private final List<GroupSelection> selections;

    ModeComparisonSql(SqlGrammar grammar, TrainingSet set, JoinSql join) {
        this.grammar = grammar;
        this.set = set;
        this.join = join;
        this.selections = set.view().selections();
    }

    String query() {
        List<String> columns = new ArrayList<>();
        set.spineColumns().forEach(column -> columns.add("l." + grammar.identifier(column)));
        for (int s = 0; s < selections.size(); s++) {
            columns.add(difference(s) + " AS " + grammar.finding(s));
        }
        return grammar.findings(join.select(columns), selections.size());
    }

    private String difference(int s) {
        int other = s + selections.size();
        List<String> differing = IntStream.range(0, selections.get(s).columns().size())
                .mapToObj(c -> value(s, s, c) + " IS DISTINCT FROM " + value(s, other, c))
                .toList();
        String positions = IntStream.range(0, differing.size())
                .mapToObj(c -> "CASE WHEN " + differing.get(c) + " THEN '" + c + ",' ELSE '' END")
                .collect(Collectors.joining(" || "));
        return "CASE WHEN " + join.eventTime(s) + " IS DISTINCT FROM " + join.eventTime(other) + " OR "
                + String.join(" OR ", differing) + " THEN " + positions + " END";
    }

    private String value(int s, int joined, int c) {
        return grammar.orDefault(
                join.feature(joined, c), selections.get(s).columns().get(c).feature());
    }
}
