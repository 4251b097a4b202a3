package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.RecordMappingException;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Groups whose rows are Java records. */
class RecordClassGroupTest {
    enum Channel {
        WEB,
        BRANCH {
            @Override
            boolean isRemote() {
                return false;
            }
        };

        boolean isRemote() {
            return true;
        }
    }

    record Everything(
            @RecordIdentifier String customerId,
            @EventTime Instant eventTime,
            long txnCount60s,
            int daysOpen,
            double amountRatio7d,
            float score,
            boolean isNew,
            @Nullable Long boxedLong,
            @Nullable Integer boxedInt,
            @Nullable Double boxedDouble,
            @Nullable Float boxedFloat,
            @Nullable Boolean boxedBoolean,
            @Nullable Channel channel,
            @Nullable Instant lastSeen,
            @Nullable LocalDate birthday,
            @Nullable BigDecimal balance,
            @Nullable Duration session,
            @FeatureName("Free-Text") @Nullable String note) {}

    private static final Instant TIME = Instant.parse("2025-01-31T10:15:30.123456789Z");

    private static final Everything FULL = new Everything(
            "c-1",
            TIME,
            Long.MIN_VALUE,
            Integer.MAX_VALUE,
            -0.0,
            0.1f,
            true,
            7L,
            8,
            0.5,
            1.5f,
            false,
            Channel.BRANCH,
            TIME.minusSeconds(1),
            LocalDate.of(1990, 2, 28),
            new BigDecimal("10.50"),
            Duration.ofMillis(1500),
            "");

    private static final Everything SPARSE = new Everything(
            "c-2", TIME, 0, 0, 0, 0, false, null, null, null, null, null, null, null, null, null, null, null);

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static <R extends Record> FeatureGroup.Builder<R> groupOf(Class<R> type) {
        return FeatureGroup.ofRecord("customers", type, LOOKUP).onlineStore();
    }

    @Nested
    class Definition {
        @Test
        void takesNamesFromComponentsInSnakeCase() {
            assertThat(groupOf(Everything.class).build().features())
                    .extracting(Feature::name)
                    .containsExactly(
                            "customer_id",
                            "event_time",
                            "txn_count60s",
                            "days_open",
                            "amount_ratio7d",
                            "score",
                            "is_new",
                            "boxed_long",
                            "boxed_int",
                            "boxed_double",
                            "boxed_float",
                            "boxed_boolean",
                            "channel",
                            "last_seen",
                            "birthday",
                            "balance",
                            "session",
                            "Free-Text");
        }

        @Test
        void takesCodecsFromTypes() {
            assertThat(groupOf(Everything.class).build().features())
                    .extracting(feature -> feature.codec().name())
                    .containsExactly(
                            "string",
                            "iso-8601/9",
                            "integral",
                            "integer",
                            "fractional",
                            "float",
                            "boolean",
                            "integral",
                            "integer",
                            "fractional",
                            "float",
                            "boolean",
                            "enum[BRANCH,WEB]",
                            "iso-8601/9",
                            "local-date",
                            "decimal",
                            "duration",
                            "string");
        }

        @Test
        void requiresPrimitives() {
            assertThat(groupOf(Everything.class).build().features())
                    .filteredOn(Feature::isRequired)
                    .extracting(Feature::name)
                    .containsExactly("txn_count60s", "days_open", "amount_ratio7d", "score", "is_new");
        }

        @Test
        void findsTheKeysWhereverTheyAre() {
            record KeysLast(
                    double amount,
                    @EventTime(fractionDigits = 3) Instant at,
                    @RecordIdentifier long id) {}

            FeatureGroup<KeysLast> group = groupOf(KeysLast.class).build();

            assertThat(group.recordIdentifier()).isEqualTo(Feature.integral("id"));
            assertThat(group.eventTime()).isEqualTo(Feature.eventTime("at", EventTimeFormat.iso8601(3)));
            KeysLast row = new KeysLast(1.5, Instant.ofEpochMilli(1), 42);
            assertThat(group.rowMapper().fromRecord(group.rowMapper().toRecord(group, row)))
                    .isEqualTo(row);
        }

        @Test
        void givesTypedFeatures() {
            FeatureGroup<Everything> group = groupOf(Everything.class).build();

            Feature<Long> count = group.feature("txn_count60s", Long.class);

            assertThat(count).isEqualTo(Feature.integral("txn_count60s").required());
        }

        @Test
        void takesRunsOfCapitalsAsOneWord() {
            record Odd(
                    @RecordIdentifier String userID,
                    @EventTime Instant t,
                    @Nullable Long aB,
                    @Nullable Long URL,
                    @Nullable Long lastHTTPCode) {}

            assertThat(groupOf(Odd.class).build().features())
                    .extracting(Feature::name)
                    .containsExactly("user_id", "t", "a_b", "url", "last_http_code");
        }

        @Test
        void takesFurtherFeatures() {
            FeatureGroup<Everything> group = groupOf(Everything.class)
                    .features(Feature.string("legacy"))
                    .stampWriteOrigin(Feature.string("origin"))
                    .build();

            assertThat(group.rowMapper().fromRecord(group.rowMapper().toRecord(group, FULL)))
                    .isEqualTo(FULL);
        }
    }

