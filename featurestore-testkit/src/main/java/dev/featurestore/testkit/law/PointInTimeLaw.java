package dev.featurestore.testkit.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.FetchOptions;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.serving.ServedComparison;
import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.serving.ServedVector;
import dev.featurestore.serving.ServedVectors;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.PointInTimeEvaluator;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import dev.featurestore.view.GroupSelection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.util.DoubleComparator;
import org.jspecify.annotations.Nullable;

/**
 * The law the library lives by, to be held against your own views: the training row of a label is what the store would have
 * returned at the label's time, and the SQL gives the rows that {@link PointInTimeEvaluator} defines.
 *
 * <p>{@code new PointInTimeLaw(Fraud.MODEL, PointInTimeLaw.Arrival.EXACT).check(seed, folder)} plays random histories of the
 * view's groups on an in-memory store, serves labels in between, builds the training set of the same labels, and compares.
 *
 * <p>Where a selection allows some staleness, what was served is what training has for the time at which the record was read,
 * as the served vector tells it; its age is judged at the label's time.
 */
public final class PointInTimeLaw {
    private static final int HISTORIES = 20;

    private static final int STEPS = 30;

    /** Tells equal labels apart. */
    private static final String NUMBER = "law_label_number";

    private static final String SALT = "law";

    private static final Instant START = Instant.parse("2025-12-31T23:58:00Z");

    /** Ages are doubles, made in other ways on each engine. */
    private static final RecursiveComparisonConfiguration AUDITS = RecursiveComparisonConfiguration.builder()
            .withComparatorForType(new DoubleComparator(1e-6), Double.class)
            .build();

    /** How sharply the offline store knows when a row arrived. */
    public enum Arrival {
        /** In milliseconds, as fine as they are here: training rows equal what was served. */
        EXACT,
        /**
         * In seconds, with the arrival time that the library's writers stamp, and no one else writing: training rows equal
         * what was served. Every group of the view must stamp its arrivals.
         */
        STAMPED,
        /**
         * In seconds: training rows never hold what was not served yet, and differ only for labels within a second of an
         * arrival.
         */
        COARSE
    }

    private final FeatureView view;

    private final Arrival arrival;

    private final Function<LocalOfflineStore, ? extends OfflineStore> engine;

    /** How the store is reached. */
    private final Function<InMemoryFeatureStore, ? extends FeatureStore> clients;

    /** The law for a view, on the engine of the local offline store. */
    public PointInTimeLaw(FeatureView view, Arrival arrival) {
        this(view, arrival, local -> local, store -> store);
    }

    private PointInTimeLaw(
            FeatureView view,
            Arrival arrival,
            Function<LocalOfflineStore, ? extends OfflineStore> engine,
            Function<InMemoryFeatureStore, ? extends FeatureStore> clients) {
        this.view = view;
        this.arrival = arrival;
        this.engine = engine;
        this.clients = clients;
        if (arrival == Arrival.STAMPED && !all(group -> group.provenance().arrivalTime() != null)) {
            throw new IllegalArgumentException(
                    view + " has groups that do not stamp arrivals: call stampArrivalTime there");
        }
    }

    /**
     * The same law, held against another engine.
     *
     * @param other given a store whose files are written, an offline store that runs over them
     */
    public PointInTimeLaw on(Function<LocalOfflineStore, ? extends OfflineStore> other) {
        return new PointInTimeLaw(view, arrival, other, clients);
    }

    /**
     * The same law, with the store written to and served from by other clients.
     *
     * @param other given the in-memory store, on whose clock all happens, what reaches it, such as a client of an emulator
     *     that serves it; called before the histories are played, and not closed
     */
    public PointInTimeLaw through(Function<InMemoryFeatureStore, ? extends FeatureStore> other) {
        return new PointInTimeLaw(view, arrival, engine, other);
    }

