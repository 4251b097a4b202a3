package dev.featurestore.examples.athena;

import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.contract.OfflineBackend;
import dev.featurestore.testkit.contract.OfflineStoreContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** Athena's SQL on Athena's engine keeps the point-in-time rule, run through Athena's API by the official client. */
class AthenaContractTest extends OfflineStoreContract {
    @TempDir
    Path folder;

    private final AtomicInteger opened = new AtomicInteger();

    Engine.Over engine(LocalOfflineStore local) {
        return Engine.over(local);
    }

    @Override
    protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
        LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("it's " + opened.incrementAndGet()), clock);
        return backend(local, engine(local), clock, behaviour);
    }

    static OfflineBackend backend(
            LocalOfflineStore local, Engine.Over engine, ManualClock clock, ServiceBehaviour behaviour) {
        InMemoryFeatureStore memory = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(behaviour)
                .offlineStore(local, engine)
                .build();
        return OfflineBackend.of(memory, () -> {
            engine.close();
            local.close();
        });
    }
}
