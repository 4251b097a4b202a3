package dev.featurestore.examples.glue;

import dev.featurestore.examples.quickstart.Quickstart;
import dev.featurestore.examples.quickstart.TrainingEngine;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** The quickstart with its training sets built as in a Glue job. */
public final class SparkQuickstart {
    private SparkQuickstart() {}

    /** Runs the program; its options are those of the quickstart. */
    public static void main(String[] args) {
        Quickstart.main(args, engine(SparkQuickstart::session, SparkSession::stop), TrainingEngine.duckDb());
    }

    private static SparkSession session(Path scratch) {
        return SparkSession.builder()
                .master("local[*]")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "8")
                .config("spark.local.dir", scratch.resolve("spark").toString())
                .config("spark.sql.warehouse.dir", scratch.resolve("warehouse").toString())
                .getOrCreate();
    }

    /**
     * Spark.
     *
     * @param sessions given a folder for what nobody wants afterwards
     * @param afterwards what is done with a session when the run is over
     */
    static TrainingEngine engine(Function<Path, SparkSession> sessions, Consumer<SparkSession> afterwards) {
        return new TrainingEngine() {
            @Override
            public String name() {
                return "spark";
            }

            @Override
            public Running start(LocalOfflineStore history, Path folder, Path scratch) {
                SparkSession spark = sessions.apply(scratch);
                OfflineStore store = new SparkOfflineStore(spark, group -> {
                    history.flush();
                    return history.dataOf(group).toString();
                });
                return new Running() {
                    @Override
                    public OfflineStore store() {
                        return store;
                    }

                    @Override
                    public void close() {
                        afterwards.accept(spark);
                    }
                };
            }
        };
    }
}
