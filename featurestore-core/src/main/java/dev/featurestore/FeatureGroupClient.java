package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.schema.Provenance;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the records of one group. Blocks; safe for use by many threads.
 *
 * <p>A put replaces the whole record of its identifier: features left out are gone afterwards, whoever wrote them. Keep one
 * producer for each group, and join groups in a view.
 *
 * <p>Every method may throw a {@link FeatureStoreException}: access denied, group not found, throttled, unavailable, and for
 * writes outcome unknown.
 *
 * @param <R> the row type
 */
public final class FeatureGroupClient<R> {
    private static final int LIST_PAGE = 100;

    private final FeatureGroup<R> group;

    private final OnlineStore store;

    private final CallSettings settings;

    private final BatchReader batchReader;

    FeatureGroupClient(FeatureGroup<R> group, OnlineStore store, CallSettings settings) {
        this.group = group;
        this.store = store;
        this.settings = settings;
        this.batchReader = new BatchReader(store, settings.sleeper());
    }

    /** The definition. */
    public FeatureGroup<R> definition() {
        return group;
    }

    /** Writes a record to every store of the group. */
    public void put(R row) {
        put(row, WriteOptions.defaults());
    }

    /**
     * Writes a record. Online it takes effect if its event time is not older than the stored record's, offline always.
     *
     * @throws RecordMappingException if the row lacks a required feature or a value cannot be stored; nothing was sent then
     */
    public void put(R row, WriteOptions options) {
        FeatureRecord record = group.rowMapper().toRecord(group, row);
        WireRecord wire = WireRecord.encode(stamped(record, options));
        RecordLimits.check(group, wire);
        store.put(new PutCommand(
                group.name(), wire, options.targetStores(), options.ttl().orElse(null), settings.deadline()));
    }

    /** The record with its provenance features, whatever they held: a record read and written back arrives anew. */
    private FeatureRecord stamped(FeatureRecord record, WriteOptions options) {
        Feature<Instant> arrivalTime = group.provenance().arrivalTime();
        Feature<String> writeOrigin = group.provenance().writeOrigin();
        if (arrivalTime == null && writeOrigin == null) {
            return record;
        }
        FeatureValues.Builder values = FeatureValues.builder(group.columns());
        for (int i = 0; i < group.columns().size(); i++) {
            values.copy(i, record.values(), i);
        }
        if (arrivalTime != null) {
            values.set(group.columns().indexOf(arrivalTime), settings.clock().instant());
        }
        if (writeOrigin != null) {
            values.set(group.columns().indexOf(writeOrigin), origin(options));
        }
        return FeatureRecord.ofStored(group, values.build());
    }

    private static String origin(WriteOptions options) {
        boolean offlineOnly = options.targetStores().equals(Set.of(TargetStore.OFFLINE_STORE));
        return options.backfillId().orElse(offlineOnly ? "offline-only" : Provenance.LIVE);
    }

    /**
     * The latest record of an identifier; empty if there is none, it is deleted or its time to live is over.
     *
     * @param identifier of the Java type of the identifier feature
     */
    public Optional<R> find(Object identifier) {
        return find(identifier, List.of()).map(group.rowMapper()::fromRecord);
    }

    /** Some features of the latest record of an identifier; empty as {@link #find(Object)}. */
    public Optional<FeatureRecord> find(Object identifier, Feature<?> first, Feature<?>... more) {
        return find(identifier, names(first, more));
    }

    private Optional<FeatureRecord> find(Object identifier, List<String> features) {
        return store.get(new GetCommand(group.name(), encode(identifier), features, settings.deadline()))
                .filter(this::isAlive)
                .map(stored -> stored.record().decode(group, group.columns().keeping(features)));
    }

    /** The latest records of many identifiers; those asked for twice are read once. */
    public BatchResult<R> getAll(Collection<?> identifiers) {
        return getAll(identifiers, List.of(), group.rowMapper()::fromRecord);
    }

