package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.LeakReport;
import dev.featurestore.ModeComparison;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reports of a leak check and of a comparison of modes, as the client gives them. */
class TrainingSetChecksTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<String> CITY = Feature.string("city");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(AMOUNT, CITY)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card").features(AMOUNT, CITY))
            .build();

    /** As many labels before the late record as after it. */
    private static final int LABELS = 150;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private final List<SpineRow> labels = new ArrayList<>();

    @BeforeEach
    void makeLabels() {
        for (int i = 0; i < LABELS; i++) {
            labels.add(SpineRow.of(NOON.plusSeconds(60 + i), Map.of("card", "a")));
            labels.add(SpineRow.of(NOON.plusSeconds(3700 + i), Map.of("card", "a")));
        }
    }

    /** A record on time, and an hour later one whose event was soon after it, with the same city. */
    private TrainingSetClient write(InMemoryFeatureStore store) {
        put(store, NOON, 1.0);
        clock.set(NOON.plusSeconds(3600));
        put(store, NOON.plusSeconds(1), 2.0);
        clock.set(NOON.plusSeconds(7200));
        return store.view(VIEW).trainingSet(Spine.rows(labels));
    }

    private static void put(InMemoryFeatureStore store, Instant eventTime, double amount) {
        store.group(CARDS)
                .put(CARDS.newRecord()
                        .set(CARD, "a")
                        .set(TIME, eventTime)
                        .set(AMOUNT, amount)
                        .set(CITY, "Ghent")
                        .build());
    }

    @Test
    void aComparisonCountsLabelsByGroupAndByColumn() {
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            List<ModeDifference> all = new ArrayList<>();

            ModeComparison comparison = write(store).compareModes(all::add);

            assertThat(comparison.labels()).isEqualTo(LABELS);
            assertThat(comparison.groups()).isEqualTo(Map.of("cards", (long) LABELS));
            assertThat(comparison.columns()).isEqualTo(Map.of("amount", (long) LABELS));
            assertThat(comparison.examples()).hasSize(ModeComparison.MAX_EXAMPLES);
            assertThat(all).hasSize(LABELS).containsAll(comparison.examples());
            assertThat(comparison).hasToString("150 labels differ, by group {cards=150}, by column {amount=150}");
        }
    }

    @Test
    void aSetInPlainJavaHasNoQueryToCheck() {
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            TrainingSetClient set = write(store);

            assertThatExceptionOfType(UnsupportedCapabilityException.class)
                    .isThrownBy(set::leakCheck)
                    .withMessageContaining("cannot check training set");
        }
    }

    @Test
    void aReportCountsRowsByGroupAndKind(@TempDir Path folder) {
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            TrainingSetClient served = write(store);
            Path file = folder.resolve("set.parquet");
            served.withPointInTime(PointInTime.eventTime())
                    .withAudit(AuditColumn.EVENT_TIME)
                    .unload(file.toUri());
            Spine.Source produced = Spine.Source.query("SELECT * FROM read_parquet('" + file + "')");
            List<Leak> all = new ArrayList<>();

            LeakReport report = served.leakCheck(produced, all::add);

            assertThat(served.leakCheck().isClean()).isTrue();
            assertThat(served.leakCheck()).hasToString("no leaks");
            assertThat(report.isClean()).isFalse();
            assertThat(report.rows()).isEqualTo(LABELS);
            assertThat(report.groups()).isEqualTo(Map.of("cards", Map.of(Leak.Kind.LATER, (long) LABELS)));
            assertThat(report.examples()).hasSize(LeakReport.MAX_EXAMPLES);
            assertThat(all).hasSize(LABELS).containsAll(report.examples());
            assertThat(report).hasToString("150 rows with leaks: {cards={LATER=150}}");
            assertThat(served.withPointInTime(PointInTime.eventTime())
                            .leakCheck(produced)
                            .isClean())
                    .isTrue();
        }
    }

    @Test
    void aSetWithoutEventTimesCannotBeChecked(@TempDir Path folder) {
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            TrainingSetClient set = write(store);
            Path file = folder.resolve("set.parquet");
            set.unload(file.toUri());

            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> set.leakCheck(Spine.Source.query("SELECT * FROM read_parquet('" + file + "')")))
                    .withMessageContaining("cards__event_time");
        }
    }
}
