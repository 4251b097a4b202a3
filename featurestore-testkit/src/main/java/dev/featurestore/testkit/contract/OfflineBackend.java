package dev.featurestore.testkit.contract;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;

/** What an {@link OfflineStoreContract} runs against: a store whose writes can be trained on at once. */
public interface OfflineBackend extends AutoCloseable {
    /**
     * An in-memory store whose training sets are another store's.
     *
     * @param closed what is closed behind it
     */
    static OfflineBackend of(InMemoryFeatureStore memory, Runnable closed) {
        return new OfflineBackend() {
            @Override
            public FeatureStore store() {
                return memory;
            }

            @Override
            public OnlineStore onlineStore() {
                return memory.onlineStore();
            }

            @Override
            public void close() {
                memory.close();
                closed.run();
            }
        };
    }

    /** The store under test. */
    FeatureStore store();

    /** The way in for writers other than this library, who have their own forms of event times and stamp nothing. */
    OnlineStore onlineStore();

    /** Called after each scenario. */
    @Override
    default void close() {}
}
