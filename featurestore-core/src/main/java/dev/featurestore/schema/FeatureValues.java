package dev.featurestore.schema;

import dev.featurestore.errors.RecordMappingException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable row of typed values: what a {@link FeatureRecord} and a feature vector are made of. Numbers are kept as
 * they are, without a box each. Columns are addressed by position; a column may have no value.
 *
 * <p>Two rows are equal when they have the same columns and the same values, doubles bit for bit.
 */
public final class FeatureValues implements Serializable {
    private static final long serialVersionUID = 1L;

    private final transient FeatureColumns columns;

    private final transient long[] numbers;

    private final transient @Nullable Object[] objects;

    private final transient long[] present;

    private FeatureValues(FeatureColumns columns, long[] numbers, @Nullable Object[] objects, long[] present) {
        this.columns = columns;
        this.numbers = numbers;
        this.objects = objects;
        this.present = present;
    }

    /** A builder with no value in any column. */
    public static Builder builder(FeatureColumns columns) {
        return new Builder(columns);
    }

    /** The columns. */
    public FeatureColumns columns() {
        return columns;
    }

    /** Whether column i has a value. */
    public boolean isPresent(int i) {
        return (present[i >> 6] & 1L << i) != 0;
    }

    /**
     * The value of column i as its feature's Java type.
     *
     * @throws RecordMappingException if there is none, or it cannot be read as that type
     */
    public Object get(int i) {
        requirePresent(i);
        return decode(i, columns.feature(i).codec());
    }

    /** The value of column i, which must hold this feature; empty if there is none. */
    public <T> Optional<T> find(int i, Feature<T> feature) {
        return isPresent(i) ? Optional.of(decode(i, feature.codec())) : Optional.empty();
    }

    /** The number of an integral column. */
    public long getLong(int i) {
        requireType(i, FeatureType.INTEGRAL);
        return numbers[columns.slot(i)];
    }

    /** The number of a fractional column. */
    public double getDouble(int i) {
        requireType(i, FeatureType.FRACTIONAL);
        return Double.longBitsToDouble(numbers[columns.slot(i)]);
    }

    /**
     * The number of an integral or fractional column as a double, or NaN if it has no value. Integers beyond 2^53 are
     * rounded to the nearest double.
     *
     * @throws RecordMappingException if the column holds text or a collection
     */
    public double toDouble(int i) {
        int slot = columns.slot(i);
        if (slot < 0) {
            throw new RecordMappingException("Column '" + columns.name(i) + "' of " + columns.owner() + " is "
                    + columns.feature(i).codec().name()
                    + ", not a number: select a numeric feature for the model, or read it by its name");
        }
        if (!isPresent(i)) {
            return Double.NaN;
        }
        return columns.feature(i).type() == FeatureType.INTEGRAL
                ? (double) numbers[slot]
                : Double.longBitsToDouble(numbers[slot]);
    }

    /**
     * The wire text of a scalar column that has a value.
     *
     * @throws RecordMappingException if there is none, or the codec writes no text for what was read: an event time read
     *     from another writer may be finer than the group's format
     */
    public String text(int i) {
        requirePresent(i);
        try {
            return encode(i);
        } catch (RuntimeException e) {
            throw cannotWrite(columns, i, e);
        }
    }

    private String encode(int i) {
        int slot = columns.slot(i);
        FeatureCodec<?> codec = columns.feature(i).codec();
        if (codec instanceof FeatureCodec.OfFractional<?> fractional) {
            return fractional.textOf(Double.longBitsToDouble(numbers[slot]));
        }
        return slot >= 0 ? WireText.ofLong(numbers[slot]) : encode(codec, Objects.requireNonNull(objects[~slot]));
    }

    /** The wire texts of a collection column that has a value. */
    @SuppressWarnings("unchecked") // what decodeAll gave, or what the builder checked
    public List<String> texts(int i) {
        requirePresent(i);
        FeatureCodec<?> codec = columns.feature(i).codec();
        Object value = Objects.requireNonNull(objects[~columns.slot(i)]);
        return ((CollectionCodec<java.util.Collection<?>>) codec).encodeAll((java.util.Collection<?>) value);
    }

    @SuppressWarnings("unchecked") // the builder checked the value against the codec's Java type
    private static <T> String encode(FeatureCodec<T> codec, Object value) {
        return codec.encode((T) value);
    }