    /**
     * Plays histories and compares.
     *
     * @param seed the same seed plays the same histories
     * @param folder for the files of the local offline store
     * @return how many labels were compared
     * @throws AssertionError if the law does not hold; its message has the seed
     */
    public int check(long seed, Path folder) {
        Trial trial = new Trial(seed);
        try {
            return trial.run(folder);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "Seed " + seed + " with " + arrival + " arrival and " + trial.troubles + ": " + e.getMessage(), e);
        }
    }

    private boolean all(Predicate<FeatureGroup<?>> condition) {
        return view.selections().stream().map(GroupSelection::group).allMatch(condition);
    }

    /** What the offline store cannot tell is not held against it. */
    private boolean isKnowable(Trouble trouble) {
        return switch (trouble) {
            case HARD_DELETES -> false;
            case OTHER_WRITERS, SOFT_DELETES -> arrival != Arrival.STAMPED;
            case BACKFILLS -> all(group -> group.provenance().writeOrigin() != null);
            case LATE_ROWS, EQUAL_TIMES, FUTURE_EVENTS, PURGES -> true;
        };
    }

    /** One seed. */
    private final class Trial {
        private final Random random;
        private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
        private final ManualClock clock = ManualClock.startingAt(START);
        private final InMemoryFeatureStore store;
        private final List<ServedLabel> served = new ArrayList<>();
        private final List<ServedVector> logged = new ArrayList<>();
        private final ServingLog log;

        Trial(long seed) {
            this.random = new Random(seed);
            ServingLog hashed = ServingLog.to(logged::add, SALT);
            this.log = seed % 2 == 0 ? hashed : hashed.withKeys();
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

        int run(Path folder) {
            FeatureStore reached = clients.apply(store);
            for (int history = 0; history < HISTORIES; history++) {
                served.addAll(new RandomHistory(view, history, random.nextLong(), troubles)
                        .fetching(FetchOptions.defaults().withServingLog(log))
                        .play(reached, store, clock, STEPS));
            }
            check(folder);
            return served.size();
        }

        private void check(Path folder) {
            assertThat(served).as("labels").hasSizeGreaterThan(HISTORIES);
            PointInTime asServed =
                    arrival == Arrival.EXACT ? PointInTime.asServed(Duration.ZERO) : PointInTime.asServed();
            asServed(asServed);
            try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
                view.selections().stream().map(GroupSelection::group).forEach(group -> copyHistory(group, local));
                local.flush();
                OfflineStore queries = engine.apply(local);
                sameRows(queries, set(asServed));
                sameRows(queries, set(PointInTime.eventTime()));
                switch (random.nextInt(6)) {
                    case 0 -> noLeaks(queries, set(asServed));
                    case 1 -> noLeaks(queries, set(PointInTime.eventTime()));
                    case 2 -> {
                        sameDifferences(queries, set(asServed));
                        sameDifferences(queries, set(PointInTime.eventTime()));
                    }
                    case 3 -> noDefects(queries, set(asServed));
                    case 4 -> noDefects(queries, set(PointInTime.eventTime()));
                    default -> {
                        sameRows(queries, ranged(set(asServed)));
                        sameRows(queries, ranged(set(PointInTime.eventTime())));
                    }
                }
            }
        }

        private void asServed(PointInTime rule) {
            List<SpineRow> reads = new ArrayList<>();
            for (ServedLabel label : served) {
                for (int s = 0; s < view.selections().size(); s++) {
                    reads.add(readTime(label, s));
                }
            }
            List<TrainingRow> evaluated = PointInTimeEvaluator.evaluate(
                    TrainingSet.of(view, Spine.rows(reads)).withPointInTime(rule), store::history);
            int next = 0;
            for (ServedLabel label : served) {
                for (int s = 0; s < view.selections().size(); s++) {
                    if (arrival == Arrival.COARSE) {
                        neverLaterThanServed(label, s, evaluated.get(next++));
                    } else {
                        exactlyAsServed(label, s, evaluated.get(next++));
                    }
                }
            }
        }

        /** The label at the time at which the record of a selection was read: earlier if it came from the cache. */
        private SpineRow readTime(ServedLabel label, int s) {
            Duration staleness = label.vector().results().get(s).staleness();
            return SpineRow.of(
                    label.label().time().minus(staleness), label.label().values());
        }

        /** In no order: an offline store does not keep that of arrival. */
        private void copyHistory(FeatureGroup<?> group, LocalOfflineStore local) {
            List<OfflineRow> rows = new ArrayList<>(store.history(group));
            Collections.shuffle(rows, random);
            rows.forEach(row -> local.append(group, row));
        }

        /** The columns in which two rows of the view differ; names, since values are nobody's business. */
        private List<String> differing(FeatureValues left, FeatureValues right) {
            return differing(left, right, 0, view.columns().size());
        }

        private List<String> differing(FeatureValues left, FeatureValues right, int from, int to) {
            List<String> columns = new ArrayList<>();
            for (int i = from; i < to; i++) {
                boolean same = left.isPresent(i)
                        ? right.isPresent(i) && left.text(i).equals(right.text(i))
                        : !right.isPresent(i);
                if (!same) {
                    columns.add(view.columns().name(i));
                }
            }
            return columns;
        }

        /** @param row as of the time at which the selection's record was read */
        private void exactlyAsServed(ServedLabel label, int s, TrainingRow row) {
            Instant used = usedAt(label.label().time(), s, row);
            FeatureValues expected =
                    used == null ? withoutRecords() : row.vector().values();
            String selection = view.selections().get(s).name();
            assertThat(differing(expected, label.vector().values(), view.firstColumn(s), view.firstColumn(s + 1)))
                    .as(
                            "columns of '%s' that differ at %s",
                            selection, label.label().time())
                    .isEmpty();
            assertThat(used)
                    .as("event time of '%s' at %s", selection, label.label().time())
                    .isEqualTo(found(label.vector().results()).get(s));
        }

        /** The event time of the row's record, if that has not become too old until a time. */
        private @Nullable Instant usedAt(Instant time, int s, TrainingRow row) {
            Instant used = found(row.vector().results()).get(s);
            return used != null && view.selections().get(s).statusAt(used, null, time) == GroupResult.Status.FOUND
                    ? used
                    : null;
        }

        private FeatureValues withoutRecords() {
            FeatureVector.Builder vector = FeatureVector.builder(view, clock.instant());
            for (int s = 0; s < view.selections().size(); s++) {
                vector.absent(s);
            }
            return vector.build().values();
        }

        /**
         * A row may be missing that came in the last second, but none is there that had not come.
         *
         * @param row as of the time at which the selection's record was read
         */
        private void neverLaterThanServed(ServedLabel label, int s, TrainingRow row) {
            SpineRow read = readTime(label, s);
            Instant used = usedAt(label.label().time(), s, row);
            boolean touched =
                    !Objects.equals(used, found(label.vector().results()).get(s));
            List<OfflineRow> known = known(s, read);
            if (used != null) {
                FeatureGroup<?> group = view.selections().get(s).group();
                assertThat(known)
                        .as("rows that had arrived")
                        .anyMatch(one -> one.record().decode(group).eventTime().equals(used));
            }
            if (touched && !mixesStamps()) {
                assertThat(known)
                        .as("arrivals in the read's last second")
                        .anyMatch(one -> one.arrivedAt().isAfter(read.time().minusSeconds(2)));
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
            String key = String.valueOf(label.get(view.selections().get(s).joinKey()));
            return store.history(group).stream()
                    .filter(row -> key.equals(
                                    row.record().text(group.recordIdentifier().name()))
                            && !row.arrivedAt().isAfter(label.time()))
                    .toList();
        }

        private List<@Nullable Instant> found(List<GroupResult> groups) {
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
                values.put(NUMBER, (long) rows.size());
                rows.add(SpineRow.of(label.label().time(), values));
            }
            Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
            view.joinKeys().forEach(key -> unknown.put(key, null));
            unknown.put(NUMBER, (long) rows.size());
            rows.add(SpineRow.of(clock.instant(), unknown));
            return Spine.rows(rows).keep(NUMBER);
        }

        /** Between two of the labels: what is outside bounds the histories that an engine reads. */
        private TrainingSet ranged(TrainingSet set) {
            Instant one = served.get(random.nextInt(served.size())).label().time();
            Instant other = served.get(random.nextInt(served.size())).label().time();
            return one.isBefore(other) ? set.labelsBetween(one, other) : set.labelsBetween(other, one.plusNanos(1));
        }

        private void noLeaks(OfflineStore queries, TrainingSet set) {
            List<Leak> leaks = new ArrayList<>();
            queries.leakCheck(set, null, leaks::add);
            assertThat(leaks).as("leaks in %s", set.pointInTime()).isEmpty();
        }

        /** What the log of the fetches has is found, and differs for known reasons alone. */
        private void noDefects(OfflineStore queries, TrainingSet set) {
            Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
            ServedComparison comparison = TrainingSetClient.of(set, queries)
                    .compareServed(
                            ServedVectors.of(logged).withSalt(SALT),
                            difference -> difference
                                    .groups()
                                    .values()
                                    .forEach(part -> kinds.merge(part.kind(), 1L, Long::sum)));
            assertThat(comparison.vectors()).as("vectors of the log").isEqualTo(logged.size());
            assertThat(comparison.missing()).as("vectors without a label").isZero();
            Set<Kind> known = EnumSet.complementOf(EnumSet.of(Kind.DEFECT, Kind.DEFAULTED, Kind.EXPIRED));
            if (arrival != Arrival.COARSE) {
                known.remove(Kind.ARRIVAL_UNIT);
            } else if (mixesStamps()) {
                known.add(Kind.DEFECT);
            }
            if (set.pointInTime().mode() == PointInTime.Mode.AS_SERVED) {
                known.removeAll(Set.of(Kind.LATE, Kind.BACKFILLED, Kind.AHEAD));
                if (arrival != Arrival.COARSE) {
                    known.remove(Kind.DELETED);
                }
            }
            assertThat(known).as("why vectors differ in %s", set.pointInTime()).containsAll(kinds.keySet());
        }

        private void sameDifferences(OfflineStore queries, TrainingSet set) {
            List<ModeDifference> differences = new ArrayList<>();
            queries.compareModes(set, differences::add);
            assertThat(differences)
                    .as("differences between the modes")
                    .containsExactlyInAnyOrderElementsOf(PointInTimeEvaluator.compareModes(set, store::history));
        }

        private Object number(TrainingRow row) {
            return Objects.requireNonNull(row.spine().get(NUMBER));
        }

        private TrainingSet set(PointInTime rule) {
            return TrainingSet.of(view, spine()).withPointInTime(rule).withAudit();
        }

        private void sameRows(OfflineStore queries, TrainingSet set) {
            PointInTime rule = set.pointInTime();
            Map<Object, TrainingRow> actual = new HashMap<>();
            try (TrainingRows rows = queries.run(set)) {
                for (TrainingRow row : rows) {
                    assertThat(actual.put(number(row), row))
                            .as("second row of one label")
                            .isNull();
                }
            }
            List<TrainingRow> expected = PointInTimeEvaluator.evaluate(set, store::history);
            assertThat(actual).as("rows in %s", rule).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                TrainingRow row = actual.get(number(expected.get(i)));
                if (row == null) {
                    throw new AssertionError("no row for label " + i + " in " + rule);
                }
                assertThat(differing(
                                row.vector().values(), expected.get(i).vector().values()))
                        .as("columns of label %s that differ in %s", i, rule)
                        .isEmpty();
                assertThat(found(row.vector().results()))
                        .isEqualTo(found(expected.get(i).vector().results()));
                assertThat(row.audits())
                        .as("rows used for label %s in %s", i, rule)
                        .usingRecursiveFieldByFieldElementComparator(AUDITS)
                        .isEqualTo(expected.get(i).audits());
                assertThat(row.spine()).isEqualTo(expected.get(i).spine());
            }
        }
    }
}
