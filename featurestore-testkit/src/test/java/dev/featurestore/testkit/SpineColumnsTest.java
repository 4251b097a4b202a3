package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What columns of a spine may hold: keys of other types, and times that are none. */
class SpineColumnsTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> HOUSEHOLD = Feature.integral("household");
    private static final Feature<LocalDate> DAY = Feature.localDate("day");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> HOUSEHOLDS = group("households", HOUSEHOLD);
    private static final FeatureGroup<FeatureRecord> DAYS = group("days", DAY);

    private static final FeatureView BY_HOUSEHOLD = view(HOUSEHOLDS);
    private static final FeatureView BY_DAY = view(DAYS);

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private LocalOfflineStore local;

    private InMemoryFeatureStore store;

    private static FeatureGroup<FeatureRecord> group(String name, Feature<?> identifier) {
        return FeatureGroup.named(name)
                .recordIdentifier(identifier)
                .eventTime(TIME)
                .features(COUNT)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private static FeatureView view(FeatureGroup<FeatureRecord> group) {
        return FeatureView.named("model")
                .from(group, select -> select.key("key").features(COUNT))
                .build();
    }

    @BeforeEach
    void write() {
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        store = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        store.group(HOUSEHOLDS)
                .put(HOUSEHOLDS
                        .newRecord()
                        .set(HOUSEHOLD, 2L)
                        .set(TIME, NOON)
                        .set(COUNT, 7L)
                        .build());
        store.group(DAYS)
                .put(DAYS.newRecord()
                        .set(DAY, LocalDate.of(2025, 3, 10))
                        .set(TIME, NOON)
                        .set(COUNT, 8L)
                        .build());
    }

    @AfterEach
    void close() {
        store.close();
        local.close();
    }

    private Optional<Long> trained(FeatureView view, Spine spine) {
        try (TrainingRows rows = local.run(TrainingSet.of(view, spine).with(PointInTime.eventTime()))) {
            List<TrainingRow> all = new ArrayList<>();
            rows.forEach(all::add);
            assertThat(all).hasSize(1);
            return all.get(0).vector().find(COUNT);
        }
    }

    private void export(FeatureView view, Spine spine) {
        local.export(TrainingSet.of(view, spine).with(PointInTime.eventTime()), folder.resolve("set.parquet"));
    }

    @Test
    void aStreamedQueryThatFailsSaysWhereToLook() {
        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, query("'two'")))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("export the same set to a file to see the reason");
    }

    private static Spine query(String key) {
        return Spine.query("SELECT " + key + " AS key, TIMESTAMP '2025-03-10 12:00:01' AS t")
                .time("t", LabelTime.TIMESTAMP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2::INTEGER", "2::DOUBLE", "'2'", "2.0::DECIMAL(5,2)"})
    void aWholeNumberIsFoundWhateverTheColumnsType(String key) {
        assertThat(trained(BY_HOUSEHOLD, query(key))).contains(7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5::DOUBLE", "1.6", "2.4::FLOAT", "'two'", "''", "'NaN'::DOUBLE"})
    void aKeyThatIsNoWholeNumberIsNobodyElses(String key) {
        assertThatThrownBy(() -> export(BY_HOUSEHOLD, query(key)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("The spine's key \"key\" is not a whole number");
    }

    @Test
    void aNumberWithAPointIsNoText() {
        assertThatThrownBy(() -> export(BY_DAY, query("5.0::DOUBLE")))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("The spine's key \"key\" is not a whole number or text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATE '2025-03-10'", "'2025-03-10'"})
    void aDateIsFoundByItsStoredText(String key) {
        assertThat(trained(BY_DAY, query(key))).contains(8L);
    }

    @Test
    void rowsInMemoryNameIdentifiersByTheirStoredTextOnBothEngines() {
        for (Object key : new Object[] {2, 2L, "2", "002"}) {
            Spine spine = Spine.rows(List.of(SpineRow.of(NOON.plusSeconds(1), Map.of("key", key))));
            assertThat(trained(BY_HOUSEHOLD, spine)).contains(7L);
            assertThat(onTheHeap(BY_HOUSEHOLD, spine)).contains(7L);
        }
        Spine day = Spine.rows(List.of(SpineRow.of(NOON.plusSeconds(1), Map.of("key", "2025-03-10"))));
        assertThat(trained(BY_DAY, day)).contains(8L);
        assertThat(onTheHeap(BY_DAY, day)).contains(8L);
    }

    @Test
    void aKeyThatIsNoIdentifierIsRefusedOnTheHeapToo() {
        Spine spine = Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", "two"))));

        assertThatThrownBy(() -> onTheHeap(BY_HOUSEHOLD, spine))
                .isInstanceOf(RecordMappingException.class)
                .hasMessage("The spine's key 'key' holds a String that is no identifier of feature group 'households'");
    }

    private Optional<Long> onTheHeap(FeatureView view, Spine spine) {
        try (InMemoryFeatureStore heap = InMemoryFeatureStore.create(clock)) {
            heap.group(HOUSEHOLDS)
                    .put(HOUSEHOLDS
                            .newRecord()
                            .set(HOUSEHOLD, 2L)
                            .set(TIME, NOON)
                            .set(COUNT, 7L)
                            .build());
            heap.group(DAYS)
                    .put(DAYS.newRecord()
                            .set(DAY, LocalDate.of(2025, 3, 10))
                            .set(TIME, NOON)
                            .set(COUNT, 8L)
                            .build());
            try (TrainingRows rows = heap.view(view)
                    .trainingSet(spine)
                    .with(PointInTime.eventTime())
                    .run()) {
                return rows.iterator().next().vector().find(COUNT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NULL::TIMESTAMP, TIMESTAMP", "NULL::VARCHAR, ISO_8601", "NULL::BIGINT, EPOCH_MILLIS"})
    void aLabelWithoutTimeFailsTheQuery(String time, LabelTime form) {
        Spine spine = Spine.query("SELECT 2 AS key, " + time + " AS t").time("t", form);

        assertThatThrownBy(() -> export(BY_HOUSEHOLD, spine))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("The spine's label time is null");
    }

    @Test
    void aPartOfAMillisecondIsNotRoundedAcrossTheLabel() {
        Spine spine =
                Spine.query("SELECT 2 AS key, 1741608000000.7::DOUBLE AS t").time("t", LabelTime.EPOCH_MILLIS);

        assertThatThrownBy(() -> export(BY_HOUSEHOLD, spine))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("label time is not a whole number of milliseconds");
    }
}
