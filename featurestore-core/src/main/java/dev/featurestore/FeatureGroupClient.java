package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the records of one group. Blocks; safe for use by many threads.
 *
 * <p>A put replaces the whole record of its identifier: features left out are gone afterwards, whoever wrote them. Keep one
 * producer for each group, and join groups in a view. Where that cannot be, say in the definition
 * {@linkplain Feature#ownedBy who owns what}: a put that drops a feature of another producer is refused then.
 *
 * <p>Every method may throw a {@link FeatureStoreException}: access denied, group not found, throttled, unavailable, and for
 * writes outcome unknown.
 *
 * @param <R> the row type
 */
public final class FeatureGroupClient<R> {
    private final GroupCodec<R> codec;

    private final OnlineStore store;

    private final @Nullable AsyncOnlineStore asyncStore;

    private final CallSettings settings;

    private final BatchReader batchReader;

    FeatureGroupClient(
            FeatureGroup<R> group, OnlineStore store, @Nullable AsyncOnlineStore asyncStore, CallSettings settings) {
        this.codec = new GroupCodec<>(group, settings);
        this.store = store;
        this.asyncStore = asyncStore;
        this.settings = settings;
        this.batchReader = new BatchReader(store, settings.sleeper());
    }

    /** The definition. */
    public FeatureGroup<R> definition() {
        return codec.group();
    }

    /**
     * A client of the same group whose calls may take this long, repeats and pauses included; {@link #async} of it gives one
     * with the same time. A {@linkplain WriteOptions#withTimeout time of a write} goes before.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public FeatureGroupClient<R> withCallTimeout(Duration time) {
        return new FeatureGroupClient<>(definition(), store, asyncStore, settings.withTimeout(time));
    }

    /**
     * A client of the same group that does not block.
     *
     * @throws UnsupportedCapabilityException if the store was built without an asynchronous online store
     */
    public AsyncFeatureGroupClient<R> async() {
        if (asyncStore == null) {
            throw new UnsupportedCapabilityException(
                    "There is no asynchronous client of feature group '"
                            + definition().name()
                            + "': this feature store was built without an asynchronous online store. Give its builder"
                            + " one, with runtimeAsyncClient(client) on AWS or asyncOnlineStore(store) elsewhere;"
                            + " AsyncOnlineStore.over(store, executor) makes one of a blocking store",
                    definition().name(),
                    null,
                    null);
        }
        return new AsyncFeatureGroupClient<>(codec, asyncStore, settings);
    }

    /** Writes a record to every store of the group. */
    public void put(R row) {
        put(row, WriteOptions.defaults());
    }

    /**
     * Writes a record. Online it takes effect if its event time is not older than the stored record's, offline always.
     *
     * @throws RecordMappingException if the row lacks a required feature or one that another producer owns, or a value cannot
     *     be stored; nothing was sent then
     */
    public void put(R row, WriteOptions options) {
        store.put(codec.put(row, options));
    }

    /**
     * The latest record of an identifier; empty if there is none, it is deleted or its time to live is over.
     *
     * @param identifier of the Java type of the identifier feature
     */
    public Optional<R> find(Object identifier) {
        return find(identifier, List.of()).map(codec::row);
    }

    /** Some features of the latest record of an identifier; empty as {@link #find(Object)}. */
    public Optional<FeatureRecord> find(Object identifier, Feature<?> first, Feature<?>... more) {
        return find(identifier, codec.names(first, more));
    }

    private Optional<FeatureRecord> find(Object identifier, List<String> features) {
        return store.get(codec.get(identifier, features)).flatMap(stored -> codec.record(stored, features));
    }

    /** The latest records of many identifiers; those asked for twice are read once. */
    public BatchResult<R> findAll(Collection<?> identifiers) {
        return findAll(identifiers, List.of(), codec::row);
    }

    /** Some features of the latest records of many identifiers. */
    public BatchResult<FeatureRecord> findAll(Collection<?> identifiers, Feature<?> first, Feature<?>... more) {
        return findAll(identifiers, codec.names(first, more), record -> record);
    }

    private <T> BatchResult<T> findAll(
            Collection<?> identifiers, List<String> features, Function<FeatureRecord, T> mapper) {
        Map<Object, RecordKey> keys = codec.keys(identifiers);
        BatchRead.Answers answers =
                batchReader.read(keys.values(), Map.of(definition().name(), features), settings.deadline());
        return codec.result(keys, features, answers, mapper);
    }

    /**
     * Deletes a record softly: it is no longer read, and an older put stays invisible.
     *
     * @param eventTime when the record ceased to be true. Unless later than the stored record's event time the record stays
     *     readable, and the offline store has a marker all the same
     */
    public void delete(Object identifier, Instant eventTime) {
        delete(identifier, eventTime, DeletionMode.SOFT_DELETE);
    }

    /**
     * Deletes a record.
     *
     * @throws dev.featurestore.errors.InvalidRequestException for a hard delete whose event time is not later than the stored
     *     record's
     */
    public void delete(Object identifier, Instant eventTime, DeletionMode mode) {
        store.delete(codec.delete(identifier, eventTime, mode));
    }

    GroupCodec<R> codec() {
        return codec;
    }

    OnlineStore store() {
        return store;
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "client of " + definition();
    }
}
