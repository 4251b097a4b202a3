package dev.featurestore.schema;

import java.io.Serializable;
import java.util.function.Function;

/**
 * How values of a Java type are stored in one of the service's three types.
 *
 * <p>The law every codec keeps: reading back what was written gives an equal value, for every value it accepts; a value
 * it cannot keep exactly it refuses with an {@link IllegalArgumentException} whose message does not hold the value. No
 * codec accepts or returns null: a missing value is a feature left out of the record.
 *
 * <p>Codecs are immutable, safe for use by many threads, and {@link Serializable}, so that definitions can travel into
 * Spark closures. To add your own, use a factory here or implement one of the three interfaces.
 *
 * @param <T> the Java type
 */
public sealed interface FeatureCodec<T> extends Serializable
        permits FeatureCodec.OfString, FeatureCodec.OfIntegral, FeatureCodec.OfFractional, CollectionCodec {

    /**
     * The stable name of the mapping, which goes into the JSON form and the fingerprint of a view: two codecs of one name
     * and type must write the same text for the same value. Change it when the meaning of the stored text changes.
     */
    String name();

    /** The Java type of the values, in its boxed form. */
    Class<?> javaType();

    /** The type of the stored value; for a collection, of its elements. */
    FeatureType type();

    /**
     * The wire text of a value. Only for scalars.
     *
     * @throws IllegalArgumentException if the value cannot be stored exactly
     */
    String encode(T value);

    /**
     * The value of a wire text. Only for scalars.
     *
     * @throws IllegalArgumentException if the text is not one that this codec reads
     */
    T decode(String text);

    /** A codec that stores text. */
    non-sealed interface OfString<T> extends FeatureCodec<T> {
        @Override
        default FeatureType type() {
            return FeatureType.STRING;
        }
    }

    /** A codec that stores a 64-bit integer. */
    non-sealed interface OfIntegral<T> extends FeatureCodec<T> {
        /** The stored number of a value. */
        long toLong(T value);

        /** The value of a stored number. */
        T fromLong(long stored);

        @Override
        default FeatureType type() {
            return FeatureType.INTEGRAL;
        }

        @Override
        default String encode(T value) {
            return WireText.ofLong(toLong(value));
        }

        @Override
        default T decode(String text) {
            return fromLong(WireText.parseLong(text));
        }
    }

    /** A codec that stores a finite double. */
    non-sealed interface OfFractional<T> extends FeatureCodec<T> {
        /** The stored number of a value; finite. */
        double toDouble(T value);

        /** The value of a stored number. */
        T fromDouble(double stored);

        /** The wire text of a stored number; the shortest usual decimal form unless the codec needs another. */
        default String textOf(double stored) {
            return WireText.ofDouble(stored);
        }

        /** The stored number of a wire text. */
        default double parse(String text) {
            return WireText.parseDouble(text);
        }

        @Override
        default FeatureType type() {
            return FeatureType.FRACTIONAL;
        }

        @Override
        default String encode(T value) {
            return textOf(toDouble(value));
        }

        @Override
        default T decode(String text) {
            return fromDouble(parse(text));
        }
    }

    /** A function that can travel with a definition. */
    interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

    /**
     * A codec of your own type that is stored as text.
     *
     * @param name see {@link #name()}; must not be the name of a built-in codec
     * @param encode never returns null; throws {@link IllegalArgumentException} for what it cannot keep
     * @param decode the inverse; throws {@link IllegalArgumentException} for a text it cannot read
     */
    static <T> FeatureCodec<T> string(
            String name,
            Class<T> javaType,
            SerializableFunction<T, String> encode,
            SerializableFunction<String, T> decode) {
        return BuiltInCodecs.custom(new BuiltInCodecs.MappedString<>(name, javaType, encode, decode));
    }

    /** A codec of your own type that is stored as an integer; otherwise as {@link #string}. */
    static <T> FeatureCodec<T> integral(
            String name,
            Class<T> javaType,
            SerializableFunction<T, Long> encode,
            SerializableFunction<Long, T> decode) {
        return BuiltInCodecs.custom(new BuiltInCodecs.MappedIntegral<>(name, javaType, encode, decode));
    }

    /** A codec of your own type that is stored as a finite double; otherwise as {@link #string}. */
    static <T> FeatureCodec<T> fractional(
            String name,
            Class<T> javaType,
            SerializableFunction<T, Double> encode,
            SerializableFunction<Double, T> decode) {
        return BuiltInCodecs.custom(new BuiltInCodecs.MappedFractional<>(name, javaType, encode, decode));
    }
}
