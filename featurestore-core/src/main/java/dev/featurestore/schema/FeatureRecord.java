package dev.featurestore.schema;

import dev.featurestore.errors.RecordMappingException;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One record of a feature group: a value, or none, for each feature of the definition. Immutable; numbers are not boxed.
 *
 * <p>A record from {@link Builder#build()} has its identifier, its event time and every required feature. A record that
 * was read from a store may lack any feature: another writer, an older version of the group or a selective read left it
 * out. A value's default is not part of a record; feature views apply defaults.
 */
public final class FeatureRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    private final FeatureGroup<?> group;

    private final FeatureValues values;

    private FeatureRecord(FeatureGroup<?> group, FeatureValues values) {
        this.group = group;
        this.values = values;
    }

    /**
     * A record of values as a store gave them, complete or not.
     *
     * @param values with the columns of the group
     */
    public static FeatureRecord ofStored(FeatureGroup<?> group, FeatureValues values) {
        if (!values.columns().equals(group.columns())) {
            throw new IllegalArgumentException(
                    "The values are of " + values.columns().owner() + ", not of feature group '" + group.name() + "'");
        }
        return new FeatureRecord(group, values);
    }

    /** The definition. */
    public FeatureGroup<?> group() {
        return group;
    }

    /** All values by position, in the order of the definition. */
    public FeatureValues values() {
        return values;
    }

    /** Whether the feature has a value. */
    public boolean has(Feature<?> feature) {
        return values.isPresent(group.columns().indexOf(feature));
    }

    /** The value of the feature; empty if there is none. */
    public <T> Optional<T> find(Feature<T> feature) {
        return values.find(group.columns().indexOf(feature), feature);
    }

    /**
     * The value of the feature.
     *
     * @throws RecordMappingException if there is none
     */
    @SuppressWarnings("unchecked") // indexOf checked that the column holds this feature
    public <T> T get(Feature<T> feature) {
        return (T) values.get(group.columns().indexOf(feature));
    }

    /**
     * The stored number of an integral feature, without a box: the value itself unless a codec maps it.
     *
     * @throws RecordMappingException if there is none, or the feature is not stored as Integral
     */
    public long getLong(Feature<?> feature) {
        return values.getLong(group.columns().indexOf(feature));
    }

    /**
     * The stored number of a fractional feature, without a box: the value itself unless a codec maps it.
     *
     * @throws RecordMappingException if there is none, or the feature is not stored as Fractional
     */
    public double getDouble(Feature<?> feature) {
        return values.getDouble(group.columns().indexOf(feature));
    }

    /** The identifier's wire text. Never log it. */
    public String recordIdentifier() {
        return values.text(group.columns().indexOf(group.recordIdentifier()));
    }

    /** The event time. */
    public Instant eventTime() {
        return get(group.eventTime());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureRecord that
                && group.name().equals(that.group.name())
                && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The group and how many features have a value; no values. */
    @Override
    public String toString() {
        return values.toString();
    }

    /** Collects the values of one record; good for one {@link #build()}. Not safe for use by several threads. */
    public static final class Builder {
        private final FeatureGroup<?> group;
        private final FeatureValues.Builder values;
        private boolean built;

        Builder(FeatureGroup<?> group) {
            this.group = group;
            this.values = FeatureValues.builder(group.columns());
        }

        /**
         * Sets a feature. Null leaves it out.
         *
         * @throws RecordMappingException if the group has no such feature, it is set already, or the value cannot be stored
         */
        public <T> Builder set(Feature<T> feature, @Nullable T value) {
            int i = free(feature);
            if (value != null) {
                values.set(i, value);
            }
            return this;
        }

        /** Sets an integral feature, without a box. */
        public Builder setLong(Feature<Long> feature, long value) {
            int i = free(feature);
            if (feature.codec() == BuiltInCodecs.INTEGRAL) {
                values.setLong(i, value);
            } else {
                values.set(i, value); // a codec of the user's own stores another number
            }
            return this;
        }

        /** Sets a fractional feature, without a box. */
        public Builder setDouble(Feature<Double> feature, double value) {
            int i = free(feature);
            if (feature.codec() == BuiltInCodecs.FRACTIONAL) {
                values.setDouble(i, value);
            } else {
                values.set(i, value);
            }
            return this;
        }

        /**
         * Sets a feature by name; for rows whose shape is known only at run time. Null leaves it out.
         *
         * @throws RecordMappingException as {@link #set(Feature, Object)}, and if the value is of another Java type
         */
        public Builder set(String featureName, @Nullable Object value) {
            int i = group.columns().find(featureName);
            if (i < 0) {
                throw problem("it has no feature '" + featureName + "'; it has "
                        + group.features().size() + " features");
            }
            requireFree(i);
            if (value != null) {
                values.set(i, value);
            }
            return this;
        }

        /**
         * The record.
         *
         * @throws RecordMappingException if the identifier, the event time or a required feature is missing; names all of
         *     them
         * @throws IllegalStateException if this builder has built a record already
         */
        public FeatureRecord build() {
            requireNotBuilt();
            FeatureRecord record = new FeatureRecord(group, values.build());
            group.requireComplete(record);
            built = true;
            return record;
        }

        /** The record has the builder's own arrays. */
        private void requireNotBuilt() {
            if (built) {
                throw new IllegalStateException("This builder has built its record of feature group '" + group.name()
                        + "': take a new one for each record");
            }
        }

        private int free(Feature<?> feature) {
            int i;
            try {
                i = group.columns().indexOf(Objects.requireNonNull(feature, "feature"));
            } catch (IllegalArgumentException e) {
                throw problem(String.valueOf(e.getMessage()));
            }
            requireFree(i);
            return i;
        }

        private void requireFree(int i) {
            requireNotBuilt();
            if (values.isSet(i)) {
                throw problem("feature '" + group.columns().name(i) + "' is set twice");
            }
        }

        private RecordMappingException problem(String what) {
            return new RecordMappingException(
                    "Cannot build a record of feature group '" + group.name() + "': " + what, group.name(), null, null);
        }
    }
}
