package dev.featurestore.examples.glue;

import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.contract.OfflineBackend;
import dev.featurestore.testkit.contract.OfflineStoreContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** Spark SQL keeps the point-in-time rule. */
class SparkContractTest extends OfflineStoreContract {
    @TempDir
    Path folder;

    private final AtomicInteger opened = new AtomicInteger();

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
        LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("it's " + opened.incrementAndGet()), clock);
        return backend(local, Engine.over(local), clock, behaviour);
    }

    static OfflineBackend backend(
            LocalOfflineStore local, SparkOfflineStore engine, ManualClock clock, ServiceBehaviour behaviour) {
        InMemoryFeatureStore memory = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(behaviour)
                .offlineStore(local, engine)
                .build();
        return OfflineBackend.of(memory, local::close);
    }
}
