package dev.featurestore;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;

/** For tests that read online only. */
final class UnusedOfflineStore implements OfflineStore {
    @Override
    public TrainingRows run(TrainingSet set) {
        throw new AssertionError("Not to be called");
    }

    @Override
    public long unload(TrainingSet set, URI target) {
        throw new AssertionError("Not to be called");
    }
}
