package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.RecordMappingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureRecordTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("time");
    private static final Feature<Long> COUNT = Feature.integral("count").required();
    private static final Feature<Double> RATIO = Feature.fractional("ratio");
    private static final Feature<Boolean> FLAG = Feature.bool("flag");
    private static final Feature<Double> PERCENT =
            Feature.of("percent", FeatureCodec.fractional("percent", Double.class, v -> v / 100, s -> s * 100));
    private static final Feature<Long> KILO =
            Feature.of("kilo", FeatureCodec.integral("kilo", Long.class, v -> v / 1000, s -> s * 1000));

    private static final Instant NOW = Instant.parse("2025-01-31T10:00:00.123456789Z");

    private static final FeatureGroup<FeatureRecord> GROUP = FeatureGroup.named("payments")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(COUNT, RATIO, FLAG, PERCENT, KILO)
            .onlineStore()
            .build();

    private static FeatureRecord.Builder complete() {
        return GROUP.newRecord().set(ID, "p-1").set(TIME, NOW).setLong(COUNT, 3);
    }

    private static void refuses(ThrowingCallable call, String message) {
        RecordMappingException refusal = catchThrowableOfType(RecordMappingException.class, call);
        assertThat(refusal).isNotNull().hasMessage(message).hasNoCause();
        assertThat(refusal.code()).isEqualTo(ErrorCode.RECORD_MAPPING);
        assertThat(refusal.retryable()).isFalse();
    }

    @Nested
    class Building {
        @Test
        void keepsWhatWasSet() {
            FeatureRecord record =
                    complete().setDouble(RATIO, 0.5).set("flag", true).build();

            assertThat(record.group()).isSameAs(GROUP);
            assertThat(record.get(ID)).isEqualTo("p-1");
            assertThat(record.get(TIME)).isEqualTo(NOW);
            assertThat(record.get(COUNT)).isEqualTo(3L);
            assertThat(record.find(RATIO)).contains(0.5);
            assertThat(record.get(FLAG)).isTrue();
            assertThat(record.recordIdentifier()).isEqualTo("p-1");
            assertThat(record.eventTime()).isEqualTo(NOW);
        }

        @Test
        void leavesOutNulls() {
            FeatureRecord record = complete().set(RATIO, null).set("flag", null).build();

            assertThat(record.has(RATIO)).isFalse();
            assertThat(record.find(FLAG)).isEmpty();
        }

        @Test
        void maySetAfterNull() {
            assertThat(complete().set(RATIO, null).set(RATIO, 1.0).build().get(RATIO))
                    .isEqualTo(1.0);
        }

        @Test
        void refusesUnknownFeatures() {
            refuses(
                    () -> complete().set(Feature.string("city"), "x"),
                    "Cannot build a record of feature group 'payments': Feature 'city' is not in feature group"
                            + " 'payments'");
            refuses(
                    () -> complete().set("city", "x"),
                    "Cannot build a record of feature group 'payments': it has no feature 'city'; it has 7 features");
        }

        @Test
        void refusesConstantsOfTheSameNameWithAnotherCodec() {
            refuses(
                    () -> complete().set(Feature.string("ratio"), "x"),
                    "Cannot build a record of feature group 'payments': Feature 'ratio' is fractional in feature group"
                            + " 'payments', not string: use the constant the definition was made with");
            refuses(
                    () -> complete().set(Feature.eventTime("time", EventTimeFormat.iso8601(3)), NOW),
                    "Cannot build a record of feature group 'payments': Feature 'time' is iso-8601/9 in feature group"
                            + " 'payments', not iso-8601/3: use the constant the definition was made with");
        }

        @Test
        void takesConstantsThatDifferOnlyInDefaultAndDescription() {
            Feature<Double> described =
                    RATIO.withDefault(0.0).withDescription("share").required();

            assertThat(complete().set(described, 0.25).build().get(described)).isEqualTo(0.25);
        }

        @Test
        void refusesToSetTwice() {
            String message = "Cannot build a record of feature group 'payments': feature 'count' is set twice";
            refuses(() -> complete().set(COUNT, 4L), message);
            refuses(() -> complete().setLong(COUNT, 4), message);
            refuses(() -> complete().set("count", 4L), message);
        }

        @Test
        void refusesOtherTypes() {
            String of =
                    "Cannot write column 'ratio' of feature group 'payments': expected a value of type Double, got ";
            refuses(() -> complete().set("ratio", 1L), of + "Long");
            refuses(() -> complete().set("ratio", "0.5"), of + "String");
            refuses(() -> complete().set("ratio", 0.5f), of + "Float");
        }

        @Test
        void refusesWhatCannotBeStored() {
            String rest = " of feature group 'payments' as fractional: expected a finite number, got NaN; leave the"
                    + " feature out where there is no value";
            refuses(() -> complete().set(RATIO, Double.NaN), "Cannot write column 'ratio'" + rest);
            refuses(() -> complete().setDouble(RATIO, Double.NaN), "Cannot write column 'ratio'" + rest);
        }

        @Test
        void namesAllThatIsMissing() {
            String rest = ": a put replaces the whole record, so every required feature must be in it";
            refuses(
                    () -> GROUP.newRecord().build(),
                    "A record of feature group 'payments' lacks 'id', 'time', 'count'" + rest);
            refuses(
                    () -> GROUP.newRecord().set(ID, "a").set(TIME, NOW).build(),
                    "A record of feature group 'payments' lacks 'count'" + rest);
        }

        @Test
        void canGoOnAfterWhatWasMissing() {
            FeatureRecord.Builder builder = GROUP.newRecord().set(ID, "a").set(TIME, NOW);
            assertThatExceptionOfType(RecordMappingException.class).isThrownBy(builder::build);

            assertThat(builder.setLong(COUNT, 1).build().get(COUNT)).isEqualTo(1);
        }

        @Test
        void isDoneOnce() {
            FeatureRecord.Builder builder = complete();
            FeatureRecord record = builder.build();
            String message = "This builder has built its record of feature group 'payments': take a new one for each"
                    + " record";

            assertThatIllegalStateException().isThrownBy(builder::build).withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> builder.set(RATIO, 1.0))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> builder.set("ratio", 1.0))
                    .withMessage(message);
            assertThat(record.has(RATIO)).isFalse();
        }

        @Test
        void refusesNullFeatures() {
            assertThatNullPointerException()
                    .isThrownBy(() -> complete().set(Nulls.<Feature<String>>of(), "x"))
                    .withMessage("feature");
        }

        @Test
        void goesThroughCustomCodecsWithAndWithoutBoxes() {
            FeatureRecord boxed = complete().set(PERCENT, 50.0).set(KILO, 7000L).build();
            FeatureRecord unboxed =
                    complete().setDouble(PERCENT, 50.0).setLong(KILO, 7000L).build();

            assertThat(unboxed).isEqualTo(boxed);
            assertThat(unboxed.get(PERCENT)).isEqualTo(50.0);
            assertThat(unboxed.getDouble(PERCENT)).isEqualTo(0.5);
            assertThat(unboxed.get(KILO)).isEqualTo(7000L);
            assertThat(unboxed.getLong(KILO)).isEqualTo(7L);
        }
    }

    @Nested
    class Reading {
        private final FeatureRecord record = complete().set(FLAG, true).build();

        @Test
        void unboxedGivesTheStoredNumber() {
            assertThat(record.getLong(COUNT)).isEqualTo(3);
            assertThat(record.getLong(FLAG)).isEqualTo(1);
        }

        @Test
        void unboxedRefusesOtherTypes() {
            refuses(
                    () -> record.getDouble(COUNT),
                    "Column 'count' of feature group 'payments' is integral, not fractional");
            refuses(() -> record.getLong(ID), "Column 'id' of feature group 'payments' is string, not integral");
        }

        @Test
        void refusesWhatHasNoValue() {
            String message = "Column 'ratio' of feature group 'payments' has no value: ask with find or has first, or"
                    + " give the feature a default";
            refuses(() -> record.get(RATIO), message);
            refuses(() -> record.getDouble(RATIO), message);
        }

        @Test
        void doesNotApplyDefaults() {
            assertThat(record.find(RATIO.withDefault(1.0))).isEmpty();
        }

        @Test
        void refusesFeaturesOfOtherGroups() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> record.has(Feature.string("city")))
                    .withMessage("Feature 'city' is not in feature group 'payments'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> record.get(Feature.string("ratio")))
                    .withMessage("Feature 'ratio' is fractional in feature group 'payments', not string: use the"
                            + " constant the definition was made with");
        }

        @Test
        void takesIncompleteRecordsAsTheyWereStored() {
            FeatureRecord stored = FeatureRecord.ofStored(
                    GROUP, FeatureValues.builder(GROUP.columns()).set(0, "p-1").build());

            assertThat(stored.recordIdentifier()).isEqualTo("p-1");
            assertThat(stored.has(TIME)).isFalse();
            refuses(
                    () -> GROUP.rowMapper().toRecord(GROUP, stored),
                    "A record of feature group 'payments' lacks 'time', 'count': a put replaces the whole record, so"
                            + " every required feature must be in it");
        }

        @Test
        void refusesValuesOfOtherColumns() {
            FeatureGroup<FeatureRecord> other = FeatureGroup.named("clicks")
                    .recordIdentifier(ID)
                    .eventTime(TIME)
                    .onlineStore()
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureRecord.ofStored(
                            GROUP, FeatureValues.builder(other.columns()).build()))
                    .withMessage("The values are of feature group 'clicks', not of feature group 'payments'");
        }
    }

    @Test
    void equalityIsOfGroupNameAndValues() {
        FeatureGroup<FeatureRecord> other = FeatureGroup.fromJson(
                GROUP.toJson().replace("\"payments\"", "\"refunds\""), PERCENT.codec(), KILO.codec());
        FeatureRecord record = complete().build();

        assertThat(record)
                .isEqualTo(complete().build())
                .hasSameHashCodeAs(complete().build())
                .isNotEqualTo(complete().set(RATIO, 0.0).build())
                .isNotEqualTo(FeatureRecord.ofStored(other, record.values()))
                .isNotEqualTo("record");
    }

    @Test
    void widthIsNoMatter() {
        List<Feature<?>> features = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            features.add(
                    switch (i % 4) {
                        case 0 -> Feature.integral("f" + i);
                        case 1 -> Feature.fractional("f" + i);
                        case 2 -> Feature.string("f" + i);
                        default -> Feature.instant("f" + i);
                    });
        }
        FeatureGroup<FeatureRecord> wide =
                Definitions.online().features(features).build();
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            FeatureRecord.Builder builder =
                    wide.newRecord().set(Definitions.ID, "a").set(Definitions.TIME, NOW);
            Object[] values = new Object[200];
            for (int i = 0; i < 200; i++) {
                if (random.nextInt(3) > 0) {
                    values[i] = switch (i % 4) {
                        case 0 -> random.nextLong();
                        case 1 -> random.nextGaussian();
                        case 2 -> "text" + random.nextInt();
                        default -> NOW.plusNanos(random.nextInt());
                    };
                }
                builder.set("f" + i, values[i]);
            }
            FeatureRecord record = builder.build();
            for (int i = 0; i < 200; i++) {
                assertThat(record.find(features.get(i)).orElse(null))
                        .as("seed %s, feature %s", seed, i)
                        .isEqualTo(values[i]);
            }
        }
    }
}
