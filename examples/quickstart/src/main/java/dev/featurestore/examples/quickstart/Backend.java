package dev.featurestore.examples.quickstart;

import dev.featurestore.FeatureStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import java.util.Locale;

/** What the payments are played through. */
enum Backend {
    /** The in-memory store, called directly. */
    MEMORY {
        @Override
        FeatureStore open(ManualClock clock, LocalOfflineStore offline) {
            return InMemoryFeatureStore.builder()
                    .clock(clock)
                    .offlineStore(offline)
                    .build();
        }
    },
    /** The store of production, over HTTP. */
    EMULATOR {
        @Override
        FeatureStore open(ManualClock clock, LocalOfflineStore offline) {
            return new EmulatedStore(clock, offline);
        }
    };

    /** A store without groups, whose time is the clock's and whose history goes to the offline store. */
    abstract FeatureStore open(ManualClock clock, LocalOfflineStore offline);

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
