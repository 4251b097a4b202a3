package dev.featurestore.examples.glue;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.LocalOfflineStore;
import org.apache.spark.sql.SparkSession;

/** One session for all tests of the run. Its time zone is none that the library's own times are in. */
final class Engine {
    static final SparkSession SPARK = start();

    private Engine() {}

    /** Queries that must fail are part of the tests: Spark's long reports of them are not wanted. */
    private static SparkSession start() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "America/St_Johns")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        spark.sparkContext().setLogLevel("OFF");
        return spark;
    }

    /** Runs over the files of a local store, all of them. */
    static SparkOfflineStore over(LocalOfflineStore local) {
        return over(local, SqlDialect.spark());
    }

    static SparkOfflineStore over(LocalOfflineStore local, SqlDialect dialect) {
        return new SparkOfflineStore(
                SPARK,
                group -> {
                    local.flush();
                    return local.dataOf(group).toString();
                },
                dialect);
    }
}
