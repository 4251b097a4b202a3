package dev.featurestore;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.time.Instant;

/** A training set and the store it can be run on. Immutable; methods that refine it return changed copies. */
public final class TrainingSetClient {
    private final TrainingSet set;

    private final OfflineStore store;

    TrainingSetClient(TrainingSet set, OfflineStore store) {
        this.set = set;
        this.store = store;
    }

    /** The set as data. */
    public TrainingSet definition() {
        return set;
    }

    /** The same with another point-in-time rule. */
    public TrainingSetClient with(PointInTime rule) {
        return new TrainingSetClient(set.with(rule), store);
    }

    /** The same with only the labels from {@code start}, inclusive, to {@code end}, exclusive. */
    public TrainingSetClient labelsBetween(Instant start, Instant end) {
        return new TrainingSetClient(set.labelsBetween(start, end), store);
    }

    /** The same with the event time of each group's row behind the view's columns; see {@link TrainingSet#withEventTimes}. */
    public TrainingSetClient withEventTimes() {
        return new TrainingSetClient(set.withEventTimes(), store);
    }

    /** The query, to look at or to run elsewhere. Nothing is run. */
    public String sql(SqlDialect dialect, TableNames tables) {
        return dialect.render(set, tables);
    }

    /** Runs the query and streams its rows in no order. Close what is returned. */
    public TrainingRows run() {
        return store.run(set);
    }

    /**
     * Runs the query and writes its rows as Parquet files.
     *
     * @param target where to, in the store's own terms; must hold nothing yet
     * @return the number of rows; -1 if the engine does not tell
     */
    public long unload(URI target) {
        return store.unload(set, target);
    }

    /** The view, the spine and the mode. */
    @Override
    public String toString() {
        return set.toString();
    }
}
