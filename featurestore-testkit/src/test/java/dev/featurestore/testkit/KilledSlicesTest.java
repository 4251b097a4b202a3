package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.testkit.DoomedRun.Moment;
import dev.featurestore.training.PointInTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run in slices that is killed, wherever that is, is completed by the next: each slice once, and nothing else. */
class KilledSlicesTest extends CardSlices {
    private Path manifestFolder() {
        return folder.resolve("manifest");
    }

    private SlicedTrainingSet doomed(DoomedRun run, PointInTime rule) {
        return slices(run.around(local), run.manifest(manifestFolder().resolve("slices.txt")), rule)
                .withMargin(Duration.ZERO);
    }

    /** The files are the set, and whatever else lies beside them is listed as superseded. */
    private void isComplete(SliceReport report, List<String> expected, String when) throws Exception {
        assertThat(rows(report.files())).as(when).isEqualTo(expected);
        assertThat(report.rows()).as(when).isEqualTo(expected.size());
        assertThat(report.files()).as(when).doesNotHaveDuplicates().noneMatch(report.superseded()::contains);
        Set<Path> known = Stream.concat(report.files().stream(), report.superseded().stream())
                .map(Path::of)
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(Path.of(target()))) {
            assertThat(files.toList()).as(when).isSubsetOf(known);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aRunThatIsKilledAtAnyStepIsCompletedByTheNext(Moment moment) throws Exception {
        threeDays();
        List<String> expected = builtAtOnce(PointInTime.asServed());
        int steps = 0;
        boolean killed = true;
        while (killed) {
            DoomedRun first = new DoomedRun(steps, moment);
            killed = first.kills(doomed(first, PointInTime.asServed()));
            DoomedRun second = DoomedRun.never();

            SliceReport report = doomed(second, PointInTime.asServed()).run();

            isComplete(report, expected, "killed at step " + steps);
            assertThat(first.unloads() + second.unloads())
                    .as("queries, with at most one that was lost and one that was refused")
                    .isBetween(3, 5);
            assertThat(first.completed() + second.completed()).isBetween(3, 4);
            delete(Path.of(target()));
            delete(manifestFolder());
            steps++;
        }
        assertThat(steps).isGreaterThan(8);
    }

    /** A night that computes slices anew, adds one, and leaves one out. */
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aNightThatIsKilledAtAnyStepIsCompletedByTheNext(Moment moment) throws Exception {
        threeDays();
        label("card-1", day(1));
        List<URI> before = run(PointInTime.eventTime()).files();
        copy(Path.of(target()), folder.resolve("before/slices"));
        copy(manifestFolder(), folder.resolve("before/manifest"));
        clock.advance(Duration.ofHours(1));
        put(CARDS, "card-2", day(3).minusSeconds(60), 99);
        labels.remove(labels.size() - 1);
        label("card-1", day(5));
        List<String> expected = builtAtOnce(PointInTime.eventTime());
        int steps = 0;
        boolean killed = true;
        while (killed) {
            DoomedRun first = new DoomedRun(steps, moment);
            killed = first.kills(doomed(first, PointInTime.eventTime()));

            SliceReport report = run(PointInTime.eventTime());

            isComplete(report, expected, "killed at step " + steps);
            assertThat(report.files()).as("the second day is reused").contains(before.get(1));
            assertThat(report.superseded()).contains(before.get(0), before.get(2), before.get(3));
            delete(Path.of(target()));
            delete(manifestFolder());
            copy(folder.resolve("before/slices"), Path.of(target()));
            copy(folder.resolve("before/manifest"), manifestFolder());
            steps++;
        }
        assertThat(steps).isGreaterThan(8);
    }

    /** Some nights are killed again and again, and some of these are left to the next night. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void nightsThatAreKilledAgainAndAgainEndWithTheSet(long seed) throws Exception {
        Random random = new Random(seed);
        PointInTime rule = seed % 2 == 0 ? PointInTime.asServed() : PointInTime.eventTime();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        int kills = 0;
        try {
            for (int night = 0; night < 8; night++) {
                clock.advance(Duration.ofHours(10 + random.nextInt(30)));
                live(random);
                boolean killed = true;
                for (int n = 1 + random.nextInt(4); killed && n > 0; n--) {
                    DoomedRun run = new DoomedRun(random.nextInt(6), anyMoment(random));
                    killed = run.kills(doomed(run, rule).inParallel(1 + random.nextInt(3), threads));
                    kills += killed ? 1 : 0;
                }
                if (night % 2 == 1) {
                    isComplete(run(rule), builtAtOnce(rule), "seed " + seed + ", night " + night);
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(kills).isGreaterThan(4);
    }

    private static Moment anyMoment(Random random) {
        return List.of(Moment.values()).get(random.nextInt(Moment.values().length));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
