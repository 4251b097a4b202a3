package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.SpineContract;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What columns of a spine may hold on Athena. */
class AthenaSpineTest extends SpineContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }

    @Override
    protected void close(OfflineStore opened) {
        ((Engine.Over) opened).close();
    }

    @Override
    protected Target target(OfflineStore opened, Path folder) {
        return new Target(LocalAthena.s3("set"), ((Engine.Over) opened).bucket.resolve("set"));
    }

    @Test
    void aTimestampIsReadToTheNanosecond() {
        Spine before = Spine.query("SELECT 2 AS key, TIMESTAMP '2025-03-10 11:59:59.999999999' AS t")
                .time("t", LabelTime.TIMESTAMP);

        assertThat(trained(BY_HOUSEHOLD, before)).isEmpty();
    }
}
