package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureStore;
import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.ManifestStore;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.testkit.law.RandomHistory;
import dev.featurestore.testkit.law.ServedLabel;
import dev.featurestore.testkit.law.Trouble;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.SliceUnit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training sets in slices of label time: complete whatever breaks, and the same as if they had been built at once. */
class SlicedTrainingSetTest {
    private static final Feature<String> CARD = Feature.string("card_id");

    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    private static final Feature<Long> COUNT = Feature.integral("txn_count").withDefault(0L);

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore(online -> {})
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final FeatureGroup<FeatureRecord> AGED = FeatureGroup.named("aged")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore(online -> {})
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card_id").features(COUNT))
            .from(
                    AGED,
                    select -> select.key("card_id")
                            .prefix("aged_")
                            .features(COUNT)
                            .maxAge(Duration.ofHours(30)))
            .build();

    private static final Instant START = Instant.parse("2025-03-01T00:00:00Z");

    private static final Instant END = Instant.parse("2025-03-31T00:00:00Z");

    private static final String NUMBER = "label_number";

    @TempDir
    private Path folder;

    private ManualClock clock = ManualClock.startingAt(START.plus(Duration.ofHours(1)));

    private final List<SpineRow> labels = new ArrayList<>();

    private LocalOfflineStore local;

    private InMemoryFeatureStore store;

    private int outputs;

    @BeforeEach
    void open() {
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        store = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        store.group(CARDS);
        store.group(AGED);
    }

    @AfterEach
    void close() {
        store.close();
        local.close();
    }

    private URI target() {
        return folder.resolve("slices").toUri();
    }

    private ManifestStore manifest() {
        return ManifestStore.file(folder.resolve("manifest/slices.txt"));
    }

    private TrainingSet set(PointInTime rule) {
        return TrainingSet.of(VIEW, Spine.rows(labels).keep(NUMBER)).with(rule).labelsBetween(START, END);
    }

    private SlicedTrainingSet slices(OfflineStore offline, ManifestStore manifest, PointInTime rule) {
        FeatureStore trained = FeatureStore.builder()
                .onlineStore(store.onlineStore())
                .offlineStore(offline)
                .admin(store.admin().backend())
                .clock(clock)
                .build();
        return trained.view(VIEW)
                .trainingSet(Spine.rows(labels).keep(NUMBER))
                .with(rule)
                .labelsBetween(START, END)
                .slices(target(), manifest);
    }

    private SliceReport run(PointInTime rule) {
        return slices(local, manifest(), rule).margin(Duration.ZERO).run();
    }

    private void put(FeatureGroup<FeatureRecord> group, String card, Instant eventTime, long count) {
        store.group(group)
                .put(group.newRecord()
                        .set(CARD, card)
                        .set(TIME, eventTime)
                        .setLong(COUNT, count)
                        .build());
    }

