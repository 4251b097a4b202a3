package dev.featurestore.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The codecs that come with the library, and the ones made from a pair of functions. */
final class BuiltInCodecs {
    private static final int MAX_SCALE = 1_000_000_000;

    static final FeatureCodec<String> STRING = new Text();
    static final FeatureCodec<Long> INTEGRAL = new Whole();
    static final FeatureCodec<Double> FRACTIONAL = new Real();
    static final FeatureCodec<Integer> INTEGER =
            new MappedIntegral<>("integer", Integer.class, Integer::longValue, BuiltInCodecs::toInteger);
    static final FeatureCodec<Float> FLOAT =
            new MappedFractional<>("float", Float.class, BuiltInCodecs::ofFloat, BuiltInCodecs::toFloat);
    static final FeatureCodec<Boolean> BOOLEAN =
            new MappedIntegral<>("boolean", Boolean.class, flag -> flag ? 1L : 0L, BuiltInCodecs::toBoolean);
    static final FeatureCodec<LocalDate> LOCAL_DATE =
            new MappedString<>("local-date", LocalDate.class, LocalDate::toString, BuiltInCodecs::toLocalDate);
    static final FeatureCodec<BigDecimal> DECIMAL =
            new MappedString<>("decimal", BigDecimal.class, BuiltInCodecs::ofDecimal, BuiltInCodecs::toDecimal);
    static final FeatureCodec<Duration> DURATION =
            new MappedString<>("duration", Duration.class, Duration::toString, BuiltInCodecs::toDuration);
    static final FeatureCodec<Instant> INSTANT = EventTimeFormat.iso8601(9).codec();

    private static final Map<String, FeatureCodec<?>> BY_NAME =
            List.of(STRING, INTEGRAL, FRACTIONAL, INTEGER, FLOAT, BOOLEAN, LOCAL_DATE, DECIMAL, DURATION).stream()
                    .collect(Collectors.toUnmodifiableMap(FeatureCodec::name, Function.identity()));

    private BuiltInCodecs() {}

    /** The built-in codec of that name, or null; enums and the user's own need their class and are not among them. */
    static @Nullable FeatureCodec<?> named(String name) {
        FeatureCodec<?> codec = BY_NAME.get(name);
        return codec != null ? codec : EventTimeFormat.codecNamed(name);
    }

    static <E extends Enum<E>> FeatureCodec<E> enumeration(Class<E> type) {
        return new EnumText<>(type);
    }

    static <T> FeatureCodec<T> custom(FeatureCodec<T> codec) {
        if (isReserved(codec.name())) {
            throw new IllegalArgumentException(
                    "A codec of your own needs a name of its own; '" + codec.name() + "' is blank or built in");
        }
        return codec;
    }

    /** Whether it only seems to be built in: someone else's codec of a reserved name, which the factories refuse. */
    static boolean isImpostor(FeatureCodec<?> codec) {
        Class<?> declaredIn = codec.getClass().getNestHost();
        return isReserved(codec.name()) && declaredIn != BuiltInCodecs.class && declaredIn != EventTimeFormat.class;
    }

    private static boolean isReserved(String name) {
        return name.isBlank() || named(name) != null || name.startsWith("enum[");
    }

    private static Integer toInteger(Long stored) {
        if (stored.intValue() != stored) {
            throw new UnstorableValueException("expected a whole number within 32 bits, got a larger one");
        }
        return stored.intValue();
    }

    private static Boolean toBoolean(Long stored) {
        if (stored != 0L && stored != 1L) {
            throw new UnstorableValueException("expected 0 or 1 for a boolean, got another number");
        }
        return stored == 1L;
    }

    private static Double ofFloat(Float value) {
        return value.doubleValue();
    }

    private static Float toFloat(Double stored) {
        float value = stored.floatValue();
        if (Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(stored)) {
            throw new UnstorableValueException(
                    "expected a number that a float holds exactly, got a finer or larger one");
        }
        return value;
    }

