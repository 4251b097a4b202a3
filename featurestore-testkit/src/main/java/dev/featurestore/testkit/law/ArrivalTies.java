package dev.featurestore.testkit.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.PointInTimeEvaluator;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one event time that arrived within one second, in whatever order the files hold them: the last one written counts,
 * and no delete among them hides it. Random histories have too few of these to tell a rule from an engine's habit.
 */
public final class ArrivalTies {
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

    private ArrivalTies() {}

    /**
     * Shuffles the rows and compares.
     *
     * @param folder for files, of this check alone
     * @param engine given a store whose files are written, an offline store that runs over them
     * @throws AssertionError if another row was taken; its message has the seed
     */
    public static void check(long seed, Path folder, Function<LocalOfflineStore, ? extends OfflineStore> engine) {
        List<OfflineRow> rows = new ArrayList<>();
        for (int written = 0; written < ROWS; written++) {
            rows.add(row(written, Integer.toString(written)));
        }
        rows.add(row(ROWS + 1, null));
        Collections.shuffle(rows, new Random(seed));
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, ManualClock.startingAt(NOON.plusSeconds(60)))) {
            rows.forEach(row -> local.append(CARDS, row));
            local.flush();
            OfflineStore queries = engine.apply(local);
            for (PointInTime rule : List.of(PointInTime.asServed(), PointInTime.eventTime())) {
                TrainingSet set = TrainingSet.of(
                                VIEW, Spine.rows(List.of(SpineRow.of(NOON.plusSeconds(2), Map.of("id", "a")))))
                        .withPointInTime(rule);
                assertThat(trained(queries, set)).as("seed %s, %s", seed, rule).contains(ROWS - 1L);
                assertThat(PointInTimeEvaluator.evaluate(set, group -> rows)
                                .get(0)
                                .vector()
                                .find(COUNT))
                        .contains(ROWS - 1L);
            }
        }
    }

    /** A record, or without a count a delete. */
    private static OfflineRow row(int written, @Nullable String count) {
        WireRecord record = count == null
                ? WireRecord.of(new String[] {"id", "ts"}, new Object[] {"a", "2025-03-10T12:00:00Z"})
                : WireRecord.of(new String[] {"id", "ts", "count"}, new Object[] {"a", "2025-03-10T12:00:00Z", count});
        Instant writeTime = NOON.plusMillis(written);
        return new OfflineRow(record, count == null, NOON, writeTime, writeTime);
    }

    private static Optional<Long> trained(OfflineStore queries, TrainingSet set) {
        try (TrainingRows result = queries.run(set)) {
            return result.iterator().next().vector().find(COUNT);
        }
    }
}
