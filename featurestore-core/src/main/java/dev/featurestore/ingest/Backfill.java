package dev.featurestore.ingest;

import dev.featurestore.RecordWriter;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Writes history to the offline store of a group, and to that alone: what is served stays as it is. A dry run comes first; it
 * says what the load will take, and picks the records by which the load proves afterwards that nothing online changed. Where
 * the group declares a write origin each row is marked with the backfill's id, by which a bad backfill can be left out.
 *
 * @param <R> the row type of the group
 */
public final class Backfill<R> {
    private static final int SAMPLE = 100;

    private static final long SEED = 1;

    private final RecordIngestor.Builder<R> ingestor;

    private final String id;

    private final int sampleSize;

    private final long seed;

    private Backfill(RecordIngestor.Builder<R> ingestor, String id, int sampleSize, long seed) {
        this.ingestor = ingestor;
        this.id = id;
        this.sampleSize = sampleSize;
        this.seed = seed;
    }

    /**
     * A backfill that loads as this ingestor would, but to the offline store alone.
     *
     * @param id not blank, and not {@code live}
     * @throws IllegalArgumentException if the ingestor's options name the online store
     */
    public static <R> Backfill<R> of(RecordIngestor.Builder<R> ingestor, String id) {
        RecordIngestor.Builder<R> offline = ingestor.copy();
        return new Backfill<>(offline.options(offline.options.withBackfillId(id)), id, SAMPLE, SEED);
    }

    /**
     * Checks so many records online, chosen by this seed; 100 unless set.
     *
     * @param records 0 for none
     */
    public Backfill<R> withSample(int records, long randomSeed) {
        if (records < 0) {
            throw new IllegalArgumentException("A sample has no fewer than 0 records, got " + records);
        }
        return new Backfill<>(ingestor, id, records, randomSeed);
    }

    /** As {@link #dryRun(Iterator)}. */
    public BackfillPlan<R> dryRun(Iterable<? extends R> rows) {
        return dryRun(rows.iterator());
    }

    /** Reads all rows, makes a record of each, and writes nothing. */
    public BackfillPlan<R> dryRun(Iterator<? extends R> rows) {
        FeatureGroup<R> group = ingestor.client.definition();
        RecordWriter writer = RecordWriter.of(ingestor.client);
        Random random = new Random(seed);
        List<Object> sample = new ArrayList<>();
        long records = 0;
        long invalid = 0;
        long units = 0;
        Instant first = null;
        Instant last = null;
        while (rows.hasNext()) {
            R row = rows.next();
            FeatureRecord record;
            try {
                record = group.rowMapper().toRecord(group, Objects.requireNonNull(row, "row"));
                units += writer.writeUnits(record, ingestor.options);
            } catch (RuntimeException e) {
                // whatever the mapper throws, the load reports as a failure of the row
                invalid++;
                continue;
            }
            Instant time = record.eventTime();
            first = first == null || time.isBefore(first) ? time : first;
            last = last == null || time.isAfter(last) ? time : last;
            // each record has the same chance to be in the sample
            if (sample.size() < sampleSize) {
                sample.add(record.get(group.recordIdentifier()));
            } else {
                long place = random.nextLong(records + 1);
                if (place < sampleSize) {
                    sample.set((int) place, record.get(group.recordIdentifier()));
                }
            }
            records++;
        }
        return new BackfillPlan<>(ingestor, id, new BackfillPlan.Size(records, invalid, units, first, last), sample);
    }

    /** The id and the group; nothing of the records. */
    @Override
    public String toString() {
        return "backfill '" + id + "' of " + ingestor.client;
    }
}