    @SuppressWarnings("unchecked") // objects hold what the column's codec gave
    private <T> T decode(int i, FeatureCodec<T> codec) {
        int slot = columns.slot(i);
        try {
            if (codec instanceof FeatureCodec.OfIntegral<T> integral) {
                return integral.fromLong(numbers[slot]);
            }
            if (codec instanceof FeatureCodec.OfFractional<T> fractional) {
                return fractional.fromDouble(Double.longBitsToDouble(numbers[slot]));
            }
            return (T) Objects.requireNonNull(objects[~slot]);
        } catch (RuntimeException e) {
            throw cannotRead(columns, i, e);
        }
    }

    private void requirePresent(int i) {
        if (!isPresent(i)) {
            throw new RecordMappingException("Column '" + columns.name(i) + "' of " + columns.owner()
                    + " has no value: ask with find or has first, or give the feature a default");
        }
    }

    private void requireType(int i, FeatureType type) {
        if (columns.slot(i) < 0 || columns.feature(i).type() != type) {
            throw new RecordMappingException("Column '" + columns.name(i) + "' of " + columns.owner() + " is "
                    + columns.feature(i).codec().name() + ", not " + type);
        }
        requirePresent(i);
    }

    private static RecordMappingException cannotWrite(FeatureColumns columns, int i, RuntimeException failure) {
        return new RecordMappingException("Cannot write column '" + columns.name(i) + "' of " + columns.owner() + " as "
                + columns.feature(i).codec().name() + ": " + UnstorableValueException.describe(failure));
    }