    /** The JDK's own exceptions quote the text. */
    private static LocalDate toLocalDate(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw WireText.notA("a date such as 2025-01-31", text);
        }
    }

    /** Near the ends of an int the JDK writes scales that it does not read. */
    private static String ofDecimal(BigDecimal value) {
        if (Math.abs((long) value.scale()) > MAX_SCALE) {
            throw new UnstorableValueException("expected a decimal with a scale of at most " + MAX_SCALE
                    + " digits to either side, got a larger one");
        }
        return value.toString();
    }

    private static BigDecimal toDecimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw WireText.notA("a decimal number", text);
        }
    }

    private static Duration toDuration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw WireText.notA("a duration such as PT8H6M12.345S", text);
        }
    }

    private static final class Text implements FeatureCodec.OfString<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "string";
        }

        @Override
        public Class<String> javaType() {
            return String.class;
        }

        @Override
        public String encode(String value) {
            for (int i = 0; i < value.length(); i++) {
                if (Character.isSurrogate(value.charAt(i))) {
                    return requirePairedSurrogates(value, i);
                }
            }
            return value;
        }

        /** A lone surrogate has no UTF-8 form: it would be replaced by '?' on its way. */
        private static String requirePairedSurrogates(String value, int from) {
            for (int i = from; i < value.length(); i++) {
                char c = value.charAt(i);
                if (Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(c)) {
                    throw new UnstorableValueException(
                            "expected text that UTF-8 can hold, got an unpaired surrogate at character " + i);
                }
            }
            return value;
        }

        @Override
        public String decode(String text) {
            return text;
        }

        private Object readResolve() {
            return STRING;
        }
    }

    private static final class Whole implements FeatureCodec.OfIntegral<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "integral";
        }

        @Override
        public Class<Long> javaType() {
            return Long.class;
        }

        @Override
        public long toLong(Long value) {
            return value;
        }

        @Override
        public Long fromLong(long stored) {
            return stored;
        }

        private Object readResolve() {
            return INTEGRAL;
        }
    }

    private static final class Real implements FeatureCodec.OfFractional<Double> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "fractional";
        }

        @Override
        public Class<Double> javaType() {
            return Double.class;
        }

        @Override
        public double toDouble(Double value) {
            WireText.requireFinite(value);
            return value;
        }

        @Override
        public Double fromDouble(double stored) {
            return stored;
        }

        private Object readResolve() {
            return FRACTIONAL;
        }
    }

    /** Stored by constant name, so that reordering constants changes nothing. */
    private static final class EnumText<E extends Enum<E>> implements FeatureCodec.OfString<E> {
        private static final long serialVersionUID = 1L;

        private final Class<E> type;

        EnumText(Class<E> type) {
            this.type = type;
        }

        /** Lists the constants, not the class: moving the class changes nothing stored, adding a constant does. */
        @Override
        public String name() {
            return Arrays.stream(type.getEnumConstants())
                    .map(Enum::name)
                    .sorted()
                    .collect(Collectors.joining(",", "enum[", "]"));
        }

        @Override
        public Class<E> javaType() {
            return type;
        }

        @Override
        public String encode(E value) {
            return value.name();
        }

        @Override
        public E decode(String text) {
            try {
                return Enum.valueOf(type, text);
            } catch (IllegalArgumentException e) {
                throw new UnstorableValueException(
                        "expected one of the " + type.getEnumConstants().length + " constants of "
                                + type.getSimpleName() + ", got another text of " + text.length() + " characters");
            }
        }
    }

    /** Serialized whole: the functions are serializable by their type. */
    record MappedString<T>(
            String name,
            Class<T> javaType,
            FeatureCodec.SerializableFunction<T, String> toStored,
            FeatureCodec.SerializableFunction<String, T> fromStored)
            implements FeatureCodec.OfString<T> {
        @Override
        @SuppressWarnings("ConstantConditions") // the functions are not of null-checked code
        public String encode(T value) {
            String text = toStored.apply(value);
            if (text == null) {
                throw new UnstorableValueException("expected its codec to give a text, got null");
            }
            return STRING.encode(text);
        }

        @Override
        public T decode(String text) {
            return fromStored.apply(text);
        }
    }

    record MappedIntegral<T>(
            String name,
            Class<T> javaType,
            FeatureCodec.SerializableFunction<T, Long> toStored,
            FeatureCodec.SerializableFunction<Long, T> fromStored)
            implements FeatureCodec.OfIntegral<T> {
        @Override
        public long toLong(T value) {
            return toStored.apply(value);
        }

        @Override
        public T fromLong(long stored) {
            return fromStored.apply(stored);
        }
    }

    record MappedFractional<T>(
            String name,
            Class<T> javaType,
            FeatureCodec.SerializableFunction<T, Double> toStored,
            FeatureCodec.SerializableFunction<Double, T> fromStored)
            implements FeatureCodec.OfFractional<T> {
        @Override
        public double toDouble(T value) {
            double stored = toStored.apply(value);
            WireText.requireFinite(stored);
            return stored;
        }

        @Override
        public T fromDouble(double stored) {
            return fromStored.apply(stored);
        }
    }
}
