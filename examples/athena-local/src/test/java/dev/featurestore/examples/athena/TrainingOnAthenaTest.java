package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.LeakReport;
import dev.featurestore.ModeComparison;
import dev.featurestore.SliceReport;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.aws.AthenaOfflineStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.aws.QueryListener;
import dev.featurestore.aws.QueryReport;
import dev.featurestore.aws.TrainingReport;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The code of the page on training sets, run through Athena's API on Athena's engine. */
class TrainingOnAthenaTest {
    /** As in the README. */
    static final class Fraud {
        static final Feature<String> CARD_ID = Feature.string("card_id");
        static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
        static final Feature<Long> TXN_COUNT_60S =
                Feature.integral("txn_count_60s").withDefault(0L);
        static final Feature<Double> AMOUNT_RATIO_7D = Feature.fractional("amount_ratio_7d");

        static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card_features_v3")
                .recordIdentifier(CARD_ID)
                .eventTime(EVENT_TS)
                .features(TXN_COUNT_60S, AMOUNT_RATIO_7D)
                .onlineStore(online -> online.ttl(Duration.ofDays(90)))
                .offlineStore(offline -> offline.s3Uri("s3://my-bucket/features"))
                .build();

        static final FeatureView MODEL = FeatureView.named("fraud_model_v7")
                .from(CARDS, select -> select.key("card_id").allFeatures().maxAge(Duration.ofDays(30)))
                .build();

        private Fraud() {}
    }

