package dev.featurestore.testkit.contract;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OnlineStore;

/** What an {@link OfflineStoreContract} runs against: a store whose writes can be trained on at once. */
public interface OfflineBackend extends AutoCloseable {
    /** The store under test. */
    FeatureStore store();

    /** The way in for writers other than this library, who have their own forms of event times and stamp nothing. */
    OnlineStore onlineStore();

    /** Called after each scenario. */
    @Override
    default void close() {}
}
