package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What codecs write, what else they read, and what they refuse. */
class FeatureCodecTest {
    private static <T> void refusesToRead(FeatureCodec<T> codec, String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.decode(text))
                .withMessage(message)
                .withNoCause();
    }

    private static <T> void refusesToWrite(FeatureCodec<T> codec, T value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(value))
                .withMessage(message)
                .withNoCause();
    }

    private static String got(String expected, String text) {
        return "expected " + expected + ", got a text of " + text.length() + " characters";
    }

    @Nested
    class Numbers {
        @ParameterizedTest
        @CsvSource({"0, 0", "-0, 0", "007, 7", "-9223372036854775808, -9223372036854775808"})
        void integralAreDigitsWithAnOptionalMinus(String text, long value) {
            assertThat(BuiltInCodecs.INTEGRAL.decode(text)).isEqualTo(value);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "-", "+1", "1.0", "1e3", " 1", "1 ", "--1", "1L", "0x1", "١", "1_000", "null"})
        void integralRefuseOtherTexts(String text) {
            refusesToRead(
                    BuiltInCodecs.INTEGRAL, text, got("a whole number (digits with an optional leading '-')", text));
        }

        @ParameterizedTest
        @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "100000000000000000000"})
        void integralRefuseMoreThan64Bits(String text) {
            refusesToRead(BuiltInCodecs.INTEGRAL, text, got("a whole number within 64 bits", text));
        }

        @ParameterizedTest
        @CsvSource({"1, 1", "1., 1", ".5, 0.5", "+1.5, 1.5", "1e3, 1000", "1E-3, 0.001", "-0, -0.0", "1e-400, 0"})
        void fractionalAreDecimalOrScientific(String text, double value) {
            assertThat(BuiltInCodecs.FRACTIONAL.decode(text)).isEqualTo(value);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ".",
                    "-",
                    "e5",
                    "1e",
                    "1.5f",
                    "1.5d",
                    "0x1p3",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "inf",
                    "nan",
                    " 1",
                    "1 ",
                    "1,5",
                    "1_0",
                    "--1",
                    "1-1",
                    "1.2.3",
                    "١",
                    "NA",
                    "None"
                })
        void fractionalRefuseOtherTexts(String text) {
            refusesToRead(BuiltInCodecs.FRACTIONAL, text, got("a decimal number", text));
        }

        @ParameterizedTest
        @ValueSource(strings = {"1e400", "-1e400", "1.8e308"})
        void fractionalRefuseMoreThanADouble(String text) {
            refusesToRead(BuiltInCodecs.FRACTIONAL, text, got("a number within the range of a double", text));
        }

        @Test
        void fractionalRefuseWhatIsNotFinite() {
            String rest = "; leave the feature out where there is no value";
            for (FeatureCodec<Double> codec : List.of(
                    BuiltInCodecs.FRACTIONAL,
                    FeatureCodec.fractional("same", Double.class, value -> value, stored -> stored))) {
                refusesToWrite(codec, Double.NaN, "expected a finite number, got NaN" + rest);
                refusesToWrite(codec, Double.POSITIVE_INFINITY, "expected a finite number, got an infinity" + rest);
                refusesToWrite(codec, Double.NEGATIVE_INFINITY, "expected a finite number, got an infinity" + rest);
            }
            refusesToWrite(BuiltInCodecs.FLOAT, Float.NaN, "expected a finite number, got NaN" + rest);
        }

        @ParameterizedTest
        @ValueSource(strings = {"2147483648", "-2147483649", "9223372036854775807"})
        void integersRefuseMoreThan32Bits(String text) {
            refusesToRead(BuiltInCodecs.INTEGER, text, "expected a whole number within 32 bits, got a larger one");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.1", "1e39", "1e-300", "16777217"})
        void floatsRefuseWhatTheyDoNotHold(String text) {
            refusesToRead(
                    BuiltInCodecs.FLOAT,
                    text,
                    "expected a number that a float holds exactly, got a finer or larger one");
        }

        @Test
        void booleansAreZeroAndOne() {
            assertThat(BuiltInCodecs.BOOLEAN.encode(true)).isEqualTo("1");
            assertThat(BuiltInCodecs.BOOLEAN.encode(false)).isEqualTo("0");
            refusesToRead(BuiltInCodecs.BOOLEAN, "2", "expected 0 or 1 for a boolean, got another number");
            refusesToRead(
                    BuiltInCodecs.BOOLEAN, "true", got("a whole number (digits with an optional leading '-')", "true"));
        }
    }

    @Nested
    class Texts {
        @ParameterizedTest
        @CsvSource({
            "local-date, a date such as 2025-01-31",
            "decimal, a decimal number",
            "duration, a duration such as PT8H6M12.345S"
        })
        void ofTheirOwnFormRefuseOthersWithoutQuotingThem(String codec, String expected) {
            FeatureCodec<?> named = Objects.requireNonNull(BuiltInCodecs.named(codec));
            for (String text : List.of("", "S3CRET-VALUE", "2025-02-30", "1d")) {
                refusesToRead(named, text, got(expected, text));
            }
        }

        @Test
        void ofDecimalsHaveALimitedScale() {
            String refusal = "expected a decimal with a scale of at most 1000000000 digits to either side, got a larger"
                    + " one";
            refusesToWrite(BuiltInCodecs.DECIMAL, new BigDecimal(BigInteger.ONE, 1_000_000_001), refusal);
            refusesToWrite(BuiltInCodecs.DECIMAL, new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE), refusal);
        }

        @Test
        void withALoneSurrogateAreRefused() {
            refusesSurrogate("\uD83D", 0);
            refusesSurrogate("a\uDE00", 1);
            refusesSurrogate("\uDE00\uD83D", 0);
            refusesSurrogate("abc\uD83D", 3);
            refusesSurrogate("\uD83D\uDE00\uD83D\uD83D\uDE00", 2);
        }

        private void refusesSurrogate(String text, int at) {
            refusesToWrite(
                    BuiltInCodecs.STRING,
                    text,
                    "expected text that UTF-8 can hold, got an unpaired surrogate at character " + at);
        }

        @Test
        void ofEnumsAreTheirNames() {
            FeatureCodec<CollectionType> codec = BuiltInCodecs.enumeration(CollectionType.class);

            assertThat(codec.encode(CollectionType.VECTOR)).isEqualTo("VECTOR");
            assertThat(codec.name()).isEqualTo("enum[LIST,SET,VECTOR]");
            refusesToRead(
                    codec,
                    "vector",
                    "expected one of the 3 constants of CollectionType, got another text of 6 characters");
        }
    }

    @Nested
    class Custom {
        @Test
        void codecsMustGiveATextThatUtf8Holds() {
            FeatureCodec<Integer> broken =
                    FeatureCodec.string("broken", Integer.class, n -> n == 0 ? Nulls.of() : "\uD83D", Integer::valueOf);

            refusesToWrite(broken, 0, "expected its codec to give a text, got null");
            refusesToWrite(broken, 1, "expected text that UTF-8 can hold, got an unpaired surrogate at character 0");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "string",
                    "integral",
                    "fractional",
                    "integer",
                    "float",
                    "boolean",
                    "local-date",
                    "decimal",
                    "duration",
                    "iso-8601/0",
                    "iso-8601/3",
                    "iso-8601/9",
                    "epoch-seconds/0",
                    "epoch-seconds/3",
                    "epoch-seconds/6",
                    "enum[A]"
                })
        void codecsHaveNamesOfTheirOwn(String name) {
            String message = "A codec of your own needs a name of its own; '" + name + "' is blank or built in";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureCodec.string(name, String.class, text -> text, text -> text))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureCodec.integral(name, Long.class, n -> n, n -> n))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureCodec.fractional(name, Double.class, n -> n, n -> n))
                    .withMessage(message);
        }

        @Test
        void codecsTellTheirTypes() {
            FeatureCodec<Locale> locale =
                    FeatureCodec.string("locale", Locale.class, Locale::toLanguageTag, Locale::forLanguageTag);

            assertThat(locale.name()).isEqualTo("locale");
            assertThat(locale.javaType()).isEqualTo(Locale.class);
            assertThat(locale.type()).isEqualTo(FeatureType.STRING);
        }
    }

    @Nested
    class Collections {
        private final CollectionCodec<Set<Long>> set = CollectionCodec.set(BuiltInCodecs.INTEGRAL);

        private final CollectionCodec<List<Double>> vector = CollectionCodec.vector(2);

        @Test
        void haveNames() {
            assertThat(set.name()).isEqualTo("set<integral>");
            assertThat(vector.name()).isEqualTo("vector<fractional>/2");
            assertThat(CollectionCodec.list(BuiltInCodecs.BOOLEAN).name()).isEqualTo("list<boolean>");
        }

        @Test
        void thatAreSetsAreWrittenInOneOrder() {
            assertThat(set.encodeAll(Set.of(3L, 20L, 1L))).containsExactly("1", "20", "3");
            assertThat(set.decodeAll(List.of("1", "1", "2"))).containsExactly(1L, 2L);
        }

        @Test
        void areUnmodifiable() {
            assertThat(set.decodeAll(List.of("1"))).isUnmodifiable();
            assertThat(vector.decodeAll(List.of("1", "2"))).isUnmodifiable();
        }

        @Test
        void thatAreVectorsHaveTheirDimension() {
            String message = "expected a vector of 2 elements, got 3";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.encodeAll(List.of(1.0, 2.0, 3.0)))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vector.decodeAll(List.of("1", "2", "3")))
                    .withMessage(message);
        }

        @Test
        @SuppressWarnings({"unchecked", "rawtypes"})
        void refuseElementsOfOtherTypes() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ((CollectionCodec) set).encodeAll(List.of("S3CRET-VALUE")))
                    .withMessage("expected elements of type Long, got String");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ((CollectionCodec) set).encodeAll(Arrays.asList(1L, null)))
                    .withMessage("expected elements of type Long, got null");
        }

        @Test
        void haveNoSingleText() {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> set.encode(Set.of(1L)))
                    .withMessage("A collection has one wire text an element: use encodeAll");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> set.decode("1"))
                    .withMessage("A collection has one wire text an element: use decodeAll");
        }
    }
}
