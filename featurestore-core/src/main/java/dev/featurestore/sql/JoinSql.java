package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;
import java.util.List;

/**
 * A query on its way to text: the labels, then histories joined to them one after the other, then columns of what was joined.
 * Engines differ in how they join, and in where the joined columns are.
 */
abstract class JoinSql {
    final SpineSql spine;

    final List<HistorySql> histories;

    /** What has been written so far. */
    final StringBuilder sql = new StringBuilder();

    JoinSql(SqlGrammar grammar, TrainingSet set, List<HistorySql> histories) {
        this.spine = new SpineSql(grammar, set);
        this.histories = histories;
    }

    /** Begins the query with the labels. */
    abstract void labels();

    /** Joins history s, in common table expressions behind those that are there. */
    abstract void join(int s, HistorySql history);

    /** Column c of history s, null where the label has no row. */
    abstract String feature(int s, int c);

    /** The event time of the row of history s, null where the label has none. Asked for if the set has audit columns. */
    abstract String eventTime(int s);

    /** When that row had arrived. Asked for if the set has such a column. */
    abstract String arrival(int s);

    /** What has the columns of the spine, as {@code l}, and those of all histories. */
    abstract String joined();

    final String labelTime() {
        return "l." + spine.time();
    }

    /** The query of some of the joined columns. To be called once. */
    final String select(List<String> columns) {
        labels();
        for (int s = 0; s < histories.size(); s++) {
            join(s, histories.get(s));
        }
        return sql.append("\nSELECT ")
                .append(String.join(",\n  ", columns))
                .append("\nFROM ")
                .append(joined())
                .toString();
    }
}
