package dev.featurestore.testkit.contract;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;

/** What was served, compared on DuckDB. */
class LocalServedComparisonContractTest extends ServedComparisonContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return files;
    }
}
