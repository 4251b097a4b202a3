package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The law the library lives by: the training row of a label is what the store would have returned at the label's time. And
 * the SQL gives the rows that the evaluator defines. Each seed makes definitions of its own and plays several histories on
 * them.
 */
class PointInTimeLawTest {
    private static final int HISTORIES_A_SEED = 20;

    private static final int STEPS = 30;

    private static final int SEEDS = 60;

    private static final int SOAK_SEEDS = 2_000;

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void trainingRowsAreWhatWasServed(long seed) {
        new Trial(seed).run(folder.resolve("store"));
    }

    @Test
    @Tag("soak")
    void trainingRowsAreWhatWasServedOverManySeeds() {
        for (long seed = SEEDS; seed < SEEDS + SOAK_SEEDS; seed++) {
            new Trial(seed).run(folder.resolve("store-" + seed));
        }
    }

    /** How sharply the offline store knows when a row arrived. */
    private enum Arrival {
        /** In milliseconds, as fine as they are here. */
        EXACT,
        /** In seconds, with the arrival time that our own writers stamp, and no one else writing. */
        STAMPED,
        /** In seconds. */
        COARSE
    }

    /** One seed: definitions, histories, and the comparisons. */
    private static final class Trial {
        private final long seed;
        private final Random random;
        private final Arrival arrival;
        private final FeatureView view;
        private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
        private final ManualClock clock = ManualClock.startingAt(Instant.parse("2025-12-31T23:58:00Z"));
        private final InMemoryFeatureStore store;
        private final List<ServedLabel> served = new ArrayList<>();

        Trial(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.arrival = List.of(Arrival.values()).get((int) (seed % 3));
            FeatureGroup<FeatureRecord> cards = group("Cards", true);
            FeatureGroup<FeatureRecord> shops = group("shops", random.nextBoolean());
            this.view = view(cards, shops);
            for (Trouble trouble : Trouble.values()) {
                if (isKnowable(trouble) && random.nextInt(4) > 0) {
                    troubles.add(trouble);
                }
            }
            this.store = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .seed(seed)
                    .behaviour(ServiceBehaviour.defaults()
                            .withArrivalPrecision(arrival == Arrival.EXACT ? ChronoUnit.MILLIS : ChronoUnit.SECONDS)
                            .withExpiredRead(
                                    random.nextBoolean()
                                            ? ServiceBehaviour.ExpiredRead.FILTER
                                            : ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED))
                    .build();
        }

        /** What the offline store cannot tell is shown in SemanticsTest, not held against it here. */
        private boolean isKnowable(Trouble trouble) {
            return switch (trouble) {
                case HARD_DELETES -> false;
                case OTHER_WRITERS -> arrival != Arrival.STAMPED;
                case SOFT_DELETES -> arrival != Arrival.STAMPED;
                case BACKFILLS ->
                    view.selections().stream()
                            .allMatch(
                                    selection -> selection.group().provenance().writeOrigin() != null);
                default -> true;
            };
        }

        private FeatureGroup<FeatureRecord> group(String name, boolean textKeys) {
            boolean epoch = random.nextInt(4) == 0;
            FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(name)
                    .recordIdentifier(textKeys ? Feature.string(name + "_ID") : Feature.integral(name + "_ID"))
                    .eventTime(Feature.eventTime(
                            name + "_ts", epoch ? EventTimeFormat.epochSeconds(6) : EventTimeFormat.iso8601(9)))
                    .features(
                            Feature.integral(name + "_count").withDefault(0L),
                            Feature.fractional(name + "_ratio"),
                            Feature.fractional("Mean").withDefault(-0.0),
                            Feature.string("label").withDefault("it's \"none\""),
                            Feature.string("text"),
                            Feature.bool("flag"),
                            Feature.instant("since"))
                    .offlineStore(offline -> offline.s3Uri("s3://bucket/features"));
            if (random.nextBoolean()) {
                group.onlineStore(online -> online.ttl(Duration.ofSeconds(1 + random.nextInt(90))));
            } else {
                group.onlineStore();
            }
            if (arrival == Arrival.STAMPED || random.nextInt(3) == 0) {
                group.stampArrivalTime(Feature.instant("arrived_at"));
            }
            if (random.nextBoolean()) {
                group.stampWriteOrigin(Feature.string("write_origin"));
            }
            return group.build();
        }

        private FeatureView view(FeatureGroup<?> cards, FeatureGroup<?> shops) {
            return FeatureView.named("model")
                    .from(cards, select -> {
                        select.key("card_id").allFeatures();
                        if (random.nextBoolean()) {
                            select.maxAge(Duration.ofMillis(1 + random.nextInt(60_000)));
                        }
                    })
                    .from(shops, select -> {
                        select.key("shop_id").prefix("shop ").allFeatures();
                        if (random.nextInt(4) == 0) {
                            select.maxAge(Duration.ofMillis(1 + random.nextInt(60_000)));
                        }
                    })
                    .build();
        }

        void run(Path folder) {
            try {
                for (int history = 0; history < HISTORIES_A_SEED; history++) {
                    served.addAll(
                            new RandomHistory(view, history, random.nextLong(), troubles).play(store, clock, STEPS));
                }
                check(folder);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Seed " + seed + " with " + arrival + " arrival and " + troubles, e);
            }
        }

