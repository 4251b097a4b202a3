package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.AsyncStep;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes a {@link BatchRead} through an asynchronous store, one request after another. */
final class AsyncBatchReader {
    private final AsyncOnlineStore store;

    private final AsyncSleeper sleeper;

    AsyncBatchReader(AsyncOnlineStore store, AsyncSleeper sleeper) {
        this.store = store;
        this.sleeper = sleeper;
    }

    /** @param features the features wanted of each group; an empty list for all */
    CompletableFuture<BatchRead.Answers> read(
            Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        BatchRead read = new BatchRead(keys, features, deadline);
        return AsyncStep.run(() -> proceed(read));
    }

    private AsyncStep<BatchRead.Answers> proceed(BatchRead read) {
        BatchGetCommand request = read.next();
        if (request != null) {
            return AsyncStep.after(
                    store.batchGet(request),
                    outcome -> {
                        read.answered(outcome);
                        return proceed(read);
                    },
                    failure -> {
                        if (!(failure instanceof FeatureStoreException known)) {
                            return AsyncStep.failed(failure);
                        }
                        read.failed(known);
                        return proceed(read);
                    });
        }
        Duration pause = read.pause();
        return pause == null
                ? AsyncStep.done(read.answers())
                : AsyncStep.after(sleeper.sleep(pause), slept -> proceed(read));
    }
}
