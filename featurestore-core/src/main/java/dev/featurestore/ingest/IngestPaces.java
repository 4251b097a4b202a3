package dev.featurestore.ingest;

import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;

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

    /** How many nanoseconds to wait before the request. */
    long reserve(long units) {
        long wait = records.reserve(1);
        return countsUnits ? Math.max(wait, this.units.reserve(units)) : wait;
    }

    void throttled() {
        records.throttled();
        if (countsUnits) {
            units.throttled();
        }
    }
}
