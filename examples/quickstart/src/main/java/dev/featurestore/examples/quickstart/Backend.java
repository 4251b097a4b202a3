package dev.featurestore.examples.quickstart;

import dev.featurestore.FeatureStore;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import java.util.Locale;

/** What the payments are played through. */
enum Backend {
    /** The in-memory store, called directly. */
    MEMORY {
        @Override
        FeatureStore open(ManualClock clock, LocalOfflineStore history, OfflineStore training) {
            return InMemoryFeatureStore.builder()
                    .clock(clock)
                    .offlineStore(history, training)
                    .build();
        }
    },
    /** The store of production, over HTTP. */
    EMULATOR {
        @Override
        FeatureStore open(ManualClock clock, LocalOfflineStore history, OfflineStore training) {
            return new EmulatedStore(clock, history, training);
        }
    };

    /**
     * A store without groups.
     *
     * @param clock its time
     * @param history where its history goes
     * @param training what runs its training sets
     */
    abstract FeatureStore open(ManualClock clock, LocalOfflineStore history, OfflineStore training);

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
