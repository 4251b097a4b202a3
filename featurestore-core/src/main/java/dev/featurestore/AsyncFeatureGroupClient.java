package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.AsyncStep;
import dev.featurestore.spi.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes and reads the records of one group without blocking, by the same rules as {@link FeatureGroupClient}. Safe for use
 * by many threads.
 *
 * <p>Whatever goes wrong is told by the future, bad input included: no method throws for it. A future completes with a
 * {@link FeatureStoreException} as it is, which {@code join} and {@code get} wrap as they always do.
 *
 * <p>Cancelling a future, or completing it by {@code orTimeout}, cancels the request under way; a write that was cancelled
 * may or may not be stored. Cancel the future you were given: one derived from it does not pass a cancel on.
 *
 * <p>Requests are built on the calling thread. Rows are decoded, and futures complete, on the thread on which the backend
 * completes its own, which the backend says; after a pause between two rounds of {@code findAll} the next request is built on
 * the thread of the {@link AsyncSleeper}. Do not wait for one future in what follows another: go on with
 * {@code thenComposeAsync} and an executor of yours.
 *
 * @param <R> the row type
 */
public final class AsyncFeatureGroupClient<R> {
    private final GroupCodec<R> codec;

    private final AsyncOnlineStore store;

    private final CallSettings settings;

    private final AsyncBatchReader batchReader;

    AsyncFeatureGroupClient(GroupCodec<R> codec, AsyncOnlineStore store, CallSettings settings) {
        this.codec = codec;
        this.store = store;
        this.settings = settings;
        this.batchReader = new AsyncBatchReader(store, settings.asyncSleeper());
    }

    /** The definition. */
    public FeatureGroup<R> definition() {
        return codec.group();
    }

    /** Writes a record to every store of the group. */
    public CompletableFuture<Void> put(R row) {
        return put(row, WriteOptions.defaults());
    }

    /**
     * Writes a record. Online it takes effect if its event time is not older than the stored record's, offline always.
     *
     * @return completes with null once it is written; fails with a {@link RecordMappingException}, and nothing was sent, if
     *     the row lacks a required feature or one that another producer owns, or a value cannot be stored
     */
    public CompletableFuture<Void> put(R row, WriteOptions options) {
        return AsyncStep.run(() -> AsyncStep.after(store.put(codec.put(row, options)), AsyncStep::done));
    }

    /**
     * The latest record of an identifier; empty if there is none, it is deleted or its time to live is over.
     *
     * @param identifier of the Java type of the identifier feature
     */
    public CompletableFuture<Optional<R>> find(Object identifier) {
        return find(identifier, List::of, codec::row);
    }

    /** Some features of the latest record of an identifier; empty as {@link #find(Object)}. */
    public CompletableFuture<Optional<FeatureRecord>> find(Object identifier, Feature<?> first, Feature<?>... more) {
        return find(identifier, () -> codec.names(first, more), record -> record);
    }

    private <T> CompletableFuture<Optional<T>> find(
            Object identifier, Supplier<List<String>> features, Function<FeatureRecord, T> mapper) {
        return AsyncStep.run(() -> {
            List<String> names = features.get();
            return AsyncStep.after(
                    store.get(codec.get(identifier, names)),
                    stored -> AsyncStep.done(
                            stored.flatMap(found -> codec.record(found, names)).map(mapper)));
        });
    }

    /**
     * The latest records of many identifiers; those asked for twice are read once. More than a hundred take several
     * requests, sent one after another; for more at once make several calls.
     */
    public CompletableFuture<BatchResult<R>> findAll(Collection<?> identifiers) {
        return findAll(identifiers, List::of, codec::row);
    }

    /** Some features of the latest records of many identifiers. */
    public CompletableFuture<BatchResult<FeatureRecord>> findAll(
            Collection<?> identifiers, Feature<?> first, Feature<?>... more) {
        return findAll(identifiers, () -> codec.names(first, more), record -> record);
    }

    private <T> CompletableFuture<BatchResult<T>> findAll(
            Collection<?> identifiers, Supplier<List<String>> features, Function<FeatureRecord, T> mapper) {
        return AsyncStep.run(() -> {
            List<String> names = features.get();
            Map<Object, RecordKey> keys = codec.keys(identifiers);
            return AsyncStep.after(
                    batchReader.read(keys.values(), Map.of(definition().name(), names), settings.deadline()),
                    answers -> AsyncStep.done(codec.result(keys, names, answers, mapper)));
        });
    }

    /**
     * Deletes a record softly: it is no longer read, and an older put stays invisible.
     *
     * @param eventTime when the record ceased to be true. Unless later than the stored record's event time the record stays
     *     readable, and the offline store has a marker all the same
     * @return completes with null once it is deleted
     */
    public CompletableFuture<Void> delete(Object identifier, Instant eventTime) {
        return delete(identifier, eventTime, DeletionMode.SOFT_DELETE);
    }

    /**
     * Deletes a record.
     *
     * @return completes with null once it is deleted; fails with an
     *     {@link dev.featurestore.errors.InvalidRequestException} for a hard delete whose event time is not later than the
     *     stored record's
     */
    public CompletableFuture<Void> delete(Object identifier, Instant eventTime, DeletionMode mode) {
        return AsyncStep.run(
                () -> AsyncStep.after(store.delete(codec.delete(identifier, eventTime, mode)), AsyncStep::done));
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "asynchronous client of " + definition();
    }
}
