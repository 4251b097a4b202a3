package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of one event time that arrived within one second are told apart by write time, in whatever order the files hold them. */
class ArrivalTiesTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(Feature.string("id"))
            .eventTime(Feature.eventTime("ts"))
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("id").features(COUNT))
            .build();

    private static final int ROWS = 50;

    @TempDir
    Path folder;

    private static OfflineRow row(int written) {
        WireRecord record = WireRecord.of(
                new String[] {"id", "ts", "count"},
                new Object[] {"a", "2025-03-10T12:00:00Z", Integer.toString(written)});
        Instant writeTime = NOON.plusMillis(written);
        return new OfflineRow(record, false, NOON, writeTime, writeTime);
    }

    private static OfflineRow deleted(int written) {
        WireRecord record = WireRecord.of(new String[] {"id", "ts"}, new Object[] {"a", "2025-03-10T12:00:00Z"});
        Instant writeTime = NOON.plusMillis(written);
        return new OfflineRow(record, true, NOON, writeTime, writeTime);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theLastWrittenOfThemIsTheLatestAndNoDeleteHidesIt(long seed) {
        List<OfflineRow> rows = new ArrayList<>();
        for (int written = 0; written < ROWS; written++) {
            rows.add(row(written));
        }
        rows.add(deleted(ROWS + 1));
        Collections.shuffle(rows, new Random(seed));

        try (LocalOfflineStore local =
                LocalOfflineStore.at(folder.resolve("store"), ManualClock.startingAt(NOON.plusSeconds(60)))) {
            rows.forEach(row -> local.append(CARDS, row));
            for (PointInTime rule : List.of(PointInTime.asServed(), PointInTime.eventTime())) {
                TrainingSet set = TrainingSet.of(
                                VIEW, Spine.rows(List.of(SpineRow.of(NOON.plusSeconds(2), Map.of("id", "a")))))
                        .with(rule);

                assertThat(trained(local, set)).as("seed %s, %s", seed, rule).contains(ROWS - 1L);
                assertThat(PointInTimeEvaluator.evaluate(set, group -> rows)
                                .get(0)
                                .vector()
                                .find(COUNT))
                        .contains(ROWS - 1L);
            }
        }
    }

    private static Optional<Long> trained(LocalOfflineStore local, TrainingSet set) {
        try (TrainingRows result = local.run(set)) {
            return result.iterator().next().vector().find(COUNT);
        }
    }
}
