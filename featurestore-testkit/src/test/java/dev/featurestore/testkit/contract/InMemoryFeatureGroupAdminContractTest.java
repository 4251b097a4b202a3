package dev.featurestore.testkit.contract;

import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.testkit.InMemoryFeatureStore;

class InMemoryFeatureGroupAdminContractTest extends FeatureGroupAdminContract {
    @Override
    protected FeatureGroupAdmin openAdmin() {
        return InMemoryFeatureStore.create().admin().backend();
    }
}