    private void label(String card, Instant time) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("card_id", card);
        values.put(NUMBER, (long) labels.size());
        labels.add(SpineRow.of(time, values));
    }

    private static Instant day(int day) {
        return Instant.parse("2025-03-%02dT12:00:00Z".formatted(day));
    }

    /** All rows of files, each as one text, sorted. */
    private static List<String> rows(List<URI> files) throws Exception {
        if (files.isEmpty()) {
            return List.of();
        }
        String paths = files.stream().map(file -> "'" + Path.of(file) + "'").collect(Collectors.joining(", "));
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM read_parquet([" + paths + "])")) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
                    row.append(result.getMetaData().getColumnLabel(c))
                            .append('=')
                            .append(result.getString(c))
                            .append(' ');
                }
                rows.add(row.toString());
            }
        }
        rows.sort(String::compareTo);
        return rows;
    }

    private List<String> builtAtOnce(PointInTime rule) throws Exception {
        Path file = folder.resolve("whole-" + ++outputs + ".parquet");
        local.unload(set(rule), file.toUri());
        return rows(List.of(file.toUri()));
    }

    /** Three days of labels of two cards. */
    private void threeDays() {
        for (int day = 2; day <= 4; day++) {
            clock.set(day(day).minusSeconds(600));
            put(CARDS, "card-1", clock.instant(), day);
            put(CARDS, "card-2", clock.instant(), 10 + day);
            label("card-1", day(day));
            label("card-2", day(day));
            label("card-2", day(day));
        }
        clock.set(day(5));
    }

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
        Steps failing = new Steps(Integer.MAX_VALUE, false);
        failing.failOn = "2025-03-03";

        assertThatThrownBy(() -> slices(failing.around(local), manifest(), PointInTime.asServed())
                        .run())
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("2 of 3 slices are not done");

        SliceReport report = run(PointInTime.asServed());
        assertThat(report.computed()).isEqualTo(2);
        assertThat(rows(report.files())).isEqualTo(builtAtOnce(PointInTime.asServed()));
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

    @Test
    void aRunThatIsKilledAtAnyStepIsCompletedByTheNext() throws Exception {
        threeDays();
        List<String> expected = builtAtOnce(PointInTime.asServed());
        int steps = 0;
        boolean ended = false;
        while (!ended) {
            for (boolean after : new boolean[] {false, true}) {
                Path place = folder.resolve("kill-" + steps + after);
                ManifestStore file = ManifestStore.file(place.resolve("slices.txt"));
                Steps killer = new Steps(steps, after);
                SlicedTrainingSet doomed = slices(killer.around(local), killer.around(file), PointInTime.asServed());
                ended = !killer.kills(doomed);
                Steps counter = new Steps(Integer.MAX_VALUE, false);

                SliceReport report = slices(counter.around(local), counter.around(file), PointInTime.asServed())
                        .margin(Duration.ZERO)
                        .run();

                assertThat(rows(report.files())).as("killed at step %s", steps).isEqualTo(expected);
                assertThat(killer.unloads + counter.unloads)
                        .as("queries, with at most one that was lost and one that was refused")
                        .isBetween(3, 5);
                assertThat(killer.completed + counter.completed).isBetween(3, 4);
                deleteSlices();
            }
            steps++;
        }
        assertThat(steps).isGreaterThan(8);
    }

    private void deleteSlices() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(target()))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** A program that ends without a word. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Counts the steps of a run, and kills it before or after one of them. */
    private static final class Steps {
        private final int last;
        private final boolean after;
        private int step;
        private int unloads;
        private int completed;
        private String failOn = "none";

        Steps(int last, boolean after) {
            this.last = last;
            this.after = after;
        }

        private void before() {
            if (step == last && !after) {
                throw new Killed();
            }
        }

        private void after() {
            if (step++ == last && after) {
                throw new Killed();
            }
        }

        /** Runs to the kill; false if the run was over before. */
        boolean kills(SlicedTrainingSet slices) {
            try {
                slices.margin(Duration.ZERO).run();
                return false;
            } catch (Killed e) {
                return true;
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(Killed.class);
                return true;
            }
        }

        ManifestStore around(ManifestStore store) {
            return new ManifestStore() {
                @Override
                public Optional<String> read() {
                    return store.read();
                }

                @Override
                public void write(String text) {
                    before();
                    store.write(text);
                    after();
                }
            };
        }

        OfflineStore around(OfflineStore store) {
            return new OfflineStore() {
                @Override
                public TrainingRows run(TrainingSet set) {
                    return store.run(set);
                }

                @Override
                public long unload(TrainingSet set, URI target) {
                    if (target.toString().contains(failOn)) {
                        throw new QueryFailedException("It failed");
                    }
                    before();
                    unloads++;
                    long rows = store.unload(set, target);
                    completed++;
                    after();
                    return rows;
                }

                @Override
                public List<LabelDay> labelDays(TrainingSet set, Instant since) {
                    before();
                    List<LabelDay> days = store.labelDays(set, since);
                    after();
                    return days;
                }
            };
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

    private void live(Random random) {
        Set<Trouble> troubles =
                EnumSet.of(Trouble.LATE_ROWS, Trouble.SOFT_DELETES, Trouble.EQUAL_TIMES, Trouble.FUTURE_EVENTS);
        for (ServedLabel served : new RandomHistory(VIEW, 0, random.nextLong(), troubles).play(store, clock, 12)) {
            label(String.valueOf(served.label().get("card_id")), served.label().time());
        }
        if (random.nextBoolean()) {
            Instant late = clock.instant().minus(Duration.ofMinutes(random.nextInt(60 * 72)));
            put(random.nextBoolean() ? CARDS : AGED, "0" + random.nextInt(3), late, random.nextInt(100));
        }
        if (random.nextInt(3) == 0) {
            label("0" + random.nextInt(3), clock.instant().minus(Duration.ofMinutes(random.nextInt(60 * 48))));
        }
        clock.advance(Duration.ofMillis(1 + random.nextInt(1500)));
    }
}
