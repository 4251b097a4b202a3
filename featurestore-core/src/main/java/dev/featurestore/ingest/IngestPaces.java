package dev.featurestore.ingest;

import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import java.util.List;

/** The paces of one load: one by records, which is there without a limit as well, and one by write units. */
final class IngestPaces {
    private final Pace records;

    private final Pace units;

    private final boolean countsUnits;

    IngestPaces(RecordIngestor.Builder<?> settings) {
        this.records = new Pace(settings.recordsPerSecond, settings.nanoTime);
        this.units = new Pace(settings.writeUnitsPerSecond, settings.nanoTime);
        this.countsUnits = !Double.isInfinite(settings.writeUnitsPerSecond);
    }

    /** What a put of the record takes; not counted without need. */
    long units(FeatureRecord record) {
        return countsUnits ? WireRecord.encode(record).writeUnits() : 1;
    }

    /** How many nanoseconds to wait before the records are sent. */
    long reserve(List<IngestLanes.Work> works) {
        long wait = records.reserve(works.size());
        if (!countsUnits) {
            return wait;
        }
        long sum = 0;
        for (IngestLanes.Work work : works) {
            sum += work.units;
        }
        return Math.max(wait, units.reserve(sum));
    }

    void throttled() {
        records.throttled();
        if (countsUnits) {
            units.throttled();
        }
    }
}
