package dev.featurestore.examples.athena;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;

/**
 * What does a night's query scan, of three months in the folders that the service writes? As Athena's API says it, which is what
 * Athena charges for; the engine behind it is Trino.
 */
public final class ScannedBytes {
    private static final int DAYS = 90;

    private static final int ROWS = 1_000_000;

    private static final Duration POLLING = Duration.ofMillis(20);

    private static final List<Feature<Double>> FEATURES =
            IntStream.range(0, 10).mapToObj(i -> Feature.fractional("f" + i)).toList();

    private static final Feature<String> CARD = Feature.string("card_id");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(Feature.eventTime("event_ts"))
            .features(FEATURES.toArray(new Feature<?>[0]))
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private final LocalTrino trino;

    private final LocalAthena aws;

    private final GroupTables tables;

    private final String labels;

    private ScannedBytes(LocalTrino trino, LocalAthena aws, Path bucket) {
        this.trino = trino;
        this.aws = aws;
        this.tables =
                new GroupTables(trino, group -> bucket.resolve("cards"), group -> List.of("default", trino.newTable()));
        this.labels = trino.newTable();
        trino.execute("CREATE TABLE " + labels + " (card_id VARCHAR, label_ts TIMESTAMP(3))"
                + LocalTrino.files(bucket.resolve("labels"), "'PARQUET'"));
    }

    /** Prints a table; the system property {@code trino.hive} says where Trino's connector is. */
    public static void main(String[] args) throws SQLException, IOException {
        Path folder = Files.createTempDirectory("scanned-bytes");
        try {
            Path bucket = Files.createDirectory(folder.resolve("bucket"));
            write(bucket);
            try (LocalTrino trino = LocalTrino.start(
                            Path.of(System.getProperty("trino.hive")),
                            Files.createDirectory(folder.resolve("metadata")));
                    LocalAthena aws = LocalAthena.start(new TrinoAthenaEngine(trino, () -> {}), bucket)) {
                new ScannedBytes(trino, aws, bucket).print(bucket);
            }
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /** An hour's rows in the hour's folder, and the labels of the last day. */
    private static void write(Path bucket) throws SQLException {
        String features = IntStream.range(0, FEATURES.size())
                .mapToObj(i -> "random() AS f" + i)
                .collect(Collectors.joining(", "));
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SELECT setseed(0.42)");
            statement.execute("COPY (SELECT 'card-' || hash(i) % 50000 AS card_id, strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ')"
                    + " AS event_ts, " + features + ", t AS write_time, t AS api_invocation_time, false AS is_deleted,"
                    + " strftime(t, '%Y') AS year, strftime(t, '%m') AS month, strftime(t, '%d') AS day,"
                    + " strftime(t, '%H') AS hour FROM (SELECT i, TIMESTAMP '2025-01-01' + to_milliseconds(i * "
                    + DAYS * 86_400_000L / ROWS + ") AS t FROM range(" + ROWS + ") AS r(i))) TO '"
                    + bucket.resolve("cards") + "' (FORMAT parquet, PARTITION_BY (year, month, day, hour))");
            Files.createDirectories(bucket.resolve("labels"));
            statement.execute("COPY (SELECT 'card-' || hash(i) % 50000 AS card_id, TIMESTAMP '2025-03-31'"
                    + " + to_milliseconds(i * 8640) AS label_ts FROM range(10000) AS r(i)) TO '"
                    + bucket.resolve("labels").resolve("labels.parquet") + "' (FORMAT parquet)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(Path bucket) throws IOException {
        try (Stream<Path> files = Files.walk(bucket.resolve("cards"))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            long bytes = all.stream().mapToLong(file -> file.toFile().length()).sum();
            System.out.printf(Locale.ROOT, "%,d rows in %,d files of %.1f MB%n%n", ROWS, all.size(), bytes / 1e6);
        }
        ProjectedTable byHour = ProjectedTable.of(CARDS, Year.of(2024), Year.of(2025), "default", trino.newTable());
        query(byHour.ddl(LocalAthena.s3("cards").toString()));
        System.out.println("| query | MB scanned |\n|---|---|");
        query(
                "SELECT * FROM (SELECT l.label_ts, f.*, row_number() OVER (PARTITION BY f.card_id ORDER BY f.event_ts DESC) AS rn"
                        + " FROM " + labels + " l JOIN " + tables.of(CARDS).get(1)
                        + " f ON f.card_id = l.card_id AND f.event_ts <="
                        + " to_iso8601(l.label_ts)) WHERE rn = 1 AND NOT is_deleted");
        row("published");
        run(view(Duration.ofDays(10_000)));
        row("the library, no limit of age to speak of");
        run(view(Duration.ofDays(2)));
        row("the library, rows of two days");
        run(view(Duration.ofDays(2)), byHour);
        row("the same, by the projected table");
    }

    private static FeatureView view(Duration maxAge) {
        return FeatureView.named("model")
                .from(CARDS, select -> select.key("card_id").allFeatures().maxAge(maxAge))
                .build();
    }

    private void run(FeatureView view, ProjectedTable... second) {
        TrainingSet set = TrainingSet.of(view, Spine.table("default", labels).time("label_ts", LabelTime.TIMESTAMP))
                .withPointInTime(PointInTime.eventTime())
                .labelsBetween(Instant.parse("2025-03-31T00:00:00Z"), Instant.parse("2025-04-01T00:00:00Z"));
        try (TrainingRows rows =
                aws.store().tables(tables).projectedTables(second).build().run(set)) {
            rows.forEach(row -> {});
        }
    }

    private void query(String sql) {
        String id = aws.client()
                .startQueryExecution(start -> start.queryString(sql)
                        .resultConfiguration(result ->
                                result.outputLocation(LocalAthena.s3("results/").toString())))
                .queryExecutionId();
        QueryExecutionState state = state(id);
        while (state == QueryExecutionState.QUEUED || state == QueryExecutionState.RUNNING) {
            LockSupport.parkNanos(POLLING.toNanos());
            state = state(id);
        }
        if (state != QueryExecutionState.SUCCEEDED) {
            throw new IllegalStateException("A query ended as " + state);
        }
    }

    private QueryExecutionState state(String id) {
        return aws.client()
                .getQueryExecution(get -> get.queryExecutionId(id))
                .queryExecution()
                .status()
                .state();
    }

    private void row(String name) {
        List<QueryExecution> queries = aws.athena().queries();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f |%n",
                name,
                queries.get(queries.size() - 1).bytesScanned() / 1e6);
    }
}
