package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.SpineContract;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What columns of a spine may hold on Spark, in a session whose time zone is not UTC. */
class SparkSpineTest extends SpineContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }

    @Override
    protected String timestamp(String time) {
        return "TIMESTAMP_NTZ '" + time + "'";
    }

    @Test
    void noViewStaysBehindInTheSession() {
        assertThat(trained(BY_HOUSEHOLD, key("2"))).isPresent();
        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, Spine.query("SELECT FROM")))
                .isInstanceOf(QueryFailedException.class);

        assertThat(Engine.SPARK.catalog().listTables().count()).isZero();
    }

    @Test
    void labelsAreReadFromAFolderOfParquetFiles(@TempDir Path labels) {
        Path files = labels.resolve("it's labels");
        Engine.SPARK
                .sql("SELECT 2L AS key, '2025-03-10T12:00:01Z' AS t")
                .write()
                .parquet(files.toString());

        Spine spine = Spine.parquet(
                        files.toUri(), SpineColumn.of("key", ColumnType.BIGINT), SpineColumn.of("t", ColumnType.STRING))
                .time("t", LabelTime.ISO_8601);

        assertThat(trained(BY_HOUSEHOLD, spine)).contains(7L);
    }
}
