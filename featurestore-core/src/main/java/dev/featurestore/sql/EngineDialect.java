package dev.featurestore.sql;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.training.TrainingSet;
import java.time.Instant;

/** A dialect of one grammar and one shape of join; all else is the same on every engine. */
abstract class EngineDialect implements SqlDialect {
    private final String name;

    private final SqlGrammar grammar;

    EngineDialect(String name, SqlGrammar grammar) {
        this.name = name;
        this.grammar = grammar;
    }

    /** The engine's way to find the row of each label. */
    abstract JoinSql join(TrainingSet set, TableNames tables);

    /** What a query reads a group's rows from. */
    String rows(FeatureGroup<?> group, TableNames tables) {
        return grammar.table(tables.of(group));
    }

    /** The rows of a history that any label can see, and perhaps more: what a query has behind FROM. */
    String visibleRows(HistorySql history, TableNames tables) {
        return rows(history.group(), tables) + history.servedWithinBounds();
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String render(TrainingSet set, TableNames tables) {
        return join(set, tables).query();
    }

    @Override
    public final String renderLabelDays(TrainingSet set, TableNames tables, Instant since) {
        return new LabelDaysSql(grammar, set, history -> visibleRows(history, tables), since).query();
    }
}
