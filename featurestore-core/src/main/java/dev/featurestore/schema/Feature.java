package dev.featurestore.schema;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A typed feature: a name, the Java type of its values and how they are stored. Declare it once as a constant, and use
 * the constant to define groups and views and to read and write values.
 *
 * <p>Immutable. Methods starting with {@code with}, {@link #required()} and {@link #ownedBy} return a changed copy, so call them where the
 * constant is declared. The name is checked when a group is built, together with everything else.
 *
 * @param <T> the Java type of the values
 */
public final class Feature<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;

    private final FeatureCodec<T> codec;

    private final boolean required;

    /** As wire text: it serializes whatever T is, and is what SQL and the fingerprint need. */
    private final @Nullable String defaultText;

    private final String description;

    private final @Nullable String owner;

    private Feature(
            String name,
            FeatureCodec<T> codec,
            boolean required,
            @Nullable String defaultText,
            String description,
            @Nullable String owner) {
        this.name = Objects.requireNonNull(name, "name");
        this.codec = Objects.requireNonNull(codec, "codec");
        this.required = required;
        this.defaultText = defaultText;
        this.description = Objects.requireNonNull(description, "description");
        this.owner = owner;
    }

    /** Text, possibly empty, stored as String. */
    public static Feature<String> string(String name) {
        return of(name, BuiltInCodecs.STRING);
    }

    /** A 64-bit integer, stored as Integral. */
    public static Feature<Long> integral(String name) {
        return of(name, BuiltInCodecs.INTEGRAL);
    }

    /** A finite double, stored as Fractional. NaN and infinities are refused: leave the feature out instead. */
    public static Feature<Double> fractional(String name) {
        return of(name, BuiltInCodecs.FRACTIONAL);
    }

    /** An event time as UTC text with 9 fraction digits, the library's default. */
    public static Feature<Instant> eventTime(String name) {
        return eventTime(name, EventTimeFormat.iso8601(9));
    }

    /** An event time in the given format. */
    public static Feature<Instant> eventTime(String name, EventTimeFormat format) {
        return of(name, format.codec());
    }

    /** An instant between the years 0000 and 9999, stored as UTC text with 9 fraction digits. */
    public static Feature<Instant> instant(String name) {
        return of(name, BuiltInCodecs.INSTANT);
    }

    /** A 32-bit integer, stored as Integral; reading refuses larger numbers. */
    public static Feature<Integer> integer(String name) {
        return of(name, BuiltInCodecs.INTEGER);
    }

    /** A finite float, stored as Fractional; reading refuses numbers that a float does not hold exactly. */
    public static Feature<Float> float32(String name) {
        return of(name, BuiltInCodecs.FLOAT);
    }

    /** A boolean, stored as Integral 0 or 1, so that a model sees a number. */
    public static Feature<Boolean> bool(String name) {
        return of(name, BuiltInCodecs.BOOLEAN);
    }

    /** A constant of an enum, stored as its name. */
    public static <E extends Enum<E>> Feature<E> enumeration(String name, Class<E> type) {
        return of(name, BuiltInCodecs.enumeration(type));
    }

    /** A date without time or zone, stored as text such as {@code 2025-01-31}. */
    public static Feature<LocalDate> localDate(String name) {
        return of(name, BuiltInCodecs.LOCAL_DATE);
    }

    /** A decimal number with any number of digits and its scale, up to a thousand million, stored as text. Not a number to a model. */
    public static Feature<BigDecimal> decimal(String name) {
        return of(name, BuiltInCodecs.DECIMAL);
    }

    /** A duration to the nanosecond, stored as ISO 8601 text such as {@code PT8H6M12.345S}. */
    public static Feature<Duration> duration(String name) {
        return of(name, BuiltInCodecs.DURATION);
    }

    /** An ordered list. Only in groups with {@link OnlineStorageType#IN_MEMORY}. */
    public static <E> Feature<List<E>> list(String name, FeatureCodec<E> elements) {
        return of(name, CollectionCodec.list(elements));
    }

    /** A set. Only in groups with {@link OnlineStorageType#IN_MEMORY}. */
    public static <E> Feature<Set<E>> set(String name, FeatureCodec<E> elements) {
        return of(name, CollectionCodec.set(elements));
    }

    /**
     * A vector of a fixed number of doubles. Only in groups with {@link OnlineStorageType#IN_MEMORY}, one a group.
     *
     * @param dimension 1 to 8192
     */
    public static Feature<List<Double>> vector(String name, int dimension) {
        return of(name, CollectionCodec.vector(dimension));
    }

    /** A feature with a codec of your own. */
    public static <T> Feature<T> of(String name, FeatureCodec<T> codec) {
        return new Feature<>(name, codec, false, null, "", null);
    }

    /** A copy that must be present in every record that is written. */
    public Feature<T> required() {
        return new Feature<>(name, codec, true, defaultText, description, owner);
    }

    /**
     * A copy with the value that a feature view gives where there is none, in serving and in training alike. A default is
     * never stored: a record read from a group still has no value.
     *
     * @throws IllegalArgumentException if the feature is a collection or its codec cannot keep the value
     */
    public Feature<T> withDefault(T value) {
        Objects.requireNonNull(value, "value");
        if (collection().isPresent()) {
            throw new IllegalArgumentException("Feature '" + name + "' is a collection and cannot have a default");
        }
        String text;
        try {
            text = codec.encode(value);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "The default of feature '" + name + "' cannot be stored: " + UnstorableValueException.describe(e));
        }
        return new Feature<>(name, codec, required, text, description, owner);
    }

    /** A copy with a description, at most 255 characters, which goes into the group's feature metadata. */
    public Feature<T> withDescription(String text) {
        return new Feature<>(name, codec, required, defaultText, text, owner);
    }

    /**
     * A copy that this producer alone makes values of. Where several write to one group, a put by another one that leaves
     * the feature out is refused: a put replaces the whole record, and the value would be gone. Better is a group for each
     * producer, joined in a view.
     *
     * @param producer as in {@link dev.featurestore.WriteOptions#withProducer(String)}; not blank
     */
    public Feature<T> ownedBy(String producer) {
        if (producer.isBlank()) {
            throw new IllegalArgumentException("The owner of feature '" + name + "' needs a name that is not blank");
        }
        return new Feature<>(name, codec, required, defaultText, description, producer);
    }

    /** The name, as stored; unique in its group whatever its case. */
    public String name() {
        return name;
    }

    /** How values are stored. */
    public FeatureCodec<T> codec() {
        return codec;
    }

    /** The stored type; for a collection, of its elements. */
    public FeatureType type() {
        return codec.type();
    }

    /** The collection codec, if this is a collection feature. */
    public Optional<CollectionCodec<?>> collection() {
        return codec instanceof CollectionCodec<?> collection ? Optional.of(collection) : Optional.empty();
    }

    /** Whether every record must have a value. */
    public boolean isRequired() {
        return required;
    }

    /** The value given where there is none, if there is such a default. */
    public Optional<T> defaultValue() {
        return Optional.ofNullable(defaultText).map(codec::decode);
    }

    /** The default as wire text. */
    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /** The description; empty if there is none. */
    public String description() {
        return description;
    }

    /** The producer that makes its values; empty if any may. */
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    /**
     * Whether this and the other are the same stored thing: name, type, codec and Java type are equal. Defaults,
     * descriptions, owners and whether a value is required do not count.
     */
    @SuppressWarnings("ReferenceEquality") // the usual case, and much the cheaper
    public boolean sameAs(Feature<?> other) {
        return this == other
                || (name.equals(other.name)
                        && codec.type() == other.codec.type()
                        && codec.javaType() == other.codec.javaType()
                        && codec.name().equals(other.codec.name()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Feature<?> that
                && sameAs(that)
                && required == that.required
                && Objects.equals(defaultText, that.defaultText)
                && description.equals(that.description)
                && Objects.equals(owner, that.owner);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name and codec, such as {@code amount:fractional}. */
    @Override
    public String toString() {
        return name + ":" + codec.name();
    }
}
