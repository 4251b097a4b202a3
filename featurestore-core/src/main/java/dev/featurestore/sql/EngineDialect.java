package dev.featurestore.sql;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A dialect of one grammar and one shape of join; all else is the same on every engine. */
abstract class EngineDialect implements SqlDialect {
    private final String name;

    private final SqlGrammar grammar;

    EngineDialect(String name, SqlGrammar grammar) {
        this.name = name;
        this.grammar = grammar;
    }

    /** The engine's way to find the row of each label. */
    abstract JoinSql join(TrainingSet set, List<HistorySql> histories, TableNames tables);

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
        JoinSql join = join(set, HistorySql.of(grammar, set), tables);
        return join.select(new ResultColumns(grammar, set, join).all());
    }

    @Override
    public final String renderLeakCheck(TrainingSet set, TableNames tables, Spine.Source produced) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        return new LeakCheckSql(grammar, audited, group -> rows(group, tables), produced).query();
    }

    @Override
    public final String renderModeComparison(TrainingSet set, TableNames tables) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        List<HistorySql> both =
                new ArrayList<>(HistorySql.of(grammar, audited.withPointInTime(PointInTime.eventTime())));
        both.addAll(
                HistorySql.of(grammar, audited.withPointInTime(set.pointInTime().inMode(PointInTime.Mode.AS_SERVED))));
        return new ModeComparisonSql(grammar, audited, join(audited, both, tables)).query();
    }

    @Override
    public final String renderLabelDays(TrainingSet set, TableNames tables, Instant since) {
        return new LabelDaysSql(grammar, set, history -> visibleRows(history, tables), since).query();
    }
}
