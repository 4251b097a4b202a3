package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/semantics.md}: its first table is written, its second is what training has. */
class SemanticsExampleTest {
    private static final Feature<String> CARD = Feature.string("card_id");

    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card_id").features(COUNT).maxAge(Duration.ofHours(1)))
            .build();

    private final ManualClock clock = ManualClock.startingAt(time("00:00:00"));

    private static Instant time(String ofDay) {
        return Instant.parse("2025-03-10T" + ofDay + "Z");
    }

    /** The cells of the tables that begin with a time. */
    private static List<List<List<String>>> tables() throws IOException {
        List<List<List<String>>> tables = new ArrayList<>();
        String section = MarkdownPage.read("docs/semantics.md")
                .section("Point in time")
                .text()
                .replaceAll("(?s).*### An example", "")
                .replaceAll("(?s)\n### .*", "");
        for (String line : section.lines().toList()) {
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            if (line.startsWith("|---")) {
                tables.add(new ArrayList<>());
            } else if (cells.size() > 3 && cells.get(1).matches("[0-9:.]+")) {
                tables.get(tables.size() - 1).add(cells.subList(1, cells.size()));
            }
        }
        return tables;
    }

    private void write(InMemoryFeatureStore store, List<String> row) {
        clock.set(time(row.get(0)));
        if (row.get(2).equals("deleted")) {
            store.group(CARDS).delete("card-1", time(row.get(1)), DeletionMode.SOFT_DELETE);
            return;
        }
        store.group(CARDS)
                .put(CARDS.newRecord()
                        .set(CARD, "card-1")
                        .set(TIME, time(row.get(1)))
                        .set(COUNT, Long.valueOf(row.get(2)))
                        .build());
    }

    private static Map<Instant, String> trained(InMemoryFeatureStore store, List<SpineRow> labels, PointInTime rule) {
        Map<Instant, String> counts = new TreeMap<>();
        try (TrainingRows rows = store.view(VIEW)
                .trainingSet(Spine.rows(labels))
                .withPointInTime(rule)
                .run()) {
            for (TrainingRow row : rows) {
                counts.put(
                        row.spine().time(),
                        row.vector().find(COUNT).map(String::valueOf).orElse("none"));
            }
        }
        return counts;
    }

    @Test
    void trainingHasWhatTheTableSays(@TempDir Path folder) throws IOException {
        List<List<List<String>>> tables = tables();
        assertThat(tables).hasSize(2);
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            tables.get(0).forEach(row -> write(store, row));
            clock.advance(Duration.ofDays(1));
            Map<Instant, String> eventTime = new TreeMap<>();
            Map<Instant, String> asServed = new TreeMap<>();
            List<SpineRow> labels = new ArrayList<>();
            for (List<String> row : tables.get(1)) {
                Instant time = time(row.get(0));
                labels.add(SpineRow.of(time, Map.of("card_id", "card-1")));
                eventTime.put(time, row.get(1));
                asServed.put(time, row.get(2));
            }

            assertThat(labels).hasSizeGreaterThan(10);
            assertThat(trained(store, labels, PointInTime.eventTime())).isEqualTo(eventTime);
            assertThat(trained(store, labels, PointInTime.asServed())).isEqualTo(asServed);
        }
    }
}
