package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The law of every codec: what is read is what was written, as text, as a stored value and in a row. */
class FeatureCodecLawTest {
    private static final int VALUES_A_SEED = 400;

    private static final long FIRST_SECOND =
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();

    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    /** Exclusive, on both sides of 1970. */
    private static final long EPOCH_SECONDS_BOUND = 1L << 33;

    enum Direction {
        NORTH,
        SOUTH
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void numbersAreKept(long seed) {
        law(seed, Feature.integral("f"), random -> random.nextLong() >> random.nextInt(64));
        law(seed, Feature.integer("f"), random -> random.nextInt() >> random.nextInt(32));
        law(seed, Feature.fractional("f"), FeatureCodecLawTest::finiteDouble);
        law(seed, Feature.float32("f"), FeatureCodecLawTest::finiteFloat);
        law(seed, Feature.bool("f"), Random::nextBoolean);
        law(seed, Feature.decimal("f"), FeatureCodecLawTest::decimal);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void textsAreKept(long seed) {
        law(seed, Feature.string("f"), FeatureCodecLawTest::text);
        law(seed, Feature.enumeration("f", Direction.class), random -> Direction.values()[random.nextInt(2)]);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void timesAreKept(long seed) {
        for (int digits : new int[] {0, 3, 9}) {
            Feature<Instant> iso = Feature.eventTime("f", EventTimeFormat.iso8601(digits));
            law(seed, iso, random -> instant(random, FIRST_SECOND, LAST_SECOND, digits));
        }
        for (int digits : new int[] {0, 3, 6}) {
            Feature<Instant> epoch = Feature.eventTime("f", EventTimeFormat.epochSeconds(digits));
            law(seed, epoch, random -> instant(random, 1 - EPOCH_SECONDS_BOUND, EPOCH_SECONDS_BOUND - 1, digits));
        }
        law(seed, Feature.instant("f"), random -> instant(random, FIRST_SECOND, LAST_SECOND, 9));
        law(seed, Feature.localDate("f"), FeatureCodecLawTest::date);
        law(seed, Feature.duration("f"), FeatureCodecLawTest::duration);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void customValuesAreKept(long seed) {
        law(
                seed,
                Feature.of("f", FeatureCodec.string("big", BigInteger.class, BigInteger::toString, BigInteger::new)),
                random -> new BigInteger(random.nextInt(200), random));
        law(
                seed,
                Feature.of(
                        "f",
                        FeatureCodec.integral("seconds", Duration.class, Duration::toSeconds, Duration::ofSeconds)),
                random -> Duration.ofSeconds(random.nextLong()));
        law(
                seed,
                Feature.of("f", FeatureCodec.fractional("mirror", Double.class, value -> -value, stored -> -stored)),
                FeatureCodecLawTest::finiteDouble);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void collectionsAreKept(long seed) {
        Random random = new Random(seed);
        for (int n = 0; n < 50; n++) {
            collectionLaw(seed, Feature.list("f", BuiltInCodecs.STRING), many(random, FeatureCodecLawTest::text));
            collectionLaw(seed, Feature.list("f", BuiltInCodecs.DECIMAL), many(random, FeatureCodecLawTest::decimal));
            collectionLaw(seed, Feature.set("f", BuiltInCodecs.INTEGRAL), setOf(random, Random::nextLong));
            collectionLaw(
                    seed, Feature.set("f", BuiltInCodecs.FRACTIONAL), setOf(random, FeatureCodecLawTest::finiteDouble));
            List<Double> vector =
                    IntStream.range(0, 16).mapToObj(i -> finiteDouble(random)).toList();
            collectionLaw(seed, Feature.vector("f", 16), vector);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isoTextsSortAsTimesDo(long seed) {
        FeatureCodec<Instant> codec = EventTimeFormat.iso8601(9).codec();
        Random random = new Random(seed);
        for (int n = 0; n < VALUES_A_SEED; n++) {
            Instant one = instant(random, FIRST_SECOND, LAST_SECOND, 9);
            Instant other = random.nextBoolean()
                    ? instant(random, FIRST_SECOND, LAST_SECOND, 9)
                    : one.plusNanos(random.nextBoolean() || one.getEpochSecond() == FIRST_SECOND ? 1 : -1);
            if (other.getEpochSecond() > LAST_SECOND) {
                continue;
            }
            int asText = Integer.signum(codec.encode(one).compareTo(codec.encode(other)));
            assertThat(asText)
                    .as("seed %s: %s and %s", seed, one, other)
                    .isEqualTo(Integer.signum(one.compareTo(other)));
        }
    }

    /** Epoch seconds cannot be sorted as text; as stored numbers they are, microseconds apart. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void epochSecondsSortAsTimesDo(long seed) {
        FeatureCodec.OfFractional<Instant> codec = epochSeconds(6);
        Random random = new Random(seed);
        for (int n = 0; n < VALUES_A_SEED; n++) {
            Instant one = instant(random, 1 - EPOCH_SECONDS_BOUND, EPOCH_SECONDS_BOUND - 2, 6);
            Instant next = one.plusNanos(1000);
            assertThat(codec.toDouble(one)).as("seed %s: %s", seed, one).isLessThan(codec.toDouble(next));
        }
    }

    @Test
    void edgesAreKept() {
        edges(Feature.integral("f"), Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, (1L << 53) + 1);
        edges(Feature.integer("f"), Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1);
        edges(
                Feature.fractional("f"),
                0.0,
                -0.0,
                Double.MIN_VALUE,
                -Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Math.nextDown(Double.MIN_NORMAL),
                Double.MAX_VALUE,
                -Double.MAX_VALUE,
                2.0E-3,
                Double.parseDouble("1E23"),
                Double.parseDouble("2.2250738585072012E-308"),
                1.7E9);
        edges(Feature.float32("f"), 0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.MIN_NORMAL, 0.1f);
        edges(Feature.bool("f"), true, false);
        edges(Feature.string("f"), "", " ", "\0", "\n", "null", "\uD83D\uDE00", "e\u0301", "\uFFFF", "\"'\\,");
        edges(Feature.localDate("f"), LocalDate.MIN, LocalDate.MAX, LocalDate.EPOCH, LocalDate.of(0, 2, 29));
        edges(
                Feature.duration("f"),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE, 1),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                Duration.ofNanos(-1),
                Duration.ofNanos(1),
                Duration.ZERO);
        edges(
                Feature.decimal("f"),
                BigDecimal.ZERO,
                new BigDecimal("0.00"),
                new BigDecimal("1E+3"),
                new BigDecimal("-0E-12"),
                new BigDecimal(BigInteger.ONE, 1_000_000_000),
                new BigDecimal(BigInteger.TEN, -1_000_000_000));
    }

    @Test
    void timesAreKeptAtBothEndsOfTheirRange() {
        edges(
                Feature.instant("f"),
                Instant.parse("0000-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z"),
                Instant.parse("1969-12-31T23:59:59.999999999Z"),
                Instant.parse("2000-02-29T12:00:00.000000001Z"),
                Instant.EPOCH);
        edges(
                Feature.eventTime("f", EventTimeFormat.epochSeconds(6)),
                Instant.ofEpochSecond(1 - EPOCH_SECONDS_BOUND),
                Instant.ofEpochSecond(1 - EPOCH_SECONDS_BOUND, 1000),
                Instant.ofEpochSecond(EPOCH_SECONDS_BOUND - 1, 999_999_000),
                Instant.ofEpochSecond(-1, 999_999_000),
                Instant.EPOCH);
    }

    @SafeVarargs
    private static <T> void edges(Feature<T> feature, T... values) {
        for (T value : values) {
            check(-1, feature, value);
        }
    }

    private static <T> void law(long seed, Feature<T> feature, Function<Random, T> values) {
        Random random = new Random(seed);
        for (int n = 0; n < VALUES_A_SEED; n++) {
            check(seed, feature, values.apply(random));
        }
    }

    private static <T> void check(long seed, Feature<T> feature, T value) {
        FeatureColumns columns = new FeatureColumns("test", List.of("f"), List.of(feature));
        String text = feature.codec().encode(value);
        FeatureValues set = FeatureValues.builder(columns).set(0, value).build();
        FeatureValues read = FeatureValues.builder(columns).setText(0, text).build();
        if (!feature.codec().decode(text).equals(value)
                || !set.get(0).equals(value)
                || !read.get(0).equals(value)
                || !set.text(0).equals(text)
                || !read.text(0).equals(text)
                || !set.equals(read)
                || set.hashCode() != read.hashCode()) {
            fail("Seed %s, codec %s: %s became %s", seed, feature.codec().name(), value, text);
        }
    }

    private static <E, C extends java.util.Collection<E>> void collectionLaw(long seed, Feature<C> feature, C value) {
        FeatureColumns columns = new FeatureColumns("test", List.of("f"), List.of(feature));
        FeatureValues set = FeatureValues.builder(columns).set(0, value).build();
        FeatureValues read =
                FeatureValues.builder(columns).setTexts(0, set.texts(0)).build();

        assertThat(set.get(0)).as("seed %s, %s", seed, feature).isEqualTo(value);
        assertThat(read).as("seed %s, %s", seed, feature).isEqualTo(set).hasSameHashCodeAs(set);
    }

    private static FeatureCodec.OfFractional<Instant> epochSeconds(int digits) {
        return (FeatureCodec.OfFractional<Instant>)
                EventTimeFormat.epochSeconds(digits).codec();
    }

    private static Double finiteDouble(Random random) {
        double value = Double.NaN;
        while (!Double.isFinite(value)) {
            long bits = random.nextLong();
            value = Double.longBitsToDouble(random.nextInt(8) == 0 ? bits & ~(0x7FFL << 52) : bits);
        }
        return value;
    }

    private static Float finiteFloat(Random random) {
        float value = Float.NaN;
        while (!Float.isFinite(value)) {
            value = Float.intBitsToFloat(random.nextInt());
        }
        return value;
    }

    private static BigDecimal decimal(Random random) {
        BigInteger digits = new BigInteger(random.nextInt(300), random);
        return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), random.nextInt(2000) - 1000);
    }

    /** Code points of every plane, without surrogates on their own. */
    private static String text(Random random) {
        return random.ints(random.nextInt(20), 0, Character.MAX_CODE_POINT + 1)
                .map(c -> random.nextBoolean() ? c % 128 : c)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Bounds inclusive. */
    private static Instant instant(Random random, long firstSecond, long lastSecond, int digits) {
        long second = firstSecond + Math.floorMod(random.nextLong(), lastSecond - firstSecond + 1);
        int step = (int) Math.pow(10, 9 - digits);
        return Instant.ofEpochSecond(second, (long) random.nextInt(1_000_000_000 / step) * step);
    }

    private static LocalDate date(Random random) {
        long days = LocalDate.MAX.toEpochDay() - LocalDate.MIN.toEpochDay() + 1;
        return random.nextBoolean()
                ? LocalDate.ofEpochDay(random.nextInt(40_000))
                : LocalDate.ofEpochDay(LocalDate.MIN.toEpochDay() + Math.floorMod(random.nextLong(), days));
    }

    private static Duration duration(Random random) {
        return Duration.ofSeconds(random.nextLong() >> random.nextInt(64), random.nextInt(1_000_000_000));
    }

    private static <E> List<E> many(Random random, Function<Random, E> elements) {
        return IntStream.range(0, random.nextInt(10))
                .mapToObj(i -> elements.apply(random))
                .toList();
    }

    private static <E> Set<E> setOf(Random random, Function<Random, E> elements) {
        return new LinkedHashSet<>(many(random, elements));
    }
}
