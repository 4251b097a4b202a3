package dev.featurestore;

import dev.featurestore.serving.ServedComparison;
import dev.featurestore.serving.ServedDifference;
import dev.featurestore.serving.ServedVectors;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;

/** A training set and the store it can be run on. Immutable; methods that refine it return changed copies. */
public final class TrainingSetClient {
    private final TrainingSet set;

    private final OfflineStore store;

    private final InstantSource clock;

    TrainingSetClient(TrainingSet set, OfflineStore store, InstantSource clock) {
        this.set = Objects.requireNonNull(set, "set");
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * A set on a store, for a program that has no other use for a {@link FeatureStore}: no online store and no administration
     * of groups. The store stays the caller's to close.
     */
    public static TrainingSetClient of(TrainingSet set, OfflineStore store) {
        return new TrainingSetClient(set, store, InstantSource.system());
    }

    /** The set as data. */
    public TrainingSet definition() {
        return set;
    }

    /** The same with another clock, which tells {@link #slices} what is new; the feature store's or the system's unless set. */
    public TrainingSetClient withClock(InstantSource instantSource) {
        return new TrainingSetClient(set, store, instantSource);
    }

    /** The same with another point-in-time rule. */
    public TrainingSetClient withPointInTime(PointInTime rule) {
        return new TrainingSetClient(set.withPointInTime(rule), store, clock);
    }

    /** The same with only the labels from {@code start}, inclusive, to {@code end}, exclusive. */
    public TrainingSetClient labelsBetween(Instant start, Instant end) {
        return new TrainingSetClient(set.labelsBetween(start, end), store, clock);
    }

    /** The same with columns that tell of the row each group gave; see {@link TrainingSet#withAudit(AuditColumn, AuditColumn...)}. */
    public TrainingSetClient withAudit(AuditColumn first, AuditColumn... more) {
        return new TrainingSetClient(set.withAudit(first, more), store, clock);
    }

    /** The same with all columns that tell of the row each group gave; see {@link TrainingSet#withAudit()}. */
    public TrainingSetClient withAudit() {
        return new TrainingSetClient(set.withAudit(), store, clock);
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

    /**
     * Builds the set in slices of label time, each a query of its own, and later only what is new of it. The set needs a
     * range of labels: {@link #labelsBetween}.
     *
     * @param target where the slices go, in the store's own terms: each gets a name of its own below it
     * @param manifest remembers what is done; one for each target, kept between runs
     * @throws IllegalArgumentException if the set has no range
     */
    public SlicedTrainingSet slices(URI target, ManifestStore manifest) {
        return SlicedTrainingSet.of(set, store, clock, target, manifest);
    }

    /**
     * Checks what the store's own query gives against the rule; see {@link #leakCheck(Spine.Source, Consumer)}. Both are run
     * in one query: for a big set, unload it first and check what was written.
     */
    public LeakReport leakCheck() {
        LeakReport.Counter counter = new LeakReport.Counter(any -> {});
        store.leakCheck(set, null, counter);
        return counter.report();
    }

    /** Checks a produced set; see {@link #leakCheck(Spine.Source, Consumer)}. */
    public LeakReport leakCheck(Spine.Source produced) {
        return leakCheck(produced, any -> {});
    }

    /**
     * Finds the rows of a produced training set that the rule does not give: later rows than the label may see, older ones,
     * deleted ones, other values. It follows the rule anew over the whole history, in a query that has nothing in common with
     * the one that makes the set, and is quadratic in the versions of an identifier. Rows of the set that are missing
     * altogether are not noticed, nor are rows outside the range of labels.
     *
     * @param produced the set's table, or a query that reads it. It has the set's columns and its event times, and its arrival
     *     times if this set has them: {@link #withAudit}
     * @param each is handed every row found
     * @throws dev.featurestore.errors.UnsupportedCapabilityException if the store cannot check
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    public LeakReport leakCheck(Spine.Source produced, Consumer<? super Leak> each) {
        LeakReport.Counter counter = new LeakReport.Counter(each);
        store.leakCheck(set, Objects.requireNonNull(produced, "produced"), counter);
        return counter.report();
    }

    /** Compares the modes; see {@link #compareModes(Consumer)}. */
    public ModeComparison compareModes() {
        return compareModes(any -> {});
    }

    /**
     * Finds the labels whose rows differ between {@code EVENT_TIME} and {@code AS_SERVED}: what training on what was true
     * would know that serving did not. The arrival unit is that of this set's rule, if it is one of what was served.
     *
     * @param each is handed every label that differs
     * @throws dev.featurestore.errors.UnsupportedCapabilityException if the store cannot compare
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    public ModeComparison compareModes(Consumer<? super ModeDifference> each) {
        ModeComparison.Counter counter = new ModeComparison.Counter(each);
        store.compareModes(set, counter);
        return counter.comparison();
    }

    /** Compares what was served with this set; see {@link #compareServed(ServedVectors, Consumer)}. */
    public ServedComparison compareServed(ServedVectors log) {
        return compareServed(log, any -> {});
    }

    /**
     * Compares the vectors that were served with the rows that this set has for the same keys and time, to the nanosecond, and
     * says for each value that differs why: {@link ServedDifference.Kind}. In {@code AS_SERVED} a set that is right differs
     * only where the offline store cannot know better; in {@code EVENT_TIME} also by all that came late.
     *
     * <p>Compare once the offline store has what was served, a quarter of an hour after the last fetch. The vectors of the log
     * that are in the range of labels are held in memory: compare a large log day by day, with {@link #labelsBetween}. The rows
     * of the set are streamed, and vectors that differ are explained up to 200 at a time by two or three small queries.
     *
     * @param log with its salt, if its keys are hashed
     * @param each is handed every vector that differs
     * @throws IllegalArgumentException if keys of the log are hashed and it was not given its salt
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    public ServedComparison compareServed(ServedVectors log, Consumer<? super ServedDifference> each) {
        return ServedComparison.of(log, set, store, each);
    }

    /** The view, the spine and the mode. */
    @Override
    public String toString() {
        return set.toString();
    }
}
