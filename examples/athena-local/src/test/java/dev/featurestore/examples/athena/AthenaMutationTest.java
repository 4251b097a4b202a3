package dev.featurestore.examples.athena;

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

/**
 * Rules of Athena's query, on its engine. The lower end of a gap and labels that are kept apart save work, and change no row: they
 * are {@code AthenaPlanTest}'s.
 */
@Tag("soak")
class AthenaMutationTest extends MutatedSqlContract {
    @TempDir
    private Path folder;

    private int opened;

    @Override
    protected SqlDialect dialect() {
        return SqlDialect.athena();
    }

    @Override
    protected List<Mutation> mutations() {
        return List.of(
                new Mutation(
                        "deletes ignored",
                        "CASE WHEN \"__fs_latest_live\"",
                        "CASE WHEN \"__fs_latest_live\" IS NOT NULL"),
                new Mutation("deleted rows left out at first", "AS h ON h\\.id", "AS h ON h.live AND h.id"),
                new Mutation(
                        "before the label", "h\\.k <= (l\\.\"__fs_until\"\\n)", "h.k < trim(TRAILING '.0Z' FROM $1)"),
                new Mutation("after the label", "h\\.k (<= l\\.\"__fs_until\"\\n)", "substr(h.k, 1, 13) $1"),
                new Mutation("arrived before the label", "h\\.a <= (l\\.\"__fs_until\"\\n)", "h.a < $1"),
                new Mutation("arrived after the label", "h\\.a <= (l\\.\"__fs_until\"\\n)", "h.a IS NOT NULL\n"),
                new Mutation("gaps that begin at the label after", "lag\\(", "lead("),
                new Mutation(
                        "what labels before have found is not carried on",
                        "max_by\\(\"__fs_place\", \"__fs_order\"\\) OVER \\(.*?\\)",
                        "CASE WHEN \"__fs_order\" IS NOT NULL THEN \"__fs_place\" END"),
                new Mutation("the oldest row of a gap", "\"__fs_k\" DESC", "\"__fs_k\" ASC"),
                new Mutation("deleted before live on a tie", "\"__fs_live\" DESC", "\"__fs_live\" ASC"),
                new Mutation("the first arrival on a tie", "\"__fs_api\" DESC", "\"__fs_api\" ASC"),
                new Mutation("the first write on a tie", "\"__fs_written\" DESC", "\"__fs_written\" ASC"),
                new Mutation("deleted before live on a tie of gaps", "CAST\\(\"__fs_live\" AS VARCHAR\\) \\|\\| ", ""),
                new Mutation("the first gap on a tie", " \\|\\| lpad\\(.*?'0'\\)", ""),
                new Mutation("all rows of a gap", "\"__fs_rank\" = 1", "\"__fs_rank\" >= 1"),
                new Mutation("labels without a row dropped", "LEFT JOIN", "JOIN"),
                new Mutation(
                        "late rows replace what is served",
                        "(AND h\\.a > l\\.\"__fs_after\" AND) h\\.a <= l\\.\"__fs_until\"",
                        "$1 h.k <= l.\"__fs_time\""),
                new Mutation("maximum age ignored", "<= (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "<= 1000000 * $1"),
                new Mutation("maximum age exclusive", "<= (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "< $1"),
                new Mutation("time to live ignored", "< (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "< 1000000 * $1"),
                new Mutation("time to live inclusive", "< (CAST\\('\\d+' AS DECIMAL\\(38, 0\\)\\))", "<= $1"),
                new Mutation("the arrival unit ignored", "INTERVAL '[1-9][.0-9]*'", "INTERVAL '0'"),
                new Mutation("stamped arrivals before the service's", "greatest\\(", "least("),
                new Mutation("backfills taken for served", "coalesce\\(\"\\w+\", 'live'\\) = 'live'", "1 = 1"),
                new Mutation("no defaults", "coalesce\\((l\\.\"__fs_row\\d+_f\\d+\"), CAST\\(.*?\\)\\)", "$1"),
                new Mutation(
                        "times cut to microseconds",
                        "trim\\(TRAILING '.0Z' FROM (.*?)\\)",
                        "trim(TRAILING '.0Z' FROM substr(replace($1, 'Z', ''), 1, 26))"),
                new Mutation("the range of labels without its start", "WHERE l\\.\"__fs_time\" >= '.*?' AND", "WHERE"),
                new Mutation(
                        "the end of the range inclusive",
                        "(WHERE l\\.\"__fs_time\" >= '.*?' AND l\\.\"__fs_time\") <",
                        "$1 <="));
    }

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour, SqlDialect mutated) {
        LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store " + opened++), clock);
        return AthenaContractTest.backend(local, Engine.over(local, mutated), clock, behaviour);
    }
}
