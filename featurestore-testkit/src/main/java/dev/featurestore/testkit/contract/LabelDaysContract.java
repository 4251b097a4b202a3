package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.law.RandomHistory;
import dev.featurestore.testkit.law.ServedLabel;
import dev.featurestore.testkit.law.Trouble;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which labels an offline store says were touched by new rows, held up to {@link LocalOfflineStore}. Extend it in a test and
 * supply the store.
 */
public abstract class LabelDaysContract {
    private static final Feature<String> CARD = Feature.string("card_id");

    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    private static final Feature<Long> COUNT = Feature.integral("txn_count");

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(group("cards"), select -> select.key("card_id").features(COUNT))
            .from(
                    group("aged"),
                    select -> select.key("card_id")
                            .prefix("aged_")
                            .features(COUNT)
                            .maxAge(Duration.ofHours(20)))
            .build();

    /** For subclasses. */
    protected LabelDaysContract() {}

    private static FeatureGroup<FeatureRecord> group(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .features(COUNT)
                .onlineStore(online -> {})
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .stampArrivalTime(Feature.instant("arrived_at"))
                .stampWriteOrigin(Feature.string("origin"))
                .build();
    }

    /** A store over all rows of a local one, which is flushed. */
    protected abstract OfflineStore open(LocalOfflineStore local);

    /** Rows that count from their event time. */
    @Test
    void labelsAndTouchedLabelsAreCountedByDayInEventTimeMode(@TempDir Path folder) {
        check(PointInTime.eventTime(), folder);
    }

    /** Rows that count from their arrival. */
    @Test
    void labelsAndTouchedLabelsAreCountedByDayInAsServedMode(@TempDir Path folder) {
        check(PointInTime.asServed(), folder);
    }

    /** Random lives of some days, of which the last rows are new. */
    private void check(PointInTime rule, Path folder) {
        ManualClock clock = ManualClock.startingAt(Instant.parse("2025-03-01T23:59:00Z"));
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock);
                InMemoryFeatureStore memory = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            List<SpineRow> labels = new ArrayList<>();
            for (int day = 0; day < 5; day++) {
                play(memory, clock, day, labels);
                clock.advance(Duration.ofHours(23));
            }
            Instant since = clock.instant();
            play(memory, clock, 5, labels);
            clock.advance(Duration.ofSeconds(2));
            put(memory, clock.instant().minus(Duration.ofHours(60)));
            clock.advance(Duration.ofSeconds(2));
            local.flush();
            OfflineStore store = open(local);

            compare(store, local, set(labels, rule), since);
            compare(store, local, set(labels, rule), Instant.parse("2000-01-01T00:00:00Z"));
            List<LabelDay> before = store.labelDays(set(labels, rule), since);
            assertThat(store.labelDays(set(labels, rule), since)).containsExactlyInAnyOrderElementsOf(before);
            labels.add(labels.get(0));
            assertThat(store.labelDays(set(labels, rule), since))
                    .as("with a label twice")
                    .filteredOn(day -> !before.contains(day))
                    .hasSize(1);
        }
    }

    private static void play(InMemoryFeatureStore memory, ManualClock clock, int day, List<SpineRow> labels) {
        EnumSet<Trouble> troubles = EnumSet.of(Trouble.LATE_ROWS, Trouble.SOFT_DELETES, Trouble.BACKFILLS);
        for (ServedLabel served : new RandomHistory(VIEW, 0, day, troubles).play(memory, clock, 40)) {
            labels.add(served.label());
        }
    }

    private static void put(InMemoryFeatureStore memory, Instant eventTime) {
        FeatureGroup<FeatureRecord> cards = group("cards");
        memory.group(cards)
                .put(cards.newRecord()
                        .set(CARD, "01")
                        .set(TIME, eventTime)
                        .setLong(COUNT, 7)
                        .build());
    }

    private static TrainingSet set(List<SpineRow> labels, PointInTime rule) {
        return TrainingSet.of(VIEW, Spine.rows(labels)).withPointInTime(rule);
    }

    private static void compare(OfflineStore store, LocalOfflineStore local, TrainingSet set, Instant since) {
        List<LabelDay> expected = local.labelDays(set, since).stream()
                .sorted(Comparator.comparing(LabelDay::day))
                .toList();
        List<LabelDay> actual = store.labelDays(set, since).stream()
                .sorted(Comparator.comparing(LabelDay::day))
                .toList();
        assertThat(expected).hasSizeGreaterThan(3);
        assertThat(actual)
                .extracting(LabelDay::day)
                .isEqualTo(expected.stream().map(LabelDay::day).toList());
        assertThat(actual)
                .extracting(LabelDay::labels)
                .isEqualTo(expected.stream().map(LabelDay::labels).toList());
        assertThat(actual)
                .extracting(LabelDay::touched)
                .isEqualTo(expected.stream().map(LabelDay::touched).toList());
    }
}
