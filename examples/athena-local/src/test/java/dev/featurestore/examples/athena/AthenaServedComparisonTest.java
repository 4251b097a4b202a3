package dev.featurestore.examples.athena;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.ServedComparisonContract;

/** What was served, compared on Athena's engine. */
class AthenaServedComparisonTest extends ServedComparisonContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }

    @Override
    protected void close(OfflineStore opened) {
        ((Engine.Over) opened).close();
    }
}
