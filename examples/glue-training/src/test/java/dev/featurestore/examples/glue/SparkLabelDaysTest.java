package dev.featurestore.examples.glue;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.LabelDaysContract;

/** Which labels new rows touch, found on Spark. */
class SparkLabelDaysTest extends LabelDaysContract {
    @Override
    protected OfflineStore open(LocalOfflineStore local) {
        return Engine.over(local);
    }
}
