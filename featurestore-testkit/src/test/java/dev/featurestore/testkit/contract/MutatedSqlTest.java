package dev.featurestore.testkit.contract;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Rules of DuckDB's query. The order of rows that are alike but for their arrival is {@code ArrivalTiesTest}'s. */
class MutatedSqlTest extends MutatedSqlContract {
    @TempDir
    private Path folder;

    private int opened;

    @Override
    protected SqlDialect dialect() {
        return SqlDialect.duckDb();
    }

    @Override
    protected List<Mutation> mutations() {
        return List.of(
                new Mutation("deletes ignored", "AND h\\.live", "AND (h.live OR NOT h.live)"),
                new Mutation("deleted rows left out at first", "(QUALIFY k \\* 2)", "WHERE live $1"),
                new Mutation(
                        "before the label by event time", "(row\\(l.\"__fs_n\", l.\"__fs_time\")(, true)", "$1 - 1$2"),
                new Mutation(
                        "before the label by arrival", "(row\\(l.\"__fs_n\", l.\"__fs_time\")(, \\d{30})", "$1 - 1$2"),
                new Mutation(
                        "after the label",
                        "(max\\(|row\\(l.\"__fs_n\", l\\.)\"__fs_time\"",
                        "$1\"__fs_time\" + 3600000000000::HUGEINT"),
                new Mutation("at the last label", "(WHERE [ka]) <= (\"__fs_last\")", "$1 < $2"),
                new Mutation("rows of another identifier", "h\\.n = l\\.\"__fs_n\" AND ", ""),
                new Mutation("late rows replace what is served", "QUALIFY k \\* 2.*", ""),
                new Mutation("maximum age ignored", "AND l.\"__fs_time\" - h.k <= \\d+::HUGEINT", ""),
                new Mutation("maximum age exclusive", "- h.k <= (\\d+)", "- h.k < $1"),
                new Mutation("time to live ignored", "AND l.\"__fs_time\" - h.k < \\d+::HUGEINT", ""),
                new Mutation("time to live inclusive", "- h.k < (\\d+)", "- h.k <= $1"),
                new Mutation("the arrival unit ignored", "\\* 1000 \\+ \\d+000000::HUGEINT", "* 1000"),
                new Mutation("stamped arrivals before the service's", "greatest\\(", "least("),
                new Mutation("backfills taken for served", "coalesce\\(\"\\w+\", 'live'\\) = 'live'", "1 = 1"),
                new Mutation("labels without a row dropped", "LEFT JOIN", "JOIN"),
                new Mutation("no defaults", "coalesce\\((v\\d+\\.f\\d+), CAST\\(.*?\\)\\)", "$1"),
                new Mutation(
                        "times parsed to microseconds",
                        "\\+ CASE WHEN length\\(\"\\w+\"\\) > 27 THEN .*? ELSE 0 END",
                        ""),
                new Mutation("other rows of the same file", "AND w\\.file_row_number = h\\.r", ""),
                new Mutation(
                        "the range of labels without its start",
                        "WHERE l\\.\"__fs_time\" >= \\d+::HUGEINT AND",
                        "WHERE"),
                new Mutation(
                        "the end of the range inclusive", "(l\\.\"__fs_time\") < (\\d+::HUGEINT)\\n", "$1 <= $2 "));
    }

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour, SqlDialect mutated) {
        LocalOfflineStore local = LocalOfflineStore.builder(folder.resolve("store " + opened++))
                .clock(clock)
                .dialect(mutated)
                .build();
        InMemoryFeatureStore memory = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(behaviour)
                .offlineStore(local)
                .build();
        return OfflineBackend.of(memory, local::close);
    }
}
