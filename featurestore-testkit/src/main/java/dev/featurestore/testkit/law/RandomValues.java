package dev.featurestore.testkit.law;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Random;

/**
 * Seeded random values of features, edges more often than chance has them. Gives nothing for collections and for codecs of
 * types it does not know.
 */
public final class RandomValues {
    private static final long[] LONGS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, (1L << 53) + 1};

    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_NORMAL,
        1e-5,
        123456789.125
    };

    private static final String[] TEXTS = {
        "", " ", "a", "O'Brien", "a\"b", "back\\slash", "line\nbreak", "é", "日本", "\uD83D\uDE00", "NULL"
    };

    private final Random random;

    /** Values drawn from a source of randomness. */
    public RandomValues(Random random) {
        this.random = random;
    }

    /** A value that the feature's codec accepts; empty if there is no telling. */
    public <T> Optional<T> next(Feature<T> feature) {
        FeatureCodec<T> codec = feature.codec();
        if (feature.collection().isPresent()) {
            return Optional.empty();
        }
        Class<?> type = codec.javaType();
        Object value;
        if (type.isEnum()) {
            value = type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type == String.class) {
            value = text();
        } else if (type == Long.class) {
            value = wholeNumber();
        } else if (type == Double.class) {
            value = number();
        } else if (type == Boolean.class) {
            value = random.nextBoolean();
        } else if (type == Integer.class) {
            value = random.nextInt();
        } else if (type == Float.class) {
            value = (float) random.nextInt(1000) / 8;
        } else if (type == BigDecimal.class) {
            value = new BigDecimal(new BigInteger(80, random), random.nextInt(20) - 5);
        } else if (type == LocalDate.class) {
            value = LocalDate.ofEpochDay(random.nextInt(40_000));
        } else if (type == Duration.class) {
            value = Duration.ofNanos(random.nextLong());
        } else if (type == Instant.class) {
            value = Instant.ofEpochSecond(random.nextInt());
        } else {
            return Optional.empty();
        }
        @SuppressWarnings("unchecked") // the codec's Java type chose it
        T typed = (T) value;
        return Optional.of(typed);
    }

    /** Any text, quotes and all. */
    public String text() {
        return random.nextInt(3) == 0 ? TEXTS[random.nextInt(TEXTS.length)] : Integer.toString(random.nextInt(), 36);
    }

    /** Any long, edges often. */
    public long wholeNumber() {
        return random.nextInt(4) == 0 ? LONGS[random.nextInt(LONGS.length)] : random.nextInt(1000);
    }

    /** Any finite double: edges, ordinary amounts, and random bits. */
    public double number() {
        double bits = Double.longBitsToDouble(random.nextLong());
        return switch (random.nextInt(4)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextInt(100_000) / 100.0;
            default -> Double.isFinite(bits) ? bits : 0.5;
        };
    }
}
