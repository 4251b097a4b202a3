package dev.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncBatchReaderTest extends BatchReadCases {
    private final AsyncOnlineStore async = AsyncOnlineStore.over(store, Runnable::run);

    @Override
    BatchRead.Answers read(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        AsyncBatchReader reader = new AsyncBatchReader(async, pause -> {
            paused(pause);
            return CompletableFuture.completedFuture(null);
        });
        return reader.read(keys, features, deadline).join();
    }

    @Test
    void aCancelEndsThePauseAndTheRounds() {
        store.nextBatch(ScriptedOnlineStore::nothing);
        List<CompletableFuture<Void>> sleeps = new ArrayList<>();
        AsyncBatchReader reader = new AsyncBatchReader(async, pause -> {
            sleeps.add(new CompletableFuture<>());
            return sleeps.get(0);
        });
        CompletableFuture<BatchRead.Answers> answers = reader.read(keysOf("g", 1), Map.of(), Deadline.none());

        answers.cancel(true);

        assertThat(sleeps).singleElement().satisfies(sleep -> assertThat(sleep).isCancelled());
        assertThat(store.batchGets).hasSize(1);
    }

    @Test
    void aMillionKeysThatAreAnsweredAtOnceDoNotFillTheStack() {
        assertThat(read(keysOf("g", 1_000_000)).unprocessed()).isEmpty();
        assertThat(store.batchGets).hasSize(10_000);
    }
}
