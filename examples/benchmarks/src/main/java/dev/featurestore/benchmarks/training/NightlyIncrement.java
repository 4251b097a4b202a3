package dev.featurestore.benchmarks.training;

import com.sun.management.OperatingSystemMXBean;
import dev.featurestore.FeatureStore;
import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What does the next night cost, beside computing the set again? A month of labels over a history of three, on DuckDB, in slices
 * of a day. The rows of the two ways are compared.
 */
public final class NightlyIncrement {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final Workload WORKLOAD = new Workload(1, 1_000_000, 20, 100_000, 10);

    private static final Instant START = Instant.ofEpochSecond(History.START);

    private static final Instant FROM = START.plus(Duration.ofDays(58));

    private static final Instant LAST_NIGHT = START.plus(Duration.ofDays(88));

    private static final Instant TONIGHT = LAST_NIGHT.plus(Duration.ofDays(1));

    private final WorkloadFiles files;

    private final Path folder;

    private final PointInTime rule;

    private NightlyIncrement(WorkloadFiles files, Path folder, PointInTime rule) {
        this.files = files;
        this.folder = folder;
        this.rule = rule;
    }

    /** Runs both modes. */
    public static void main(String[] args) throws SQLException, IOException {
        Path folder = Files.createTempDirectory("nightly");
        WorkloadFiles files = WorkloadFiles.write(WORKLOAD, folder.resolve("workload"), 42);
        System.out.println(
                "\n| mode | query | CPU s | of all in one query | slices computed | wrong rows |\n|---|---|---|---|---|---|");
        for (PointInTime rule : List.of(PointInTime.asServed(), PointInTime.eventTime())) {
            new NightlyIncrement(files, folder.resolve(rule.mode().name()), rule).run();
        }
    }

    private void run() throws SQLException, IOException {
        Path data = Files.createDirectories(
                folder.resolve("store/000000000000/sagemaker/local/offline-store/cards_0-1735689600/data"));
        addFile(data, "before", "write_time <= TIMESTAMPTZ '" + LAST_NIGHT + "'");
        ManualClock clock = ManualClock.startingAt(LAST_NIGHT);
        try (LocalOfflineStore offline = LocalOfflineStore.at(folder.resolve("store"), clock);
                FeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(offline)
                        .build()) {
            slices(store, "nightly", LAST_NIGHT).run();
            addFile(
                    data,
                    "tonight",
                    "write_time > TIMESTAMPTZ '" + LAST_NIGHT + "' AND write_time <= TIMESTAMPTZ '" + TONIGHT + "'");
            clock.set(TONIGHT);
            URI whole = folder.resolve("whole.parquet").toUri();
            // once to warm up
            set(store, TONIGHT).unload(folder.resolve("warm-up.parquet").toUri());
            double all =
                    measure("all in one query", 0, () -> set(store, TONIGHT).unload(whole), rows -> " | ");
            measure("all in slices", all, () -> slices(store, "again", TONIGHT).run(), report -> told(report, whole));
            measure(
                    "the night's increment",
                    all,
                    () -> slices(store, "nightly", TONIGHT).run(),
                    report -> told(report, whole));
        }
    }

    private static String told(SliceReport report, URI whole) {
        return report.computed() + " of " + (report.computed() + report.reused()) + " | " + wrong(report, whole);
    }

    private <T> double measure(String name, double all, Supplier<T> work, Function<T, String> told) {
        long before = PROCESS.getProcessCpuTime();
        T result = work.get();
        double seconds = (PROCESS.getProcessCpuTime() - before) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %s |%n",
                rule.mode(),
                name,
                seconds,
                all == 0 ? 1 : seconds / all,
                told.apply(result));
        return seconds;
    }

    private TrainingSetClient set(FeatureStore store, Instant until) {
        FeatureView view = FeatureView.named("model")
                .from(
                        WORKLOAD.group(0),
                        select -> select.key("card_id").allFeatures().maxAge(Duration.ofDays(30)))
                .build();
        return store.view(view)
                .trainingSet(Spine.query("SELECT * FROM " + DuckDbCandidates.read(files.labels()))
                        .time("label_ts", dev.featurestore.training.LabelTime.TIMESTAMP)
                        .keep("label_id"))
                .withPointInTime(rule)
                .labelsBetween(FROM, until);
    }

    private SlicedTrainingSet slices(FeatureStore store, String name, Instant until) {
        return set(store, until)
                .slices(folder.resolve(name).toUri(), ManifestStore.file(folder.resolve(name + ".slices")));
    }

    private void addFile(Path data, String name, String condition) throws SQLException {
        query("COPY (SELECT * FROM " + DuckDbCandidates.read(files.history(0)) + " WHERE " + condition + ") TO '"
                + data.resolve(name + ".parquet") + "' (FORMAT parquet)");
    }

    /** Rows that one way has and the other has not. */
    private static long wrong(SliceReport report, URI whole) {
        String sliced = report.files().stream()
                .map(file -> "'" + Path.of(file) + "'")
                .collect(Collectors.joining(", ", "read_parquet([", "])"));
        String one = "SELECT * FROM " + sliced;
        String other = "SELECT * FROM read_parquet('" + Path.of(whole) + "')";
        try {
            return query("SELECT (SELECT count(*) FROM (" + one + " EXCEPT ALL " + other
                    + ")) + (SELECT count(*) FROM (" + other + " EXCEPT ALL " + one + "))");
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot compare the sets", e);
        }
    }

    private static long query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            if (!statement.execute(sql)) {
                return 0;
            }
            try (ResultSet result = statement.getResultSet()) {
                return result.next() ? result.getLong(1) : 0;
            }
        }
    }
}
