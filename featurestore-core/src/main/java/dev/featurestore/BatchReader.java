package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a {@link BatchRead} through a blocking store. */
final class BatchReader {
    private final OnlineStore store;

    private final Sleeper sleeper;

    BatchReader(OnlineStore store, Sleeper sleeper) {
        this.store = store;
        this.sleeper = sleeper;
    }

    /** @param features the features wanted of each group; an empty list for all */
    BatchRead.Answers read(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        BatchRead read = new BatchRead(keys, features, deadline);
        @Nullable Duration pause;
        do {
            round(read);
            pause = read.pause();
        } while (pause != null && slept(pause));
        return read.answers();
    }

    private void round(BatchRead read) {
        for (BatchGetCommand request = read.next(); request != null; request = read.next()) {
            try {
                read.answered(store.batchGet(request));
            } catch (FeatureStoreException e) {
                read.failed(e);
            }
        }
    }

    /** Whether the pause was slept through; an interrupt ends the read and stays set for the caller. */
    private boolean slept(Duration pause) {
        try {
            sleeper.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
