package dev.featurestore.examples.glue;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.ServedComparisonContract;

/** What was served, compared on Spark. */
class SparkServedComparisonTest extends ServedComparisonContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }
}
