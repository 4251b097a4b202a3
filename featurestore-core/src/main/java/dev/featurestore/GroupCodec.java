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
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
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

/**
 * What the clients of one group have in common: rows and identifiers become commands, answers become rows and verdicts. It
 * sends nothing. Whatever it throws for was not sent.
 *
 * @param <R> the row type
 */
final class GroupCodec<R> {
    private final FeatureGroup<R> group;

    private final CallSettings settings;

    private final ProducerGuard producers;

    GroupCodec(FeatureGroup<R> group, CallSettings settings) {
        this.group = group;
        this.settings = settings;
        this.producers = new ProducerGuard(group);
    }

    FeatureGroup<R> group() {
        return group;
    }

    PutCommand put(R row, WriteOptions options) {
        return putRecord(group.rowMapper().toRecord(group, row), options);
    }

    PutCommand putRecord(FeatureRecord record, WriteOptions options) {
        if (!record.values().columns().equals(group.columns())) {
            throw new RecordMappingException(
                    "Cannot put a record of " + record.group() + " to feature group '" + group.name()
                            + "': they have other features",
                    group.name(),
                    null,
                    null);
        }
        producers.check(record, options);
        WireRecord wire = WireRecord.encode(stamped(record, options));
        RecordLimits.check(group, wire);
        return new PutCommand(
                group.name(), wire, options.targetStores(), options.ttl().orElse(null), deadline(options));
    }

    Deadline deadline(WriteOptions options) {
        return options.timeout().map(settings::deadline).orElseGet(settings::deadline);
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

    /** @param features the features wanted; empty for all */
    GetCommand get(Object identifier, List<String> features) {
        return new GetCommand(group.name(), encode(identifier), features, settings.deadline());
    }

    DeleteCommand delete(Object identifier, Instant eventTime, DeletionMode mode) {
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
        return new DeleteCommand(group.name(), encode(identifier), time, mode, Set.of(), settings.deadline());
    }

    /**
     * The record; empty if its time to live is over.
     *
     * @param features those that were asked for; empty for all
     */
    Optional<FeatureRecord> record(StoredRecord stored, List<String> features) {
        return isAlive(stored)
                ? Optional.of(stored.record().decode(group, group.columns().keeping(features)))
                : Optional.empty();
    }

    R row(FeatureRecord record) {
        return group.rowMapper().fromRecord(record);
    }

    /** The keys of the identifiers, each once, in the order first asked for. */
    Map<Object, RecordKey> keys(Collection<?> identifiers) {
        Map<Object, RecordKey> keys = new LinkedHashMap<>();
        identifiers.forEach(identifier -> keys.put(identifier, new RecordKey(group.name(), encode(identifier))));
        return keys;
    }

    /**
     * The verdict on each key.
     *
     * @param features those that were asked for; empty for all
     */
    <T> BatchResult<T> result(
            Map<Object, RecordKey> keys,
            List<String> features,
            BatchRead.Answers answers,
            Function<FeatureRecord, T> mapper) {
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

    private boolean isAlive(StoredRecord stored) {
        return stored.expiresAt() == null || settings.clock().instant().isBefore(stored.expiresAt());
    }

    private String encode(Object identifier) {
        String text = group.encodeIdentifier(identifier);
        RecordLimits.checkIdentifier(group, text);
        return text;
    }

    /** The names of features of this group. */
    List<String> names(Feature<?> first, Feature<?>... more) {
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
