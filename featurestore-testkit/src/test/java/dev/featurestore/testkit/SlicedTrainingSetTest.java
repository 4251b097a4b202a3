package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.SliceReport;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.SliceUnit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training sets in slices of label time: complete, and the same as if they had been built at once. */
class SlicedTrainingSetTest extends CardSlices {
    @Test
    void slicesTogetherAreTheSet() throws Exception {
        threeDays();

        SliceReport report = run(PointInTime.asServed());

        assertThat(report.computed()).isEqualTo(3);
        assertThat(report.rows()).isEqualTo(9);
        assertThat(report.files())
                .hasSize(3)
                .allSatisfy(file -> assertThat(Path.of(file)).exists());
        assertThat(rows(report.files())).hasSize(9).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    @Test
    void aMonthIsASliceToo() throws Exception {
        threeDays();

        SliceReport report = slices(local, manifest(), PointInTime.asServed())
                .by(SliceUnit.MONTH)
                .run();

        assertThat(report.files())
                .singleElement()
                .satisfies(file -> assertThat(file.toString()).contains("/2025-03-"));
        assertThat(rows(report.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    @Test
    void aSecondRunWithoutNewsComputesNothing() {
        threeDays();
        SliceReport first = run(PointInTime.eventTime());

        SliceReport second = run(PointInTime.eventTime());

        assertThat(second.computed()).isZero();
        assertThat(second.reused()).isEqualTo(3);
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(second.rows()).isEqualTo(9);
    }

    @Test
    void aLateRowTouchesTheLabelsOfItsCardFromItsEventTimeOnInEventTimeMode() throws Exception {
        threeDays();
        label("card-3", day(4));
        run(PointInTime.eventTime());
        clock.advance(Duration.ofHours(1));
        put(CARDS, "card-2", day(3).minusSeconds(60), 99);

        SliceReport second = run(PointInTime.eventTime());

        assertThat(second.computed()).as("the third and the fourth day").isEqualTo(2);
        assertThat(second.superseded()).hasSize(2).doesNotContainAnyElementsOf(second.files());
        assertThat(rows(second.files())).isEqualTo(builtAtOnce(PointInTime.eventTime()));
    }

    @Test
    void aMaximumAgeEndsWhatALateRowTouches() throws Exception {
        threeDays();
        run(PointInTime.eventTime());
        clock.advance(Duration.ofHours(1));
        put(AGED, "card-2", day(2).minusSeconds(60), 99);

        SliceReport second = run(PointInTime.eventTime());

        assertThat(second.computed()).as("the second and the third day").isEqualTo(2);
        assertThat(rows(second.files())).isEqualTo(builtAtOnce(PointInTime.eventTime()));
    }

    @Test
    void aLateRowTouchesNoLabelBeforeItsArrivalInAsServedMode() throws Exception {
        threeDays();
        run(PointInTime.asServed());
        clock.advance(Duration.ofHours(1));
        put(CARDS, "card-2", day(3).minusSeconds(60), 99);

        SliceReport second = run(PointInTime.asServed());

        assertThat(second.computed()).isZero();
        assertThat(rows(second.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    @Test
    void labelsThatComeLateOrGoAwayMakeTheirDayNew() throws Exception {
        threeDays();
        run(PointInTime.asServed());
        label("card-1", day(2));
        labels.remove(8);

        SliceReport second = run(PointInTime.asServed());

        assertThat(second.computed()).as("the second and the fourth day").isEqualTo(2);
        assertThat(rows(second.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    @Test
    void aDayWithoutLabelsIsLeftOutAndMayComeBack() throws Exception {
        threeDays();
        run(PointInTime.asServed());
        List<SpineRow> removed = List.copyOf(labels.subList(3, 6));
        labels.removeAll(removed);

        SliceReport second = run(PointInTime.asServed());
        labels.addAll(removed);
        SliceReport third = run(PointInTime.asServed());

        assertThat(second.files()).hasSize(2);
        assertThat(second.superseded()).hasSize(1);
        assertThat(third.computed()).isOne();
        assertThat(rows(third.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    @Test
    void nothingIsASetWithoutFiles() {
        SliceReport report = run(PointInTime.asServed());

        assertThat(report.files()).isEmpty();
        assertThat(report.rows()).isZero();
    }

    @Test
    void aManifestOfAnotherSetIsRefused() {
        threeDays();
        run(PointInTime.asServed());

        assertThatThrownBy(() -> run(PointInTime.eventTime()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("belongs to another training set");
    }

    @Test
    void aRunBesideAnotherIsRefusedAndOneAfterItIsNot() {
        label("a", day(12));
        try (ManifestStore.Lock other = manifest().lock()) {
            assertThat(other).isNotNull();
            assertThatThrownBy(() -> run(PointInTime.eventTime()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another run is at work with the manifest");
        }

        assertThat(run(PointInTime.eventTime()).computed()).isOne();
        assertThat(run(PointInTime.eventTime()).reused()).isOne();
    }

    @Test
    void aManifestThatIsNoneIsRefused() {
        manifest().write("hello");

        assertThatThrownBy(() -> run(PointInTime.eventTime()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void aSetWithoutRangeHasNoSlices() {
        assertThatThrownBy(
                        () -> store.view(VIEW).trainingSet(Spine.rows(labels)).slices(target(), manifest()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labelsBetween");
    }

    @Test
    void aSliceThatFailsLeavesTheOthersDoneAndTheNextRunGoesOn() throws Exception {
        threeDays();
        assertThatThrownBy(() -> slices(failingOn("2025-03-03"), manifest(), PointInTime.asServed())
                        .run())
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("2 of 3 slices are not done");

        SliceReport report = run(PointInTime.asServed());
        assertThat(report.computed()).isEqualTo(2);
        assertThat(rows(report.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
    }

    private OfflineStore failingOn(String day) {
        return new OfflineStore() {
            @Override
            public TrainingRows run(TrainingSet set) {
                return local.run(set);
            }

            @Override
            public long unload(TrainingSet set, URI target) {
                if (target.toString().contains(day)) {
                    throw new QueryFailedException("It failed");
                }
                return local.unload(set, target);
            }

            @Override
            public List<LabelDay> labelDays(TrainingSet set, Instant since) {
                return local.labelDays(set, since);
            }
        };
    }

    @Test
    void severalSlicesAreBuiltAtATime() throws Exception {
        for (int day = 2; day <= 20; day++) {
            label("card-1", day(day));
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            SliceReport report = slices(local, manifest(), PointInTime.asServed())
                    .inParallel(3, threads)
                    .run();

            assertThat(report.computed()).isEqualTo(19);
            assertThat(rows(report.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
        } finally {
            threads.shutdown();
        }
    }

    /** Nights over a random history, with labels and rows that come days late. */
    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void everyNightsIncrementIsWhatBuildingItAllAgainGives(PointInTime.Mode mode) throws Exception {
        PointInTime rule = mode == PointInTime.Mode.AS_SERVED ? PointInTime.asServed() : PointInTime.eventTime();
        int computed = 0;
        int reused = 0;
        int superseded = 0;
        for (long seed = 1; seed <= Integer.getInteger("featurestore.slices.seeds", 6); seed++) {
            close();
            folder =
                    Files.createDirectories(folder.resolveSibling(Objects.requireNonNull(folder.getFileName()) + "-x"));
            clock = ManualClock.startingAt(START.plus(Duration.ofHours(1)));
            open();
            labels.clear();
            Random random = new Random(seed);
            SliceReport report = null;
            for (int night = 0; night < 8; night++) {
                clock.advance(Duration.ofHours(10 + random.nextInt(30)));
                live(random);
                report = run(rule);
                assertThat(rows(report.files()))
                        .as("seed %s, night %s, mode %s", seed, night, mode)
                        .isEqualTo(builtAtOnce(rule));
                computed += report.computed();
                reused += report.reused();
            }
            superseded += Objects.requireNonNull(report).superseded().size();
        }
        assertThat(reused).as("slices reused").isPositive();
        assertThat(computed).as("slices computed").isPositive();
        assertThat(superseded).as("slices done over").isPositive();
    }
}