        private void check(Path folder) {
            assertThat(served).as("labels").hasSizeGreaterThan(HISTORIES_A_SEED);
            PointInTime asServed =
                    arrival == Arrival.EXACT ? PointInTime.asServed(Duration.ZERO) : PointInTime.asServed();
            List<TrainingRow> evaluated = evaluate(asServed);
            for (int i = 0; i < served.size(); i++) {
                if (arrival == Arrival.COARSE) {
                    neverLaterThanServed(served.get(i), evaluated.get(i));
                } else {
                    exactlyAsServed(served.get(i), evaluated.get(i));
                }
            }
            try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
                view.selections()
                        .forEach(selection -> store.history(selection.group())
                                .forEach(row -> local.log().append(selection.group(), row)));
                sameRows(local, asServed);
                sameRows(local, PointInTime.eventTime());
            }
        }

        private static void exactlyAsServed(ServedLabel label, TrainingRow row) {
            assertThat(row.vector().values())
                    .as("values at " + label.label().time())
                    .isEqualTo(label.vector().values());
            assertThat(found(row.vector().groups()))
                    .isEqualTo(found(label.vector().groups()));
        }

        /** A row may be missing that came in the last second, but none is there that had not come. */
        private void neverLaterThanServed(ServedLabel label, TrainingRow row) {
            for (int s = 0; s < view.selections().size(); s++) {
                Instant used = found(row.vector().groups()).get(s);
                boolean touched =
                        !Objects.equals(used, found(label.vector().groups()).get(s));
                List<OfflineRow> known = known(s, label.label());
                if (used != null) {
                    FeatureGroup<?> group = view.selections().get(s).group();
                    assertThat(known)
                            .as("rows that had arrived")
                            .anyMatch(one ->
                                    one.record().decode(group).eventTime().equals(used));
                }
                if (touched && !mixesStamps()) {
                    assertThat(known)
                            .as("arrivals in the label's last second")
                            .anyMatch(one ->
                                    one.arrivedAt().isAfter(label.label().time().minusSeconds(2)));
                }
            }
        }

        /** Where some rows of one group are stamped and some are not, rows of one event time are in no certain order. */
        private boolean mixesStamps() {
            return troubles.contains(Trouble.OTHER_WRITERS)
                    && view.selections().stream()
                            .anyMatch(
                                    selection -> selection.group().provenance().arrivalTime() != null);
        }

        private List<OfflineRow> known(int s, SpineRow label) {
            FeatureGroup<?> group = view.selections().get(s).group();
            String key = group.encodeIdentifier(
                    Objects.requireNonNull(label.get(view.selections().get(s).joinKey())));
            return store.history(group).stream()
                    .filter(row -> key.equals(
                                    row.record().text(group.recordIdentifier().name()))
                            && !row.arrivedAt().isAfter(label.time()))
                    .toList();
        }

        private static List<@Nullable Instant> found(List<GroupResult> groups) {
            List<@Nullable Instant> times = new ArrayList<>();
            for (GroupResult group : groups) {
                times.add(group.status() == GroupResult.Status.FOUND ? group.eventTime() : null);
            }
            return times;
        }

        private Spine spine() {
            List<SpineRow> rows = new ArrayList<>();
            for (ServedLabel label : served) {
                Map<String, @Nullable Object> values =
                        new LinkedHashMap<>(label.label().values());
                values.put("number", (long) rows.size());
                rows.add(SpineRow.of(label.label().time(), values));
            }
            Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
            unknown.put("card_id", null);
            unknown.put("shop_id", null);
            unknown.put("number", (long) rows.size());
            rows.add(SpineRow.of(clock.instant(), unknown));
            return Spine.rows(rows).keep("number");
        }

        private List<TrainingRow> evaluate(PointInTime rule) {
            return PointInTimeEvaluator.evaluate(TrainingSet.of(view, spine()).with(rule), store::history);
        }

        private void sameRows(LocalOfflineStore local, PointInTime rule) {
            TrainingSet set = TrainingSet.of(view, spine()).with(rule);
            List<TrainingRow> expected = evaluate(rule);
            List<@Nullable TrainingRow> actual = new ArrayList<>(Collections.nCopies(expected.size(), null));
            try (TrainingRows rows = local.run(set)) {
                for (TrainingRow row : rows) {
                    int number = ((Long) Objects.requireNonNull(row.spine().get("number"))).intValue();
                    assertThat(actual.set(number, row))
                            .as("second row of one label")
                            .isNull();
                }
            }
            for (int i = 0; i < expected.size(); i++) {
                TrainingRow row = actual.get(i);
                if (row == null) {
                    fail("no row for label " + i + " in " + rule);
                    return;
                }
                assertThat(row.vector().values())
                        .as("values of label %s in %s", i, rule)
                        .isEqualTo(expected.get(i).vector().values());
                assertThat(found(row.vector().groups()))
                        .isEqualTo(found(expected.get(i).vector().groups()));
                assertThat(row.spine()).isEqualTo(expected.get(i).spine());
            }
        }
    }
}
