package dev.featurestore.view;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.FingerprintMismatchException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.schema.RecordReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's input: the values of a view's columns at one time, defaults applied, and what each group gave. Immutable.
 *
 * <p>A group that failed has no values here, not even defaults: reading one of its columns, or the whole vector as an
 * array, throws that failure, so that a throttled store never looks like a card without history. Only who asks for defaults
 * in place of failures is given them, and the group's result is still that it failed.
 */
public final class FeatureVector {
    private final FeatureView view;

    private final Instant asOf;

    private final FeatureValues values;

    private final List<GroupResult> groups;

    /** Of the first group that failed. */
    private final @Nullable FeatureStoreException failure;

    /** Whether groups that failed have defaults, and nothing is thrown for them. */
    private final boolean defaulted;

    private FeatureVector(
            FeatureView view, Instant asOf, FeatureValues values, List<GroupResult> groups, boolean defaulted) {
        this.view = view;
        this.asOf = asOf;
        this.values = values;
        this.groups = groups;
        this.defaulted = defaulted;
        FeatureStoreException first = null;
        for (GroupResult group : groups) {
            if (first == null && group.failure() != null) {
                first = group.failure();
            }
        }
        this.failure = first;
    }

    /** A builder of one vector as of a time. */
    public static Builder builder(FeatureView view, Instant asOf) {
        return new Builder(view, asOf);
    }

    /**
     * A vector whose values were put together elsewhere, such as by a query: defaults applied, ages judged.
     *
     * @param values in the columns of the view
     * @param groups one for each selection, none of them failed
     */
    public static FeatureVector of(FeatureView view, Instant asOf, FeatureValues values, List<GroupResult> groups) {
        if (!values.columns().equals(view.columns())
                || groups.size() != view.selections().size()) {
            throw new IllegalArgumentException("The values of " + values.columns() + " and " + groups.size()
                    + " group results are not those of " + view);
        }
        for (int s = 0; s < groups.size(); s++) {
            if (!groups.get(s).selection().equals(view.selections().get(s).name())
                    || groups.get(s).failure() != null) {
                throw new IllegalArgumentException("Group result " + s + " is not one of selection '"
                        + view.selections().get(s).name() + "' that did not fail");
            }
        }
        return new FeatureVector(view, asOf, values, List.copyOf(groups), false);
    }

    /** The view. */
    public FeatureView view() {
        return view;
    }

    /** The time the ages were counted at: of the fetch, or of the label. */
    public Instant asOf() {
        return asOf;
    }

    /** What each group gave, in the order of the view's selections. */
    public List<GroupResult> results() {
        return groups;
    }

    /** What a selection gave. */
    public GroupResult result(String selection) {
        return groups.get(view.selectionIndex(selection));
    }

    /**
     * How old the record that a selection found was at the vector's time; empty if there was none. Negative for a record whose
     * event time was still to come.
     */
    public Optional<Duration> age(String selection) {
        return Optional.ofNullable(result(selection).eventTime()).map(eventTime -> Duration.between(eventTime, asOf));
    }

    /** Whether no group failed, defaults in its place or not. */
    public boolean isComplete() {
        return failure == null;
    }

    /** Why the first group that failed did; empty if none did. */
    public Optional<FeatureStoreException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The view's fingerprint, to be compared with the one the model was stamped with. */
    public String fingerprint() {
        return view.fingerprint();
    }

    /**
     * This vector, if the view is the one a model was trained with.
     *
     * @throws FingerprintMismatchException if it is another one
     */
    public FeatureVector requireFingerprint(String expected) {
        view.requireFingerprint(expected);
        return this;
    }

    /** Whether the column has a value, of a record or a default. */
    public boolean has(String column) {
        return values.isPresent(readable(view.columnIndex(column)));
    }

    /** The value of the column as its feature's Java type; empty if there is none. */
    public Optional<Object> find(String column) {
        int i = readable(view.columnIndex(column));
        return values.isPresent(i) ? Optional.of(values.get(i)) : Optional.empty();
    }

    /**
     * The value of the feature; empty if there is none.
     *
     * @throws IllegalArgumentException if the view does not have the feature under exactly one name
     */
    public <T> Optional<T> find(Feature<T> feature) {
        return values.find(readable(view.columnIndex(feature)), feature);
    }

    /** The value of a numeric column as a double, or NaN if there is none. */
    public double toDouble(String column) {
        return values.toDouble(readable(view.columnIndex(column)));
    }

    /**
     * All columns as doubles in the order of the view, NaN where there is no value.
     *
     * @throws dev.featurestore.errors.RecordMappingException if a column is not a number
     * @throws FeatureStoreException the failure of a group that failed
     */
    public double[] toDoubleArray() {
        requireComplete();
        double[] array = new double[values.columns().size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.toDouble(i);
        }
        return array;
    }

