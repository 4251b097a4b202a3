package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.featurestore.errors.RecordMappingException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureTest {
    private static final Feature<Double> RATIO = Feature.fractional("ratio");

    static Stream<Arguments> factories() {
        return Stream.of(
                Arguments.of(Feature.string("f"), "string", "String", String.class),
                Arguments.of(Feature.integral("f"), "integral", "Integral", Long.class),
                Arguments.of(Feature.fractional("f"), "fractional", "Fractional", Double.class),
                Arguments.of(Feature.eventTime("f"), "iso-8601/9", "String", Instant.class),
                Arguments.of(
                        Feature.eventTime("f", EventTimeFormat.epochSeconds(3)),
                        "epoch-seconds/3",
                        "Fractional",
                        Instant.class),
                Arguments.of(Feature.instant("f"), "iso-8601/9", "String", Instant.class),
                Arguments.of(Feature.integer("f"), "integer", "Integral", Integer.class),
                Arguments.of(Feature.float32("f"), "float", "Fractional", Float.class),
                Arguments.of(Feature.bool("f"), "boolean", "Integral", Boolean.class),
                Arguments.of(Feature.localDate("f"), "local-date", "String", LocalDate.class),
                Arguments.of(Feature.decimal("f"), "decimal", "String", BigDecimal.class),
                Arguments.of(Feature.duration("f"), "duration", "String", Duration.class),
                Arguments.of(Feature.list("f", BuiltInCodecs.BOOLEAN), "list<boolean>", "Integral", List.class),
                Arguments.of(Feature.vector("f", 3), "vector<fractional>/3", "Fractional", List.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("factories")
    void factoriesChooseTheCodec(Feature<?> feature, String codec, String type, Class<?> javaType) {
        assertThat(feature.name()).isEqualTo("f");
        assertThat(feature.codec().name()).isEqualTo(codec);
        assertThat(feature.type().wireName()).isEqualTo(type);
        assertThat(feature.codec().javaType()).isEqualTo(javaType);
        assertThat(feature.isRequired()).isFalse();
        assertThat(feature.defaultText()).isEmpty();
        assertThat(feature.description()).isEmpty();
        assertThat(feature).hasToString("f:" + codec);
    }

    @Nested
    class Copies {
        @Test
        void changeOneThing() {
            Feature<Double> all = RATIO.required().withDefault(0.5).withDescription("share");

            assertThat(all.isRequired()).isTrue();
            assertThat(all.defaultValue()).contains(0.5);
            assertThat(all.defaultText()).contains("0.5");
            assertThat(all.description()).isEqualTo("share");
            assertThat(RATIO.isRequired()).isFalse();
            assertThat(RATIO.defaultValue()).isEmpty();
            assertThat(RATIO.description()).isEmpty();
        }

        @Test
        void keepDefaultsExactly() {
            assertThat(RATIO.withDefault(-0.0).defaultValue()).contains(-0.0);
            assertThat(Feature.string("s").withDefault("").defaultValue()).contains("");
        }

        @Test
        void refuseDefaultsThatCannotBeStored() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RATIO.withDefault(Double.NaN))
                    .withMessage("The default of feature 'ratio' cannot be stored: expected a finite number, got NaN;"
                            + " leave the feature out where there is no value")
                    .withNoCause();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Feature.list("tags", BuiltInCodecs.STRING).withDefault(List.of()))
                    .withMessage("Feature 'tags' is a collection and cannot have a default");
            assertThatNullPointerException()
                    .isThrownBy(() -> RATIO.withDefault(Nulls.of()))
                    .withMessage("value");
        }
    }

    @Nested
    class Sameness {
        @Test
        void isOfNameAndCodecOnly() {
            assertThat(RATIO.sameAs(Feature.fractional("ratio").required().withDefault(1.0)))
                    .isTrue();
            assertThat(RATIO.sameAs(Feature.fractional("other"))).isFalse();
            assertThat(RATIO.sameAs(Feature.float32("ratio"))).isFalse();
            assertThat(Feature.eventTime("t", EventTimeFormat.iso8601(3)).sameAs(Feature.eventTime("t")))
                    .isFalse();
            assertThat(Feature.vector("v", 2).sameAs(Feature.vector("v", 3))).isFalse();
        }

        @Test
        void tellsCustomCodecsByNameAndJavaType() {
            Feature<Long> a = Feature.of("f", FeatureCodec.integral("x", Long.class, n -> n, n -> n));
            Feature<Long> b = Feature.of("f", FeatureCodec.integral("x", Long.class, n -> n, n -> n));
            Feature<Integer> c =
                    Feature.of("f", FeatureCodec.integral("x", Integer.class, Integer::longValue, Long::intValue));

            assertThat(a.sameAs(b)).isTrue();
            assertThat(a.sameAs(c)).isFalse();
        }

        @Test
        void survivesSerialization() throws Exception {
            for (Arguments arguments : factories().toList()) {
                Feature<?> feature =
                        (Feature<?>) Objects.requireNonNull(arguments.get()[0]);
                assertThat(Serialized.copy(feature)).isEqualTo(feature);
            }
            Feature<CollectionType> ofEnum = Feature.enumeration("e", CollectionType.class);
            assertThat(Serialized.copy(ofEnum)).isEqualTo(ofEnum);
        }
    }

    @Test
    void equalityIsOfEverything() {
        assertThat(RATIO).isEqualTo(Feature.fractional("ratio")).hasSameHashCodeAs(Feature.fractional("ratio"));
        assertThat(RATIO)
                .isNotEqualTo(RATIO.required())
                .isNotEqualTo(RATIO.withDefault(0.0))
                .isNotEqualTo(RATIO.withDescription("share"))
                .isNotEqualTo(Feature.float32("ratio"))
                .isNotEqualTo("ratio");
        assertThat(RATIO.withDefault(0.0)).isNotEqualTo(RATIO.withDefault(-0.0));
    }

    @Test
    void equalityOfFormatsIsOfKindAndDigits() {
        EqualsVerifier.forClass(EventTimeFormat.class)
                .suppress(Warning.NULL_FIELDS)
                .verify();
    }

    @Nested
    class Groups {
        private final FeatureGroup<FeatureRecord> group =
                Definitions.online().features(RATIO).build();

        @Test
        void giveTheirFeaturesByName() {
            assertThat(group.feature("ratio")).isEqualTo(RATIO);
            assertThat(group.feature("ratio", Double.class)).isEqualTo(RATIO);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> group.feature("Ratio"))
                    .withMessage("Feature group 'payments' has no feature 'Ratio'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> group.feature("ratio", Long.class))
                    .withMessage("Feature 'ratio' of feature group 'payments' is of type Double, not Long");
        }

        @Test
        void encodeIdentifiersOfTheirOwnType() {
            assertThat(group.encodeIdentifier("a")).isEqualTo("a");
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> group.encodeIdentifier(7L))
                    .withMessage("The record identifier 'id' of feature group 'payments' is of type String, got Long");
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> group.encodeIdentifier("\uD83D"))
                    .withMessage(
                            "The record identifier 'id' of feature group 'payments' cannot be written: expected text"
                                    + " that UTF-8 can hold, got an unpaired surrogate at character 0");
            assertThatNullPointerException()
                    .isThrownBy(() -> group.encodeIdentifier(Nulls.of()))
                    .withMessage("identifier");
        }
    }
}