    /** Some features of the latest records of many identifiers. */
    public BatchResult<FeatureRecord> getAll(Collection<?> identifiers, Feature<?> first, Feature<?>... more) {
        return getAll(identifiers, names(first, more), record -> record);
    }

    private <T> BatchResult<T> getAll(
            Collection<?> identifiers, List<String> features, Function<FeatureRecord, T> mapper) {
        Map<Object, RecordKey> keys = new LinkedHashMap<>();
        identifiers.forEach(identifier -> keys.put(identifier, new RecordKey(group.name(), encode(identifier))));
        BatchReader.Answers answers =
                batchReader.read(keys.values(), Map.of(group.name(), features), settings.deadline());
        FeatureColumns columns = group.columns().keeping(features);
        Map<Object, T> found = new LinkedHashMap<>();
        List<Object> absent = new ArrayList<>();
        Map<Object, FeatureStoreException> failed = new LinkedHashMap<>();
        List<Object> unprocessed = new ArrayList<>();
        keys.forEach((identifier, key) -> {
            StoredRecord stored = answers.records().get(key);
            FeatureStoreException failure = answers.failures().get(key);
            if (answers.unprocessed().contains(key)) {
                unprocessed.add(identifier);
            } else if (failure != null) {
                failed.put(identifier, failure);
            } else if (stored == null || !isAlive(stored)) {
                absent.add(identifier);
            } else {
                try {
                    found.put(identifier, mapper.apply(stored.record().decode(group, columns)));
                } catch (RecordMappingException e) {
                    failed.put(identifier, e);
                }
            }
        });
        return new BatchResult<>(found, absent, failed, unprocessed);
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
        String time;
        try {
            time = group.eventTime().codec().encode(eventTime);
        } catch (IllegalArgumentException e) {
            throw new RecordMappingException(
                    "Cannot delete a record of feature group '" + group.name() + "': its event time: " + e.getMessage(),
                    group.name(),
                    null,
                    null);
        }
        store.delete(new DeleteCommand(group.name(), encode(identifier), time, mode, Set.of(), settings.deadline()));
    }

    /**
     * The identifiers of all records that can be read, in no order, page by page as the stream is consumed. The stream
     * throws what reading a page throws, and {@link RecordMappingException} for an identifier of another type.
     *
     * @throws dev.featurestore.errors.UnsupportedCapabilityException if the backend cannot list
     */
    public Stream<Object> listIdentifiers() {
        ListPage first = page(null);
        return Stream.iterate(
                        first, page -> page != null, page -> page.nextToken() == null ? null : page(page.nextToken()))
                .flatMap(page -> page.identifiers().stream())
                .map(this::decodeIdentifier);
    }

    /** What a codec throws may quote the identifier, so it is neither passed on nor kept as the cause. */
    private Object decodeIdentifier(String text) {
        Feature<?> identifier = group.recordIdentifier();
        try {
            return identifier.codec().decode(text);
        } catch (RuntimeException e) {
            throw new RecordMappingException(
                    "Cannot list feature group '" + group.name() + "': a stored record identifier cannot be read as '"
                            + identifier.name() + "', which is "
                            + identifier.codec().name(),
                    group.name(),
                    null,
                    null);
        }
    }

    private ListPage page(@Nullable String token) {
        return store.list(new ListCommand(group.name(), false, LIST_PAGE, token, settings.deadline()));
    }

    private boolean isAlive(StoredRecord stored) {
        return stored.expiresAt() == null || settings.clock().instant().isBefore(stored.expiresAt());
    }

    private String encode(Object identifier) {
        String text = group.encodeIdentifier(identifier);
        RecordLimits.checkIdentifier(group, text);
        return text;
    }

    private List<String> names(Feature<?> first, Feature<?>... more) {
        List<Feature<?>> features = new ArrayList<>(List.of(first));
        features.addAll(Arrays.asList(more));
        features.forEach(group.columns()::indexOf);
        return features.stream().map(Feature::name).toList();
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "client of " + group;
    }
}