    /** As {@link #toDoubleArray()}, each rounded to the nearest float. */
    public float[] toFloatArray() {
        requireComplete();
        float[] array = new float[values.columns().size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) values.toDouble(i);
        }
        return array;
    }

    /** All columns as a Java record. */
    public <V extends Record> V to(RecordReader<V> reader) {
        requireComplete();
        return reader.read(values);
    }

    /**
     * The values by position.
     *
     * @throws FeatureStoreException the failure of a group that failed
     */
    public FeatureValues values() {
        requireComplete();
        return values;
    }

    /** The values by position, whatever failed: columns of a group that failed have none, unless they were given defaults. */
    public FeatureValues availableValues() {
        return values;
    }

    private void requireComplete() {
        if (failure != null && !defaulted) {
            throw failure;
        }
    }

    private int readable(int column) {
        FeatureStoreException failed = groups.get(view.selectionOf(column)).failure();
        if (failed != null && !defaulted) {
            throw failed;
        }
        return column;
    }

    /** The same view, time, values and group results; two failed groups are equal whatever the failures, stale ones fresh. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureVector that
                && view.fingerprint().equals(that.view.fingerprint())
                && asOf.equals(that.asOf)
                && values.equals(that.values)
                && sameResults(groups, that.groups);
    }

    private static boolean sameResults(List<GroupResult> left, List<GroupResult> right) {
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).status() != right.get(i).status()
                    || !Objects.equals(left.get(i).eventTime(), right.get(i).eventTime())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The view and what each group gave; no values. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(view.toString());
        for (GroupResult group : groups) {
            text.append(", ").append(group.selection()).append(' ').append(group.status());
        }
        return text.toString();
    }

    /**
     * Puts a vector together from the groups' records; the one place where ages are judged and defaults applied. Each
     * selection must be given once.
     */
    public static final class Builder {
        private final FeatureView view;
        private final Instant asOf;
        private final FeatureValues.Builder values;
        private final @Nullable GroupResult[] groups;
        private boolean defaulted;
        private int defaultsUsed;

        Builder(FeatureView view, Instant asOf) {
            this.view = view;
            this.asOf = asOf;
            this.values = FeatureValues.builder(view.columns());
            this.groups = new @Nullable GroupResult[view.selections().size()];
        }

        /**
         * The record that is latest for a selection, as the store has it; it may be too old.
         *
         * @param expiresAt when the store says the record expires; null to count the group's own time to live
         * @throws IllegalStateException if the selection was given before
         * @throws dev.featurestore.errors.RecordMappingException if the record has no event time; the selection is not given
         *     then
         */
        public Builder latest(int selection, FeatureRecord record, @Nullable Instant expiresAt) {
            return latest(selection, record, expiresAt, Duration.ZERO);
        }

        /**
         * As {@link #latest(int, FeatureRecord, Instant)}, of a record that was read before.
         *
         * @param staleness how long before the vector's time, not negative
         */
        public Builder latest(int selection, FeatureRecord record, @Nullable Instant expiresAt, Duration staleness) {
            requireFree(selection);
            GroupSelection from = view.selections().get(selection);
            Instant eventTime = record.eventTime();
            GroupResult.Status status = from.statusAt(eventTime, expiresAt, asOf);
            FeatureValues source = status == GroupResult.Status.FOUND ? record.values() : null;
            fill(selection, source);
            groups[selection] = new GroupResult(from.name(), status, eventTime, null, staleness);
            return this;
        }

        /** There is no record for a selection. */
        public Builder absent(int selection) {
            return absent(selection, Duration.ZERO);
        }

        /** There was no record for a selection when it was looked for, this long before the vector's time. */
        public Builder absent(int selection, Duration staleness) {
            requireFree(selection);
            fill(selection, null);
            groups[selection] = new GroupResult(
                    view.selections().get(selection).name(), GroupResult.Status.ABSENT, null, null, staleness);
            return this;
        }

        /** The store did not say: the selection has no values. */
        public Builder failed(int selection, FeatureStoreException failure) {
            requireFree(selection);
            groups[selection] = new GroupResult(
                    view.selections().get(selection).name(), GroupResult.Status.FAILED, null, failure, Duration.ZERO);
            return this;
        }

        /** Gives all selections that failed so far their defaults. Their results still say that they failed. */
        public Builder defaultsForFailed() {
            defaulted = true;
            for (int s = 0; s < groups.length; s++) {
                if (groups[s] != null && groups[s].failure() != null) {
                    fill(s, null);
                }
            }
            return this;
        }

        /** How many columns have been given their default so far. */
        public int defaultsUsed() {
            return defaultsUsed;
        }

        private void requireFree(int selection) {
            if (groups[selection] != null) {
                throw new IllegalStateException(
                        "Selection '" + view.selections().get(selection).name() + "' of " + view + " is given twice");
            }
        }

        private void fill(int selection, @Nullable FeatureValues source) {
            for (int i = view.firstColumn(selection); i < view.firstColumn(selection + 1); i++) {
                int j = view.groupColumn(i);
                if (source != null && source.isPresent(j)) {
                    values.copy(i, source, j);
                } else {
                    values.copy(i, view.defaults(), i);
                    if (view.defaults().isPresent(i)) {
                        defaultsUsed++;
                    }
                }
            }
        }

        /** The vector. */
        public FeatureVector build() {
            for (int i = 0; i < groups.length; i++) {
                if (groups[i] == null) {
                    throw new IllegalStateException(
                            "Selection '" + view.selections().get(i).name() + "' of " + view + " was not given");
                }
            }
            return new FeatureVector(view, asOf, values.build(), List.of(groups), defaulted);
        }
    }
}
