package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes records of one group in their generic form, one or several in a request: what writers of many records are made of,
 * such as those of {@code dev.featurestore.ingest}. Stamps and checks records as the group's client does. Blocks; safe for use
 * by many threads.
 */
public final class RecordWriter {
    private final GroupCodec<?> codec;

    private final OnlineStore store;

    private RecordWriter(GroupCodec<?> codec, OnlineStore store) {
        this.codec = codec;
        this.store = store;
    }

    /** Writes to the group of a client, and to its store. */
    public static RecordWriter of(FeatureGroupClient<?> client) {
        return new RecordWriter(client.codec(), client.store());
    }

    /**
     * Writes a record.
     *
     * @throws RecordMappingException if the record is of another group, lacks what another producer owns, or a value cannot
     *     be stored; nothing was sent then
     */
    public void put(FeatureRecord record, WriteOptions options) {
        store.put(codec.putRecord(record, options));
    }

    /** How many records {@link #putAll} takes; 1 where the backend cannot write several in one request. */
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
    public BatchWriteOutcome putAll(List<FeatureRecord> records, WriteOptions options) {
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

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "record writer of " + codec.group();
    }
}
