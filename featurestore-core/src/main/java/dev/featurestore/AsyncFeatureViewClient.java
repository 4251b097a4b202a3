package dev.featurestore;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.AsyncStep;
import dev.featurestore.spi.Deadline;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Serves the vectors of one view without blocking, by the same rules as {@link FeatureViewClient}. Safe for use by many threads.
 *
 * <p>Methods do not throw: whatever goes wrong, bad input included, the future fails with it, not wrapped in another
 * exception. Cancelling a future cancels the requests under way. It completes on the thread that brings the last answer, or on
 * that of the {@link AsyncSleeper} at the deadline: go on with {@code thenApplyAsync} and an executor of yours for long work.
 */
public final class AsyncFeatureViewClient {
    private final ViewReader reader;

    private final AsyncOnlineStore store;

    AsyncFeatureViewClient(ViewReader reader, AsyncOnlineStore store) {
        this.reader = reader;
        this.store = store;
    }

    /** The definition. */
    public FeatureView definition() {
        return reader.codec().view();
    }

    /** As {@link #fetch(Map, Duration)} within the store's call timeout. */
    public CompletableFuture<FeatureVector> fetch(Map<String, ?> joinKeys) {
        return run(() -> List.of(joinKeys), () -> reader.settings().deadline(), vectors -> vectors.get(0));
    }

    /**
     * The vector of one request, as of now; fails as {@link FeatureViewClient#fetch(Map, Duration)} throws, such as with a
     * {@link RecordMappingException} for a key that is missing.
     */
    public CompletableFuture<FeatureVector> fetch(Map<String, ?> joinKeys, Duration timeout) {
        return run(() -> List.of(joinKeys), () -> reader.settings().deadline(timeout), vectors -> vectors.get(0));
    }

    /** The vectors of many requests, as {@link FeatureViewClient#fetchAll} gives them. */
    public CompletableFuture<List<FeatureVector>> fetchAll(List<? extends Map<String, ?>> requests, Duration timeout) {
        return run(() -> requests, () -> reader.settings().deadline(timeout), vectors -> vectors);
    }

    private <T> CompletableFuture<T> run(
            Supplier<List<? extends Map<String, ?>>> requests,
            Supplier<Deadline> deadline,
            Function<List<FeatureVector>, T> result) {
        return AsyncStep.run(() -> {
            VectorFetch fetch = new VectorFetch(reader, requests.get(), deadline.get(), true);
            return AsyncStep.after(
                    fetch.run(store).start(reader.settings().asyncSleeper()),
                    over -> AsyncStep.done(result.apply(fetch.vectors())));
        });
    }

    /** The view; nothing of its records. */
    @Override
    public String toString() {
        return "asynchronous client of " + definition();
    }
}