    private static RecordMappingException cannotRead(FeatureColumns columns, int i, RuntimeException failure) {
        return new RecordMappingException("Cannot read column '" + columns.name(i) + "' of " + columns.owner() + " as "
                + columns.feature(i).codec().name() + ": " + UnstorableValueException.describe(failure));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof FeatureValues that)
                || !Arrays.equals(present, that.present)
                || !columns.equals(that.columns)) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (isPresent(i) && !stored(i).equals(that.stored(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < columns.size(); i++) {
            hash = 31 * hash + (isPresent(i) ? stored(i).hashCode() : 0);
        }
        return hash;
    }

    /** The value of a column that has one as it is kept: for a number, its bits. */
    private Object stored(int i) {
        int slot = columns.slot(i);
        return slot >= 0 ? (Object) numbers[slot] : Objects.requireNonNull(objects[~slot]);
    }

    /** The owner and how many columns have a value; no values. */
    @Override
    public String toString() {
        int count = 0;
        for (long word : present) {
            count += Long.bitCount(word);
        }
        return columns.owner() + ": " + count + " of " + columns.size() + " values";
    }

    /** As wire text, so that values of any Java type can be serialized. */
    private Object writeReplace() {
        List<@Nullable Object> texts = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            if (!isPresent(i)) {
                texts.add(null);
            } else if (columns.slot(i) < 0 && objects[~columns.slot(i)] instanceof Instant time) {
                texts.add(time); // may be finer than its format writes
            } else {
                texts.add(columns.feature(i).codec() instanceof CollectionCodec ? new ArrayList<>(texts(i)) : text(i));
            }
        }
        return new Serialized(columns, texts);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("Read through its serialized form only");
    }

    /** Each text a String, an Instant, a list of strings, or null. */
    private record Serialized(FeatureColumns columns, List<@Nullable Object> texts) implements Serializable {
        private Object readResolve() {
            Builder builder = builder(columns);
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i) instanceof String text) {
                    builder.setText(i, text);
                } else if (texts.get(i) instanceof Instant time) {
                    builder.objects[~columns.slot(i)] = time;
                    builder.mark(i);
                } else if (texts.get(i) instanceof List<?> elements) {
                    builder.setTexts(
                            i, elements.stream().map(String.class::cast).toList());
                }
            }
            return builder.build();
        }
    }

    /** Fills a row; good for one {@link #build()}. Not safe for use by several threads. */
    public static final class Builder {
        private final FeatureColumns columns;
        private final long[] numbers;
        private final @Nullable Object[] objects;
        private final long[] present;

        private Builder(FeatureColumns columns) {
            this.columns = columns;
            this.numbers = new long[columns.numberCount()];
            this.objects = new @Nullable Object[columns.objectCount()];
            this.present = new long[(columns.size() + 63) >> 6];
        }

        /** Whether column i has been given a value. */
        public boolean isSet(int i) {
            return (present[i >> 6] & 1L << i) != 0;
        }

        /**
         * Gives column i a value of its feature's Java type.
         *
         * @throws RecordMappingException if it is of another type or cannot be stored exactly
         */
        public Builder set(int i, Object value) {
            return setTyped(i, columns.feature(i), value);
        }

        @SuppressWarnings("unchecked") // checked against the codec's Java type
        private <T> Builder setTyped(int i, Feature<T> feature, Object value) {
            FeatureCodec<T> codec = feature.codec();
            if (!codec.javaType().isInstance(value)) {
                throw new RecordMappingException("Cannot write column '" + columns.name(i) + "' of " + columns.owner()
                        + ": expected a value of type " + codec.javaType().getSimpleName() + ", got "
                        + (value == null
                                ? "null; leave the feature out instead"
                                : value.getClass().getSimpleName()));
            }
            int slot = columns.slot(i);
            try {
                if (codec instanceof FeatureCodec.OfIntegral<T> integral) {
                    numbers[slot] = integral.toLong((T) value);
                } else if (codec instanceof FeatureCodec.OfFractional<T> fractional) {
                    numbers[slot] = finiteBits(fractional.toDouble((T) value));
                } else if (codec instanceof CollectionCodec<?> collection) {
                    List<String> texts = ((CollectionCodec<java.util.Collection<?>>) collection)
                            .encodeAll((java.util.Collection<?>) value);
                    objects[~slot] = collection.decodeAll(texts);
                } else {
                    codec.encode((T) value);
                    objects[~slot] = value;
                }
            } catch (RuntimeException e) {
                throw cannotWrite(columns, i, e);
            }
            return mark(i);
        }

        /** Gives an integral column the number to store. */
        public Builder setLong(int i, long stored) {
            requireType(i, FeatureType.INTEGRAL);
            numbers[columns.slot(i)] = stored;
            return mark(i);
        }

        /** Gives a fractional column the number to store; finite. */
        public Builder setDouble(int i, double stored) {
            requireType(i, FeatureType.FRACTIONAL);
            try {
                numbers[columns.slot(i)] = finiteBits(stored);
            } catch (UnstorableValueException e) {
                throw cannotWrite(columns, i, e);
            }
            return mark(i);
        }

        /**
         * Gives a scalar column its wire text.
         *
         * @throws RecordMappingException if the column's codec cannot read it
         */
        public Builder setText(int i, String text) {
            FeatureCodec<?> codec = columns.feature(i).codec();
            int slot = columns.slot(i);
            try {
                if (codec instanceof FeatureCodec.OfIntegral<?>) {
                    numbers[slot] = WireText.parseLong(text);
                } else if (codec instanceof FeatureCodec.OfFractional<?> fractional) {
                    numbers[slot] = Double.doubleToRawLongBits(fractional.parse(text));
                } else if (codec instanceof CollectionCodec) {
                    throw new UnstorableValueException("expected a list of texts, got one text");
                } else {
                    objects[~slot] = codec.decode(text);
                }
            } catch (RuntimeException e) {
                throw cannotRead(columns, i, e);
            }
            return mark(i);
        }

        /** Gives a collection column its wire texts. */
        public Builder setTexts(int i, List<String> texts) {
            try {
                if (!(columns.feature(i).codec() instanceof CollectionCodec<?> collection)) {
                    throw new UnstorableValueException("expected one text, got a list of " + texts.size());
                }
                objects[~columns.slot(i)] = collection.decodeAll(texts);
            } catch (RuntimeException e) {
                throw cannotRead(columns, i, e);
            }
            return mark(i);
        }

        /** Gives column i the value that column j of another row has, if it has one; both hold the same feature. */
        public Builder copy(int i, FeatureValues from, int j) {
            if (!columns.feature(i).sameAs(from.columns.feature(j))) {
                throw new IllegalArgumentException("Column '" + columns.name(i) + "' of " + columns.owner()
                        + " does not hold the feature of column '" + from.columns.name(j) + "' of "
                        + from.columns.owner());
            }
            if (!from.isPresent(j)) {
                return this;
            }
            int slot = columns.slot(i);
            if (slot >= 0) {
                numbers[slot] = from.numbers[from.columns.slot(j)];
            } else {
                objects[~slot] = from.objects[~from.columns.slot(j)];
            }
            return mark(i);
        }

        /** The row. The builder must not be used again. */
        public FeatureValues build() {
            return new FeatureValues(columns, numbers, objects, present);
        }

        private Builder mark(int i) {
            present[i >> 6] |= 1L << i;
            return this;
        }

        private void requireType(int i, FeatureType type) {
            if (columns.slot(i) < 0 || columns.feature(i).type() != type) {
                throw new RecordMappingException("Cannot write column '" + columns.name(i) + "' of " + columns.owner()
                        + ": expected a value for " + columns.feature(i).codec().name() + ", got "
                        + (type == FeatureType.INTEGRAL ? "a long" : "a double"));
            }
        }

        private static long finiteBits(double value) {
            WireText.requireFinite(value);
            return Double.doubleToRawLongBits(value);
        }
    }
}
