package dev.featurestore.aws;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.contract.OfflineBackend;
import dev.featurestore.testkit.contract.OfflineStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** The point-in-time rule, kept by training sets that run through Athena's API over HTTP. */
class AthenaContractTest extends OfflineStoreContract {
    @TempDir
    private Path folder;

    private final AtomicInteger opened = new AtomicInteger();

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
        EmulatedQueries queries = new EmulatedQueries(
                folder.resolve("scenario " + opened.incrementAndGet()), clock, behaviour, Duration.ZERO, Duration.ZERO);
        FeatureStore store = queries.store(queries.settings().build());
        return new OfflineBackend() {
            @Override
            public FeatureStore store() {
                return store;
            }

            @Override
            public OnlineStore onlineStore() {
                return queries.memory.onlineStore();
            }

            @Override
            public void close() {
                store.close();
                queries.close();
            }
        };
    }
}
