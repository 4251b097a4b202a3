package dev.featurestore.testkit.contract;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The evaluator in plain Java and the SQL over files keep the point-in-time rule. */
class OfflineStoreContractTest {
    @Nested
    class OnTheHeap extends OfflineStoreContract {
        @Override
        protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
            return new Backend(
                    InMemoryFeatureStore.builder()
                            .clock(clock)
                            .behaviour(behaviour)
                            .build(),
                    () -> {});
        }
    }

    @Nested
    class InLocalFiles extends OfflineStoreContract {
        @TempDir
        Path folder;

        private final AtomicInteger opened = new AtomicInteger();

        @Override
        protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
            LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("it's " + opened.incrementAndGet()), clock);
            return new Backend(
                    InMemoryFeatureStore.builder()
                            .clock(clock)
                            .behaviour(behaviour)
                            .offlineStore(local)
                            .build(),
                    local::close);
        }
    }

    private record Backend(InMemoryFeatureStore memory, Runnable onClose) implements OfflineBackend {
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
            onClose.run();
        }
    }
}
