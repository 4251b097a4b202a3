package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.training.TrainingSet;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each rule of the point-in-time SQL, broken in the text of the query, makes a scenario of the contract fail. The order of rows that
 * are alike but for their arrival is {@code ArrivalTiesTest}'s.
 */
class MutatedSqlTest {
    private static final AtomicInteger NOTICED = new AtomicInteger();

    private static final AtomicInteger BROKEN = new AtomicInteger();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "deletes ignored                       | WHERE h\\.live                                    | WHERE (h.live OR NOT h.live)",
                "deleted rows left out at first        | (QUALIFY k \\* 2)                                 | AND live $1",
                "before the label by event time        | (row\\(l.\"__fs_time\")(, true)                   | $1 - 1$2",
                "before the label by arrival           | (row\\(l.\"__fs_time\")(, \\d{30})                | $1 - 1$2",
                "after the label                       | row\\(l.\"__fs_time\"                             | row(l.\"__fs_time\" + 3600000000000::HUGEINT",
                "late rows replace what is served      | QUALIFY k \\* 2.*                                 | ''",
                "maximum age ignored                   | AND l.\"__fs_time\" - h.k <= \\d+::HUGEINT        | ''",
                "maximum age exclusive                 | - h.k <= (\\d+)                                   | - h.k < $1",
                "time to live ignored                  | AND l.\"__fs_time\" - h.k < \\d+::HUGEINT         | ''",
                "time to live inclusive                | - h.k < (\\d+)                                    | - h.k <= $1",
                "the arrival unit ignored              | \\* 1000 \\+ \\d+000000::HUGEINT                  | * 1000",
                "stamped arrivals before the service's | greatest\\(                                       | least(",
                "backfills taken for served            | coalesce\\(\"\\w+\", 'live'\\) = 'live'           | 1 = 1",
                "labels without a row dropped          | LEFT JOIN                                         | JOIN",
                "no defaults                           | coalesce\\((v\\d+\\.f\\d+), CAST\\(.*?\\)\\)      | $1",
                "times parsed to microseconds          | \\+ CASE WHEN length\\(\"\\w+\"\\) > 27 THEN .*? ELSE 0 END | ''",
                "other rows of the same file           | AND w\\.file_row_number = h\\.r                   | ''",
                "the range of labels without its start | WHERE l\\.\"__fs_time\" >= \\d+::HUGEINT AND     | WHERE",
                "the end of the range inclusive        | (l\\.\"__fs_time\") < (\\d+::HUGEINT)\\n          | '$1 <= $2 '"
            })
    void aRuleThatIsBrokenIsNoticed(String rule, String text, String replacement) {
        BROKEN.incrementAndGet();
        Broken broken = new Broken(Pattern.compile(text), replacement == null ? "" : replacement);

        boolean noticed = new Suite(broken, folder).scenarios().anyMatch(scenario -> fails(scenario.getExecutable()));

        assertThat(broken.rendered.get()).as("queries that have the rule").isPositive();
        assertThat(noticed).as("a scenario fails").isTrue();
        NOTICED.incrementAndGet();
    }

    /** For the summary of the build. */
    @AfterAll
    static void tell() {
        System.out.println("[summary] mutations of the SQL: " + NOTICED.get() + " of " + BROKEN.get() + " noticed");
    }

    private static boolean fails(Executable scenario) {
        try {
            scenario.execute();
            return false;
        } catch (AssertionError e) {
            return true;
        } catch (Throwable e) {
            throw new IllegalStateException("The query is broken, and not its rule", e);
        }
    }

    /** The dialect with one rule broken. */
    private static final class Broken implements SqlDialect {
        private final Pattern text;

        private final String replacement;

        private final AtomicInteger rendered = new AtomicInteger();

        Broken(Pattern text, String replacement) {
            this.text = text;
            this.replacement = replacement;
        }

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String render(TrainingSet set, TableNames tables) {
            String sql = SqlDialect.duckDb().render(set, tables);
            String changed = text.matcher(sql).replaceAll(replacement);
            if (!changed.equals(sql)) {
                rendered.incrementAndGet();
            }
            return changed;
        }
    }

    private static final class Suite extends OfflineStoreContract {
        private final SqlDialect dialect;

        private final Path folder;

        private int opened;

        Suite(SqlDialect dialect, Path folder) {
            this.dialect = dialect;
            this.folder = folder;
        }

        @Override
        protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
            LocalOfflineStore local = LocalOfflineStore.builder(folder.resolve("store " + opened++))
                    .clock(clock)
                    .dialect(dialect)
                    .build();
            InMemoryFeatureStore memory = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .behaviour(behaviour)
                    .offlineStore(local)
                    .build();
            return new OfflineBackend() {
                @Override
                public FeatureStore store() {
                    return memory;
                }

                @Override
                public OnlineStore onlineStore() {
                    return memory.onlineStore();
                }

                @Override
                public void close() {
                    memory.close();
                    local.close();
                }
            };
        }
    }
}
