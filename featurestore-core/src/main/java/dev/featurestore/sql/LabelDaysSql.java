package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The labels of each day, with those that may see one of the rows written since a time. Of each identifier's new rows only the
 * first and the last are looked at: a label between them counts as touched.
 */
final class LabelDaysSql {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final Function<HistorySql, String> rows;

    private final Instant since;

    /** @param rows the rows of a history that any label can see, behind FROM */
    LabelDaysSql(SqlGrammar grammar, TrainingSet set, Function<HistorySql, String> rows, Instant since) {
        this.grammar = grammar;
        this.set = set;
        this.rows = rows;
        this.since = since;
    }

    String query() {
        SpineSql spine = new SpineSql(grammar, set);
        String labels = grammar.identifier("__fs_labels");
        StringBuilder sql = new StringBuilder("WITH ").append(labels).append(" AS (\n  ");
        sql.append(spine.select("")).append("\n)");
        StringBuilder joins = new StringBuilder();
        List<String> touched = new ArrayList<>();
        List<GroupSelection> selections = set.view().selections();
        String time = "l." + spine.time();
        for (int s = 0; s < selections.size(); s++) {
            HistorySql history = new HistorySql(grammar, set, s);
            String late = grammar.identifier("__fs_late" + s);
            sql.append(",\n").append(late).append(" AS (\n  ").append(late(history));
            sql.append("\n)");
            joins.append("\nLEFT JOIN ")
                    .append(late)
                    .append(" ON ")
                    .append(late)
                    .append(".id = l.")
                    .append(spine.key(s));
            // an age counts from the event time, which bounds nothing for rows that count from their arrival
            touched.add("(" + time + " >= " + late + ".first_start"
                    + (history.asServed() ? "" : history.age(time, late + ".last_start")) + ")");
        }
        String columns = set.spineColumns().stream()
                .map(column -> "l." + grammar.identifier(column))
                .collect(Collectors.joining(", "));
        return sql.append("\nSELECT ")
                .append(grammar.day(time))
                .append(" AS label_day, count(*) AS labels, ")
                .append(grammar.checksum(columns))
                .append(" AS digest, sum(CASE WHEN ")
                .append(String.join(" OR ", touched))
                .append(" THEN 1 ELSE 0 END) AS touched\nFROM ")
                .append(labels)
                .append(" AS l")
                .append(joins)
                .append("\nGROUP BY 1")
                .toString();
    }

    private String late(HistorySql history) {
        return "SELECT id, min(start) AS first_start, max(start) AS last_start FROM (\n    SELECT "
                + history.identifier()
                + " AS id, " + (history.asServed() ? history.arrivedBy() : history.eventTime())
                + " AS start, write_time AS written\n  FROM " + rows.apply(history)
                + "\n  ) AS h\n  WHERE written IS NULL OR " + grammar.timestampTime("written") + " > "
                + grammar.time(since) + "\n  GROUP BY id";
    }
}
