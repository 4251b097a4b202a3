package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
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
    private static final int LIST_PAGE = 100;

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
     * Writes a record in its generic form, as a program does that has no use for the row type.
     *
     * @throws RecordMappingException if the record is of another group or a value cannot be stored; nothing was sent then
     */
    public void putRecord(FeatureRecord record, WriteOptions options) {
        store.put(codec.putRecord(record, options));
    }

    /** How many records {@link #putRecords} takes; 1 where the backend cannot write several in one request. */
    public int recordsPerRequest() {
        return store.capabilities().contains(BackendCapability.BATCH_WRITE) ? BatchWriteCommand.MAX_RECORDS : 1;
    }

    /**
     * Writes several records in one request. Some may be written and others not: look at the outcome, whose places are those
     * of the list.
     *
     * @param records 1 to {@link #recordsPerRequest}, each of another identifier
     * @return a record that cannot be stored is among its errors, and was not sent
     * @throws FeatureStoreException if the request failed as a whole
     * @throws UnsupportedCapabilityException if the backend cannot write several records in one request
     */
    public BatchWriteOutcome putRecords(List<FeatureRecord> records, WriteOptions options) {
        Map<Integer, FeatureStoreException> errors = new HashMap<>();
        List<PutCommand> puts = new ArrayList<>(records.size());
        List<Integer> places = new ArrayList<>(records.size());
        for (int place = 0; place < records.size(); place++) {
            try {
                puts.add(codec.putRecord(records.get(place), options));
                places.add(place);
            } catch (RecordMappingException e) {
                errors.put(place, e);
            }
        }
        if (puts.isEmpty() && !errors.isEmpty()) {
            return new BatchWriteOutcome(errors, List.of());
        }
        BatchWriteOutcome sent = store.batchWrite(new BatchWriteCommand(puts, codec.deadline(options)));
        sent.errors().forEach((n, failure) -> errors.put(places.get(n), failure));
        return new BatchWriteOutcome(
                errors, sent.unprocessed().stream().map(places::get).toList());
    }

    /**
     * How many write request units a put of the record takes, stamped features included; the service's exact count is not
     * documented. Sends nothing.
     *
     * @throws RecordMappingException if the put would throw it
     */
    public long writeUnits(FeatureRecord record, WriteOptions options) {
        return codec.putRecord(record, options).record().writeUnits();
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

    /**
     * The identifiers of all records that can be read, in no order, page by page as the stream is consumed. The stream
     * throws what reading a page throws, and {@link RecordMappingException} for an identifier of another type.
     *
     * @throws UnsupportedCapabilityException if the backend cannot list
     */
    public Stream<Object> listIdentifiers() {
        ListPage first = page(null);
        return Stream.iterate(
                        first, page -> page != null, page -> page.nextToken() == null ? null : page(page.nextToken()))
                .flatMap(page -> page.identifiers().stream())
                .map(codec::identifier);
    }

    private ListPage page(@Nullable String token) {
        return store.list(new ListCommand(definition().name(), false, LIST_PAGE, token, settings.deadline()));
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "client of " + definition();
    }
}
