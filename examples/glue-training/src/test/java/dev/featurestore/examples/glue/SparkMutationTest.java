package dev.featurestore.examples.glue;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.contract.MutatedSqlContract;
import dev.featurestore.testkit.contract.OfflineBackend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Rules of Spark's query. */
@Tag("soak")
class SparkMutationTest extends MutatedSqlContract {
    @TempDir
    private Path folder;

    private int opened;

    @Override
    protected SqlDialect dialect() {
        return SqlDialect.spark();
    }

    @Override
    protected List<Mutation> mutations() {
        return List.of(
                new Mutation("deletes ignored", "CASE WHEN h\\.live", "CASE WHEN h.live IS NOT NULL"),
                new Mutation("deleted rows left out at first", "(FROM __fs_history\\d+)", "$1 WHERE h.live"),
                new Mutation(
                        "before the label by event time",
                        "ORDER BY t, n, live",
                        "ORDER BY trim(TRAILING '.0Z' FROM t), NOT n, live"),
                new Mutation("before the label by arrival", "l\\.__fs_micros, true", "l.__fs_micros - 1, true"),
                new Mutation(
                        "after the label",
                        "l\\.`__fs_time`(?=\\) AS until|, true)",
                        "substr(l.`__fs_time`, 1, 13) || '~'"),
                new Mutation("before the last label of an identifier", "<= n\\.until", "< n.until"),
                new Mutation("the first row instead of the last", "last_value\\(h\\)", "first_value(h)"),
                new Mutation("deleted before live on a tie", "(t, n, |struct\\(e, )live", "$1NOT live"),
                new Mutation("labels of other identifiers", "PARTITION BY b, id", "PARTITION BY b % 1"),
                new Mutation("late rows replace what is served", "o = latest AND ", ""),
                new Mutation("maximum age ignored", "<= (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "<= 1000000 * $1"),
                new Mutation("maximum age exclusive", "<= (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "< $1"),
                new Mutation("time to live ignored", "< (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "< 1000000 * $1"),
                new Mutation("time to live inclusive", "< (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "<= $1"),
                new Mutation("the arrival unit ignored", "\\+ [1-9]\\d+ AS t", "+ 0 AS t"),
                new Mutation("stamped arrivals before the service's", "greatest\\(", "least("),
                new Mutation("backfills taken for served", "coalesce\\(`\\w+`, 'live'\\) = 'live'", "1 = 1"),
                new Mutation("labels without a row dropped", "\n  WHERE n\n", "\n  WHERE n AND h IS NOT NULL\n"),
                new Mutation("no defaults", "coalesce\\((v\\d+\\.f\\d+), CAST\\(.*?\\)\\)", "$1"),
                new Mutation(
                        "times cut to microseconds",
                        "trim\\(TRAILING '.0Z' FROM ([^)]*)\\)",
                        "trim(TRAILING '.0Z' FROM substr($1, 1, 26))"),
                new Mutation("the range of labels without its start", "WHERE l\\.`__fs_time` >= '.*?' AND", "WHERE"),
                new Mutation(
                        "the end of the range inclusive",
                        "(WHERE l\\.`__fs_time` >= '.*?' AND l\\.`__fs_time`) <",
                        "$1 <="));
    }

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour, SqlDialect mutated) {
        LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store " + opened++), clock);
        return SparkContractTest.backend(local, Engine.over(local, mutated), clock, behaviour);
    }
}
