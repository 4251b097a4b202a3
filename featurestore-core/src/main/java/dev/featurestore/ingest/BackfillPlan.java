package dev.featurestore.ingest;

import dev.featurestore.BatchResult;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill will take, as its dry run found it.
 *
 * @param <R> the row type of the group
 */
public final class BackfillPlan<R> {
    private static final int MILLION_DIGITS = 6;

    private final RecordIngestor.Builder<R> ingestor;

    private final String id;

    private final Size size;

    private final Set<Object> sample;

    BackfillPlan(RecordIngestor.Builder<R> ingestor, String id, Size size, List<Object> sample) {
        this.ingestor = ingestor;
        this.id = id;
        this.size = size;
        this.sample = ingestor.client.definition().onlineStore().isPresent() ? new LinkedHashSet<>(sample) : Set.of();
    }

    record Size(
            long records,
            long invalid,
            long units,
            @Nullable Instant first,
            @Nullable Instant last) {}

    /** How many records can be written. */
    public long records() {
        return size.records();
    }

    /** How many rows cannot be written: no record can be made of them, or it is over the service's limits. */
    public long invalid() {
        return size.invalid();
    }

    /**
     * How many write request units the records take if the service counts a put to the offline store as any other: one for each
     * begun KB. Repeats come on top.
     */
    public long writeUnits() {
        return size.units();
    }

    /** The earliest event time; empty if there are no records. */
    public Optional<Instant> firstEventTime() {
        return Optional.ofNullable(size.first());
    }

    /** The latest event time; empty if there are no records. */
    public Optional<Instant> lastEventTime() {
        return Optional.ofNullable(size.last());
    }

    /** The least time the load takes at a quota of requests and one of write units, each a second. */
    public Duration timeAt(double recordsPerSecond, double writeUnitsPerSecond) {
        double seconds = Math.max(size.records() / recordsPerSecond, size.units() / writeUnitsPerSecond);
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }

    /** What the units cost at the price of a million, in that price's currency; exact. */
    public BigDecimal costAt(BigDecimal pricePerMillionUnits) {
        return pricePerMillionUnits.multiply(BigDecimal.valueOf(size.units())).movePointLeft(MILLION_DIGITS);
    }

    /** As {@link #run(Iterator)}. */
    public BackfillReport run(Iterable<? extends R> rows) {
        return run(rows.iterator());
    }

    /**
     * Writes the rows, and reads the sampled records online before and after.
     *
     * @param rows the same as in the dry run
     * @throws dev.featurestore.errors.FeatureStoreException if the sample cannot be read; nothing is written then if it was the
     *     first reading
     */
    public BackfillReport run(Iterator<? extends R> rows) {
        if (sample.isEmpty()) {
            return new BackfillReport(ingestor.build().run(rows), 0, 0, 0);
        }
        BatchResult<FeatureRecord> before = online();
        IngestReport ingest = ingestor.build().run(rows);
        BatchResult<FeatureRecord> after = online();
        int changed = 0;
        int unchecked = 0;
        for (Object identifier : sample) {
            if (isUnread(before, identifier) || isUnread(after, identifier)) {
                unchecked++;
            } else if (isChanged(before.found().get(identifier), after.found().get(identifier))) {
                changed++;
            }
        }
        return new BackfillReport(ingest, sample.size(), changed, unchecked);
    }

    private BatchResult<FeatureRecord> online() {
        FeatureGroupClient<R> client = ingestor.client;
        FeatureGroup<R> group = client.definition();
        return client.findAll(sample, group.recordIdentifier(), group.features().toArray(Feature<?>[]::new));
    }

    private static boolean isUnread(BatchResult<FeatureRecord> result, Object identifier) {
        return result.failed().containsKey(identifier) || result.unprocessed().contains(identifier);
    }

    /** A record that is gone expired or was deleted, which no put does. */
    private boolean isChanged(@Nullable FeatureRecord before, @Nullable FeatureRecord after) {
        if (after == null || after.equals(before)) {
            return false;
        }
        Feature<String> writeOrigin = ingestor.client.definition().provenance().writeOrigin();
        return writeOrigin == null || after.find(writeOrigin).filter(id::equals).isPresent();
    }

    /** The size of the load; nothing of its records. */
    @Override
    public String toString() {
        return "backfill '" + id + "' of " + size.records() + " records and " + size.units() + " write units, "
                + size.invalid() + " rows invalid, event times " + size.first() + " to " + size.last();
    }
}
