package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.SpineContract;
import dev.featurestore.training.Spine;
import org.junit.jupiter.api.Test;

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
}
