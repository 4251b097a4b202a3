package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.RecordMappingException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureValuesTest {
    private static final List<Feature<?>> FEATURES = List.of(
            Feature.string("text"),
            Feature.integral("count"),
            Feature.fractional("ratio"),
            Feature.eventTime("time", EventTimeFormat.iso8601(3)),
            Feature.list("tags", BuiltInCodecs.STRING),
            Feature.bool("flag"),
            Feature.of("big", FeatureCodec.string("big", BigInteger.class, BigInteger::toString, BigInteger::new)));

    private static final FeatureColumns COLUMNS = columns(FEATURES);

    private static FeatureColumns columns(List<Feature<?>> features) {
        return new FeatureColumns("test", features.stream().map(Feature::name).toList(), features);
    }

    private static FeatureValues.Builder values() {
        return FeatureValues.builder(COLUMNS);
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(call)
                .withMessage(message)
                .withNoCause();
    }

    @Nested
    class Equality {
        @Test
        void isOfDoublesBitForBit() {
            FeatureValues zero = values().setDouble(2, 0.0).build();
            FeatureValues minusZero = values().setDouble(2, -0.0).build();

            assertThat(zero).isNotEqualTo(minusZero);
            assertThat(minusZero).isEqualTo(values().setText(2, "-0").build());
            assertThat(zero).isEqualTo(values().setText(2, "0e7").build());
        }

        @Test
        void isOfTimesHoweverTheyWereWritten() {
            FeatureValues written =
                    values().set(3, Instant.parse("2025-01-31T10:00:00Z")).build();

            for (String text :
                    List.of("2025-01-31T10:00:00Z", "2025-01-31T10:00:00.0Z", "2025-01-31T10:00:00.000000Z")) {
                FeatureValues read = values().setText(3, text).build();
                assertThat(read).isEqualTo(written).hasSameHashCodeAs(written);
                assertThat(read.text(3)).isEqualTo("2025-01-31T10:00:00.000Z");
            }
        }

        @Test
        void tellsNoValueFromZeroAndFromEmptyText() {
            assertThat(values().setLong(1, 0).build()).isNotEqualTo(values().build());
            assertThat(values().set(0, "").build()).isNotEqualTo(values().build());
        }

        @Test
        void isOfColumnsToo() {
            FeatureValues other = FeatureValues.builder(columns(
                            List.of(Feature.string("text"), Feature.integral("count"), Feature.fractional("ratio"))))
                    .setLong(1, 1)
                    .build();

            assertThat(values().setLong(1, 1).build()).isNotEqualTo(other).isNotEqualTo("other");
        }
    }

    @Nested
    class WithRoomForSomeColumns {
        private final FeatureColumns kept = COLUMNS.keeping(List.of("ratio", "tags"));

        @Test
        void isAnyOtherRowWithTheSameValues() throws IOException, ClassNotFoundException {
            FeatureValues narrow = FeatureValues.builder(kept)
                    .setDouble(2, 1.5)
                    .setTexts(4, List.of("x"))
                    .build();
            FeatureValues wide =
                    values().setDouble(2, 1.5).setTexts(4, List.of("x")).build();

            assertThat(narrow).isEqualTo(wide).hasSameHashCodeAs(wide);
            assertThat(wide).isEqualTo(narrow);
            assertThat(Serialized.copy(narrow)).isEqualTo(wide);
            assertThat(narrow.toDouble(1)).isNaN();
            assertThat(narrow.isPresent(0)).isFalse();
            assertThat(values().copy(2, narrow, 2).copy(4, narrow, 4).build()).isEqualTo(wide);
        }

        @Test
        void takesNoValueOfAnother() {
            assertThat(IntStream.range(0, kept.size()).filter(kept::isKept)).containsExactly(2, 4);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> FeatureValues.builder(kept).setLong(1, 7));
            assertThat(COLUMNS.keeping(List.of())).isSameAs(COLUMNS);
        }
    }

    @Nested
    class Writing {
        @Test
        void refusesNumbersForOtherColumns() {
            refuses(
                    () -> values().setLong(2, 1),
                    "Cannot write column 'ratio' of test: expected a value for fractional, got a long");
            refuses(
                    () -> values().setDouble(0, 1),
                    "Cannot write column 'text' of test: expected a value for string, got a double");
        }

        @Test
        void refusesNull() {
            refuses(
                    () -> values().set(0, Nulls.of()),
                    "Cannot write column 'text' of test: expected a value of type String, got null; leave the feature"
                            + " out instead");
        }

        @Test
        void refusesTextsForScalarsAndOneTextForCollections() {
            refuses(
                    () -> values().setText(4, "a"),
                    "Cannot read column 'tags' of test as list<string>: expected a list of texts, got one text");
            refuses(
                    () -> values().setTexts(0, List.of("a", "b")),
                    "Cannot read column 'text' of test as string: expected one text, got a list of 2");
        }

        @Test
        void copiesCollections() {
            List<String> tags = new ArrayList<>(List.of("a"));
            FeatureValues row = values().set(4, tags).build();
            tags.add("b");

            assertThat(row.get(4)).isEqualTo(List.of("a"));
            assertThat(row.texts(4)).containsExactly("a");
        }

        @Test
        void copiesColumnsOfOtherRows() {
            FeatureValues from =
                    values().set(0, "a").setLong(1, 7).set(4, List.of("x")).build();
            FeatureColumns fewer = columns(List.of(FEATURES.get(4), FEATURES.get(2), FEATURES.get(1)));

            FeatureValues to = FeatureValues.builder(fewer)
                    .copy(0, from, 4)
                    .copy(1, from, 2)
                    .copy(2, from, 1)
                    .build();

            assertThat(to.get(0)).isEqualTo(List.of("x"));
            assertThat(to.isPresent(1)).isFalse();
            assertThat(to.getLong(2)).isEqualTo(7);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureValues.builder(fewer).copy(1, from, 1))
                    .withMessage("Column 'ratio' of test does not hold the feature of column 'count' of test");
        }
    }

    @Nested
    class Numbers {
        @Test
        void areDoublesForModels() {
            FeatureValues row =
                    values().setLong(1, 7).setDouble(2, 0.5).set(5, true).build();

            assertThat(row.toDouble(1)).isEqualTo(7.0);
            assertThat(row.toDouble(2)).isEqualTo(0.5);
            assertThat(row.toDouble(5)).isEqualTo(1.0);
            assertThat(values().build().toDouble(1)).isNaN();
            assertThat(values().setLong(1, (1L << 53) + 1).build().toDouble(1)).isEqualTo(0x1p53);
        }

        @Test
        void areNotMadeOfTextOrCollections() {
            String rest = ", not a number: select a numeric feature for the model, or read it by its name";
            refuses(() -> values().build().toDouble(0), "Column 'text' of test is string" + rest);
            refuses(() -> values().build().toDouble(4), "Column 'tags' of test is list<string>" + rest);
        }

        @Test
        void areCheckedAgainstTheirCodecWhenRead() {
            FeatureValues row = values().setText(5, "2").build();

            assertThat(row.getLong(5)).isEqualTo(2);
            refuses(
                    () -> row.get(5),
                    "Cannot read column 'flag' of test as boolean: expected 0 or 1 for a boolean, got another number");
        }
    }

    @Nested
    class FinerTimes {
        private final FeatureValues row =
                values().setText(3, "2025-01-31T10:00:00.123456Z").build();

        @Test
        void areReadAsTheyAre() {
            assertThat(row.get(3)).isEqualTo(Instant.parse("2025-01-31T10:00:00.123456Z"));
        }

        @Test
        void areNotWrittenBack() {
            refuses(
                    () -> row.text(3),
                    "Cannot write column 'time' of test as iso-8601/3: expected a time with at most 3 fraction digits,"
                            + " got a finer one; truncate it (Instant.truncatedTo) or give the event time a finer"
                            + " format");
        }

        @Test
        void areSerialized() throws Exception {
            assertThat(Serialized.copy(row)).isEqualTo(row);
        }
    }

    @Nested
    class Columns {
        @Test
        void areAsManyAsTheirNames() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new FeatureColumns("test", List.of("a"), List.of()))
                    .withMessage("1 names for 0 features");
        }

        @Test
        void areNamedOnce() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new FeatureColumns(
                            "test", List.of("a", "a"), List.of(Feature.string("x"), Feature.string("y"))))
                    .withMessage("Column 'a' is named twice in test");
        }

        @Test
        void areFoundByName() {
            assertThat(COLUMNS.find("ratio")).isEqualTo(2);
            assertThat(COLUMNS.find("ratio", 2)).isEqualTo(2);
            assertThat(COLUMNS.find("ratio", 99)).isEqualTo(2);
            assertThat(COLUMNS.find("none", 0)).isEqualTo(-1);
        }

        @Test
        void areEqualWhoeverOwnsThem() {
            FeatureColumns same = new FeatureColumns(
                    "other", FEATURES.stream().map(Feature::name).toList(), FEATURES);

            assertThat(same).isEqualTo(COLUMNS).hasSameHashCodeAs(COLUMNS).hasToString("other (7 columns)");
            assertThat(COLUMNS).isNotEqualTo(columns(FEATURES.subList(0, 6))).isNotEqualTo("test");
        }
    }

    @Test
    void everyKindOfValueIsSerialized() throws Exception {
        FeatureValues row = values().set(0, "a")
                .setLong(1, Long.MIN_VALUE)
                .setDouble(2, -0.0)
                .set(4, List.of("x", ""))
                .set(5, true)
                .set(6, BigInteger.TEN.pow(30))
                .build();
        FeatureColumns set = columns(List.of(Feature.set("s", BuiltInCodecs.INTEGRAL)));
        FeatureValues ofSet = FeatureValues.builder(set).set(0, Set.of(2L, 1L)).build();

        assertThat(Serialized.copy(row)).isEqualTo(row);
        assertThat(Serialized.copy(values().build())).isEqualTo(values().build());
        assertThat(Serialized.copy(ofSet)).isEqualTo(ofSet);
    }

    /** Nothing that a program logs by accident may hold a value. */
    @Nested
    class Values {
        private static final String SECRET = "S3CRET-VALUE";

        private static final double SECRET_NUMBER = 987654321.125;

        @Test
        void areInNoString() {
            FeatureGroup<FeatureRecord> group =
                    Definitions.online().features(FEATURES.get(2)).build();
            FeatureRecord record = group.newRecord()
                    .set(Definitions.ID, SECRET)
                    .set(Definitions.TIME, Instant.EPOCH)
                    .set("ratio", SECRET_NUMBER)
                    .build();

            assertThat(record).hasToString("feature group 'payments': 3 of 3 values");
            assertThat(record.values()).hasToString("feature group 'payments': 3 of 3 values");
            assertThat(group).hasToString("feature group 'payments' (3 features)");
            assertThat(group.columns()).hasToString("feature group 'payments' (3 columns)");
            assertThat(Feature.string("a").withDefault(SECRET)).hasToString("a:string");
        }

        @Test
        void areInNoMessage() {
            FeatureCodec<String> chatty = FeatureCodec.string("chatty", String.class, this::quote, this::quote);
            FeatureCodec<Double> number =
                    FeatureCodec.fractional("number", Double.class, this::quoteNumber, this::quoteNumber);
            List<Feature<?>> features = List.of(
                    Feature.of("chatty", chatty),
                    Feature.of("number", number),
                    Feature.list("list", chatty),
                    Feature.string("string"),
                    Feature.integral("integral"),
                    Feature.fractional("fractional"),
                    Feature.enumeration("enum", CollectionType.class),
                    Feature.localDate("date"),
                    Feature.decimal("decimal"),
                    Feature.duration("duration"),
                    Feature.bool("boolean"),
                    Feature.integer("integer"),
                    Feature.float32("float"),
                    Feature.eventTime("iso", EventTimeFormat.iso8601(0)),
                    Feature.eventTime("epoch", EventTimeFormat.epochSeconds(0)),
                    Feature.vector("vector", 2));
            FeatureColumns columns = columns(features);
            int failures = 0;
            for (int i = 0; i < features.size(); i++) {
                for (Object value : List.of(
                        SECRET + "\uD83D",
                        SECRET_NUMBER,
                        987654321L,
                        List.of(SECRET),
                        Instant.ofEpochSecond(1, 987654321))) {
                    failures += failsSilently(
                            i, column -> FeatureValues.builder(columns).set(column, value));
                }
                for (String text : List.of(SECRET, String.valueOf(SECRET_NUMBER), "987654321987654321987654321")) {
                    failures += failsSilently(
                            i,
                            column -> FeatureValues.builder(columns)
                                    .setText(column, text)
                                    .build()
                                    .get(column));
                    failures += failsSilently(
                            i, column -> FeatureValues.builder(columns).setTexts(column, List.of(text)));
                }
            }
            assertThat(failures).isGreaterThan(100);
        }

        @Test
        void areInNoMessageOfDefinitions() {
            FeatureCodec<String> chatty = FeatureCodec.string("chatty", String.class, this::quote, this::quote);
            FeatureGroup<FeatureRecord> group = FeatureGroup.named("payments")
                    .recordIdentifier(Feature.of("id", chatty))
                    .eventTime(Definitions.TIME)
                    .onlineStore()
                    .build();

            assertThat(failsSilently(0, i -> group.encodeIdentifier(SECRET))).isOne();
            assertThat(failsSilently(0, i -> group.encodeIdentifier(SECRET_NUMBER)))
                    .isOne();
            assertThat(failsSilently(0, i -> Feature.of("a", chatty).withDefault(SECRET)))
                    .isOne();
            assertThat(failsSilently(0, i -> FeatureGroup.fromJson("{\"name\": " + SECRET)))
                    .isOne();
        }

        private String quote(String value) {
            throw new IllegalArgumentException("Do not like " + value);
        }

        private Double quoteNumber(Double value) {
            throw new IllegalArgumentException("Do not like " + value);
        }

        /** One if it failed, which it then did without a value in any message. */
        private int failsSilently(int column, IntConsumer call) {
            try {
                call.accept(column);
                return 0;
            } catch (RuntimeException e) {
                for (Throwable t = e; t != null; t = t.getCause()) {
                    assertThat(t.toString())
                            .doesNotContain(SECRET)
                            .doesNotContain("987654321")
                            .doesNotContain("9.87654321");
                    assertThat(t.getSuppressed()).isEmpty();
                }
                return 1;
            }
        }
    }
}