    @Nested
    class Mapping {
        private final FeatureGroup<Everything> group = groupOf(Everything.class).build();

        @Test
        void givesBackEveryRow() {
            for (Everything row : List.of(FULL, SPARSE)) {
                FeatureRecord record = group.rowMapper().toRecord(group, row);

                assertThat(group.rowMapper().fromRecord(record)).isEqualTo(row);
            }
        }

        @Test
        void leavesOutNulls() {
            FeatureRecord record = group.rowMapper().toRecord(group, SPARSE);

            assertThat(group.features().stream().filter(record::has).map(Feature::name))
                    .containsExactly(
                            "customer_id",
                            "event_time",
                            "txn_count60s",
                            "days_open",
                            "amount_ratio7d",
                            "score",
                            "is_new");
        }

        @Test
        void refusesNullKeys() {
            Everything keyless = new Everything(
                    Nulls.of(),
                    Nulls.of(),
                    0,
                    0,
                    0,
                    0,
                    false,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> group.rowMapper().toRecord(group, keyless))
                    .withMessage(
                            "A record of feature group 'customers' lacks 'customer_id', 'event_time': a put replaces"
                                    + " the whole record, so every required feature must be in it");
        }

        @Test
        void refusesWhatCannotBeStored() {
            record Ratio(
                    @RecordIdentifier String id,
                    @EventTime(fractionDigits = 0) Instant time,
                    double ratio) {}
            FeatureGroup<Ratio> ratios = groupOf(Ratio.class).build();

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> ratios.rowMapper().toRecord(ratios, new Ratio("a", Instant.EPOCH, Double.NaN)))
                    .withMessage(
                            "Cannot write column 'ratio' of feature group 'customers' as fractional: expected a finite"
                                    + " number, got NaN; leave the feature out where there is no value");
        }

        @Test
        void refusesRecordsWithoutAPrimitive() {
            FeatureValues.Builder values = FeatureValues.builder(group.columns());
            FeatureRecord keys = FeatureRecord.ofStored(
                    group, values.set(0, "c-1").set(1, TIME).build());

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> group.rowMapper().fromRecord(keys))
                    .withMessage("Column 'txn_count60s' of feature group 'customers' has no value, and component"
                            + " 'txnCount60s' of Everything is a primitive: make it a boxed type, or give the feature a"
                            + " default");
        }

        @Test
        void refusesRecordsOfOtherGroups() {
            FeatureGroup<FeatureRecord> other = Definitions.online().build();
            FeatureRecord record = other.newRecord()
                    .set(Definitions.ID, "a")
                    .set(Definitions.TIME, TIME)
                    .build();

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> group.rowMapper().fromRecord(record))
                    .withMessage(
                            "Component 'customerId' of Everything stands for column 'customer_id', which feature group"
                                    + " 'payments' does not have");
        }

        @Test
        void readsRowsOfAnEqualGroup() {
            FeatureGroup<FeatureRecord> read = FeatureGroup.fromJson(
                    group.toJson(), group.feature("channel", Channel.class).codec());
            FeatureRecord record = group.rowMapper().toRecord(group, FULL);

            assertThat(read).isEqualTo(group);
            assertThat(group.rowMapper().fromRecord(FeatureRecord.ofStored(read, record.values())))
                    .isEqualTo(FULL);
        }

        @Test
        void doesNotQuoteWhatTheRecordItselfThrows() {
            record Picky(
                    @RecordIdentifier String id, @EventTime Instant time, long count) {
                Picky {
                    if (count < 0) {
                        throw new IllegalStateException("negative");
                    }
                }
            }
            FeatureGroup<Picky> picky = groupOf(Picky.class).build();
            assertThat(picky.rowMapper()
                            .toRecord(picky, new Picky("a", TIME, 0))
                            .values()
                            .isPresent(2))
                    .isTrue();
            FeatureRecord record = FeatureRecord.ofStored(
                    picky,
                    FeatureValues.builder(picky.columns())
                            .set(0, "a")
                            .set(1, TIME)
                            .setLong(2, -1)
                            .build());

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> picky.rowMapper().fromRecord(record))
                    .withMessage("The constructor of Picky refused the values of feature group 'customers' with"
                            + " IllegalStateException")
                    .withNoCause();
        }
    }

    @Nested
    class Serialization {
        @Test
        void keepsTheGroupAndItsMapping() throws Exception {
            FeatureGroup<Everything> group = groupOf(Everything.class).build();

            FeatureGroup<Everything> copy = Serialized.copy(group);

            assertThat(copy).isEqualTo(group);
            assertThat(copy.rowMapper().fromRecord(copy.rowMapper().toRecord(copy, FULL)))
                    .isEqualTo(FULL);
        }

        @Test
        void keepsRecords() throws Exception {
            FeatureGroup<Everything> group = groupOf(Everything.class).build();
            FeatureRecord record = group.rowMapper().toRecord(group, FULL);

            FeatureRecord copy = Serialized.copy(record);

            assertThat(copy).isEqualTo(record);
            assertThat(group.rowMapper().fromRecord(copy)).isEqualTo(FULL);
        }
    }
}