    private static final String LABELS = """
            CREATE EXTERNAL TABLE lake.labels (card_id string, payment_time timestamp, is_fraud bigint)
            STORED AS PARQUET LOCATION 's3://my-bucket/labels/'
            """;

    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM lake.labels) AS labels, (SELECT count(*) FROM lake.fraud_training_set) AS trained
            """;

    private static final String AHEAD = """
            SELECT 1 + max(date_diff('second', api_invocation_time, CAST(from_iso8601_timestamp(event_ts) AS TIMESTAMP)))
            FROM lake.cards_by_hour
            """;

    private static final Instant NOON = Instant.parse("2025-01-10T12:00:00Z");

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private final TrainingReport report = new TrainingReport();

    private LocalOfflineStore local;

    private InMemoryFeatureStore memory;

    private LocalAthena aws;

    private SageMakerClient sageMaker;

    private SageMakerFeatureStoreRuntimeClient runtime;

    private GroupTables tables;

    private FeatureStore store;

    @BeforeEach
    void start() {
        local = LocalOfflineStore.at(folder.resolve("features"), clock);
        memory = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        aws = LocalAthena.start(new TrinoAthenaEngine(Engine.TRINO, local::flush), folder, memory);
        sageMaker =
                aws.configured(SageMakerClient.builder().httpClient(aws.http())).build();
        runtime = aws.configured(SageMakerFeatureStoreRuntimeClient.builder().httpClient(aws.http()))
                .build();
        put("card-1", NOON, 3);
        clock.set(NOON.plus(Duration.ofHours(2)));
        put("card-1", clock.instant(), 5);
        put("card-1", NOON.plus(Duration.ofMinutes(30)), 4);
        clock.set(NOON.plus(Duration.ofDays(40)));
        TableNames deployed = group -> {
            var table = sageMaker
                    .describeFeatureGroup(describe -> describe.featureGroupName(group.name()))
                    .offlineStoreConfig()
                    .dataCatalogConfig();
            return List.of(table.database(), table.tableName());
        };
        tables = new GroupTables(Engine.TRINO, local::dataOf, deployed);
        tables.of(Fraud.CARDS);
        store = open(athena -> {});
        Engine.TRINO.createSchema("lake");
        execute("UNLOAD (SELECT * FROM (VALUES ('card-1', TIMESTAMP '2025-01-10 13:00:00.000', BIGINT '1'),"
                + " ('card-2', TIMESTAMP '2025-01-11 13:00:00.000', BIGINT '0')) AS r (card_id, payment_time, is_fraud))"
                + " TO 's3://my-bucket/labels/' WITH (format = 'PARQUET')");
        execute("DROP TABLE IF EXISTS lake.labels");
        execute(LABELS);
    }

    @AfterEach
    void stop() {
        execute("DROP TABLE IF EXISTS lake.labels");
        execute("DROP TABLE IF EXISTS lake.fraud_training_set");
        execute("DROP TABLE IF EXISTS lake.cards_by_hour");
        store.close();
        tables.close();
        runtime.close();
        sageMaker.close();
        aws.close();
        memory.close();
        local.close();
    }

    private FeatureStore open(Consumer<AthenaOfflineStore.Builder> more) {
        return AwsFeatureStore.builder()
                .runtimeClient(runtime)
                .sageMakerClient(sageMaker)
                .clock(clock)
                .athena(athena -> {
                    athena.athenaClient(aws.client())
                            .dialect(SqlDialect.athena())
                            .outputLocation("s3://my-bucket/results/")
                            .polling(Duration.ofMillis(20), Duration.ofMillis(500))
                            .listener(report);
                    more.accept(athena);
                })
                .build();
    }

    private void put(String card, Instant eventTime, long count) {
        memory.group(Fraud.CARDS)
                .put(Fraud.CARDS
                        .newRecord()
                        .set(Fraud.CARD_ID, card)
                        .set(Fraud.EVENT_TS, eventTime)
                        .setLong(Fraud.TXN_COUNT_60S, count)
                        .setDouble(Fraud.AMOUNT_RATIO_7D, 1.25)
                        .build());
    }

    private static List<Spine> spines() {
        Spine table = Spine.table("lake", "labels")
                .time("payment_time", LabelTime.TIMESTAMP)
                .keep("is_fraud");

        Spine query = Spine.query("SELECT card_id, payment_time, is_fraud FROM lake.labels WHERE is_fraud IS NOT NULL")
                .time("payment_time", LabelTime.TIMESTAMP)
                .keep("is_fraud");

        Spine files = Spine.parquet(
                        URI.create("s3://my-bucket/labels/"),
                        SpineColumn.of("card_id", ColumnType.STRING),
                        SpineColumn.of("payment_time", ColumnType.TIMESTAMP),
                        SpineColumn.of("is_fraud", ColumnType.BIGINT))
                .time("payment_time", LabelTime.TIMESTAMP)
                .keep("is_fraud");

        Spine rows = Spine.rows(List.of(SpineRow.of(
                        Instant.parse("2025-01-10T13:00:00Z"), Map.of("card_id", "card-1", "is_fraud", 1L))))
                .keep("is_fraud");

        return List.of(table, query, files, rows);
    }

    private static Spine table() {
        return spines().get(0);
    }

    private TrainingSetClient training(Spine table) {
        TrainingSetClient training = store.view(Fraud.MODEL)
                .trainingSet(table)
                .labelsBetween(Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2025-02-01T00:00:00Z"));
        return training;
    }

    /** By the official client; the rows of a query, without the names of its columns. */
    private List<List<String>> execute(String sql) {
        String id = aws.client()
                .startQueryExecution(start -> start.queryString(sql.strip())
                        .resultConfiguration(result -> result.outputLocation("s3://my-bucket/results/")))
                .queryExecutionId();
        QueryExecutionStatus status;
        do {
            status = aws.client()
                    .getQueryExecution(get -> get.queryExecutionId(id))
                    .queryExecution()
                    .status();
        } while (status.state() == QueryExecutionState.QUEUED || status.state() == QueryExecutionState.RUNNING);
        assertThat(status.state()).as(status.stateChangeReason()).isEqualTo(QueryExecutionState.SUCCEEDED);
        return aws.client().getQueryResults(results -> results.queryExecutionId(id)).resultSet().rows().stream()
                .skip(1)
                .map(row -> row.data().stream().map(Datum::varCharValue).toList())
                .toList();
    }

    private static List<List<Object>> all(TrainingSetClient training) {
        List<List<Object>> all = new ArrayList<>();
        try (TrainingRows rows = training.run()) {
            for (TrainingRow row : rows) {
                all.add(List.of(
                        String.valueOf(row.spine().get("is_fraud")),
                        row.vector().find(Fraud.TXN_COUNT_60S).orElse(-1L)));
            }
        }
        return all;
    }

    /** The correction that came late is not what was served. */
    @Test
    void labelsComeFromATableAQueryFilesOrRows() {
        for (Spine spine : spines().subList(0, 3)) {
            assertThat(all(training(spine)))
                    .as(spine.toString())
                    .containsExactlyInAnyOrder(List.of("1", 3L), List.of("0", 0L));
        }
        assertThat(all(training(spines().get(3)))).containsExactly(List.of("1", 3L));
        assertThat(all(training(table()).withPointInTime(PointInTime.eventTime())))
                .containsExactlyInAnyOrder(List.of("1", 4L), List.of("0", 0L));
    }

    private final List<@Nullable Object> trained = new ArrayList<>();

    private void train(double[] input, @Nullable Object label) {
        assertThat(input).hasSize(2);
        trained.add(label);
    }

    private void read(TrainingSetClient training) {
        try (TrainingRows rows = training.run()) {
            for (TrainingRow row : rows) {
                train(row.vector().toDoubleArray(), row.spine().get("is_fraud"));
            }
        }
    }

    @Test
    void rowsAreRead() {
        read(training(table()));

        assertThat(trained).containsExactlyInAnyOrder(0L, 1L);
    }

    private void unload(TrainingSetClient training) {
        training.unload(URI.create("s3://my-bucket/training/fraud-2025-01/"));
        report.queries().forEach(System.out::println); // the last one names the manifest that lists the files
    }

    @Test
    void filesAreWritten() throws IOException {
        unload(training(table()));

        QueryReport last = report.queries().get(report.queries().size() - 1);
        String listed = Files.readString(
                folder.resolve(last.manifest().orElseThrow().getPath().substring(1)));
        assertThat(listed.lines())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).startsWith("s3://my-bucket/training/fraud-2025-01/"));
    }

    private static void create(AthenaClient athenaClient, SageMakerClient sageMaker, TrainingSetClient training) {
        AthenaOfflineStore athena = AthenaOfflineStore.builder()
                .athenaClient(athenaClient)
                .sageMakerClient(sageMaker)
                .dialect(SqlDialect.athena())
                .outputLocation("s3://my-bucket/athena-results/")
                .build();
        athena.createTable(
                training.withAudit(AuditColumn.EVENT_TIME).definition(),
                URI.create("s3://my-bucket/training/table/"),
                "lake",
                "fraud_training_set");
    }

    private TrainingSetClient withoutServing(Spine table) {
        AthenaOfflineStore athena = AthenaOfflineStore.builder()
                .athenaClient(aws.client())
                .sageMakerClient(sageMaker)
                .outputLocation("s3://my-bucket/results/")
                .build();
        TrainingSetClient training = TrainingSetClient.of(TrainingSet.of(Fraud.MODEL, table), athena);
        return training;
    }

    @Test
    void aJobThatOnlyTrainsNeedsNoOnlineStore() {
        assertThat(all(withoutServing(table()))).containsExactlyInAnyOrder(List.of("1", 3L), List.of("0", 0L));
    }

    private static List<Object> check(TrainingSetClient training) {
        TrainingSetClient audited = training.withAudit(AuditColumn.EVENT_TIME);
        LeakReport leaks = audited.leakCheck(Spine.Source.table("lake", "fraud_training_set"));
        ModeComparison exposure = audited.compareModes();
        return List.of(leaks, exposure);
    }

    @Test
    void aTableIsCheckedAndTheModesAreCompared() {
        create(aws.client(), sageMaker, training(table()));

        List<Object> found = check(training(table()));

        assertThat(((LeakReport) found.get(0)).isClean()).isTrue();
        assertThat(((ModeComparison) found.get(1)).columns()).containsExactly(Map.entry("txn_count_60s", 1L));
        assertThat(execute(COUNTS)).containsExactly(List.of("2", "2"));
    }

    private SliceReport slices(TrainingSetClient training) {
        ManifestStore manifest = ManifestStore.file(Path.of("fraud-training.slices"));
        SliceReport set = training.slices(URI.create("s3://my-bucket/training/fraud/"), manifest)
                .run();
        set.files().forEach(System.out::println); // read these, and nothing else below the target
        return set;
    }

    @Test
    void slicesAreReused() throws IOException {
        try {
            assertThat(slices(training(table())).computed()).isEqualTo(2);
            assertThat(slices(training(table())).reused()).isEqualTo(2);
        } finally {
            Files.deleteIfExists(Path.of("fraud-training.slices"));
            Files.deleteIfExists(Path.of("fraud-training.slices.lock"));
        }
    }

    private ProjectedTable projected() {
        ProjectedTable byHour = ProjectedTable.of(Fraud.CARDS, Year.of(2024), Year.of(2035), "lake", "cards_by_hour");
        DeployedFeatureGroup deployed = store.admin().describe("card_features_v3");
        System.out.println(byHour.ddl(deployed.resolvedS3Uri().orElseThrow())); // run this once, in Athena's console
        return byHour;
    }

    @Test
    void theSecondTableGivesTheSameRows() {
        ProjectedTable byHour = projected();
        execute(byHour.ddl(
                LocalAthena.s3(folder.relativize(local.dataOf(Fraud.CARDS)).toString())
                        .toString()));

        assertThat(execute(AHEAD)).containsExactly(List.of("1"));
        store.close();
        store = open(athena -> athena.projectedTables(byHour));
        assertThat(all(training(table())
                        .withPointInTime(PointInTime.eventTime())
                        .labelsBetween(NOON, NOON.plus(Duration.ofHours(2)))))
                .containsExactly(List.of("1", 4L));
        assertThat(aws.athena().queries())
                .last()
                .satisfies(query -> assertThat(query.request().sql()).contains("cards_by_hour"));
    }

    private static FeatureStore settings() {
        TrainingReport report = new TrainingReport();
        FeatureStore store = AwsFeatureStore.builder()
                .region(Region.EU_WEST_1)
                .athena(athena -> athena.dialect(SqlDialect.athena())
                        .workgroup("training")
                        .outputLocation("s3://my-bucket/athena-results/")
                        .kmsKeyId("alias/training")
                        .timeout(Duration.ofMinutes(30))
                        .maxBytesScanned(200_000_000_000L)
                        .pricePerTerabyte(new BigDecimal("5.00"))
                        .listener(report))
                .build();
        return store;
    }

    private static QueryListener listener() {
        QueryListener progress = new QueryListener() {
            @Override
            public void progressed(Progress query) {
                System.out.println(query.queryId() + " " + query.state() + " after " + query.elapsed());
            }

            @Override
            public void finished(QueryReport query) {
                System.out.println(query);
            }
        };
        return progress;
    }

    @Test
    void theSettingsAreThoseOfAStore() {
        assertThat(listener()).isNotNull();
        try (FeatureStore configured = settings()) {
            assertThat(configured.view(Fraud.MODEL).trainingSet(table()).sql(SqlDialect.athena(), tables))
                    .contains("lake", "labels");
        }
    }
}
