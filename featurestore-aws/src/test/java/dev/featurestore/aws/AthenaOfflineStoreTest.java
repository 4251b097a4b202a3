package dev.featurestore.aws;

import static dev.featurestore.aws.EmulatedQueries.CARDS;
import static dev.featurestore.aws.EmulatedQueries.COUNT;
import static dev.featurestore.aws.EmulatedQueries.NOTE;
import static dev.featurestore.aws.EmulatedQueries.RATIO;
import static dev.featurestore.aws.EmulatedQueries.VIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.testkit.athena.QueryFault;
import dev.featurestore.testkit.athena.QueryState;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
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
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How queries are run on Athena, over HTTP through the official client. */
class AthenaOfflineStoreTest {
    private static final Duration QUEUED = Duration.ofSeconds(1);

    private static final Duration RUNS = Duration.ofSeconds(2);

    private static final long MEGABYTE = 1_000_000;

    @TempDir
    private Path folder;

    private EmulatedQueries queries;

    @BeforeEach
    void start() {
        queries = new EmulatedQueries(folder, QUEUED, RUNS);
        queries.memory.group(CARDS);
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private AthenaOfflineStore store() {
        return queries.settings().build();
    }

    /** As many labels of one card as wanted, numbered. */
    private static TrainingSet labels(int count) {
        return TrainingSet.of(
                VIEW,
                Spine.query("SELECT 'card-1' AS card_id, TIMESTAMP '2025-03-10 13:00:00' AS event_time, n FROM range("
                                + count + ") AS r(n)")
                        .keep("n"));
    }

    private static List<TrainingRow> all(AthenaOfflineStore store, TrainingSet set) {
        try (TrainingRows running = store.run(set)) {
            return running.toList();
        }
    }

    private QueryExecution onlyQuery() {
        assertThat(queries.athena.queries()).hasSize(1);
        return queries.athena.queries().get(0);
    }

    @Test
    void aQueryIsFollowedThroughItsStatesToItsRows() {
        List<String> states = new ArrayList<>();
        TrainingReport report = new TrainingReport();
        AthenaOfflineStore store = queries.settings()
                .polling(Duration.ofMillis(600), Duration.ofSeconds(1))
                .pricePerTerabyte(new BigDecimal("5.00"))
                .listener(new QueryListener() {
                    @Override
                    public void progressed(Progress progress) {
                        states.add(progress.state() + " " + progress.elapsed());
                    }

                    @Override
                    public void finished(QueryReport query) {
                        report.finished(query);
                    }
                })
                .build();
        queries.athena.next(QueryFault.scans(3_000 * MEGABYTE));
        queries.put("card-1", Map.of(COUNT, 3L));

        List<TrainingRow> rows = all(store, labels(2));

        assertThat(rows)
                .extracting(row -> row.vector().find("txn_count").orElse(null))
                .containsExactly(3L, 3L);
        assertThat(states)
                .containsExactly(
                        "QUEUED PT0S", "QUEUED PT0.6S", "RUNNING PT1.6S", "RUNNING PT2.6S", "SUCCEEDED PT3.6S");
        QueryReport query = report.queries().get(0);
        assertThat(query.queryId()).isEqualTo(onlyQuery().id());
        assertThat(query.state()).isEqualTo("SUCCEEDED");
        assertThat(query.elapsed()).isEqualTo(Duration.ofMillis(3600));
        assertThat(report.bytesScanned()).isEqualTo(3_000 * MEGABYTE);
        assertThat(report.cost()).isEqualByComparingTo("0.015");
        assertThat(queries.requests("StopQueryExecution")).isZero();
    }

    @ParameterizedTest(name = "{0} rows in {1} pages")
    @CsvSource({"0, 1", "1, 1", "999, 1", "1000, 2", "1999, 2", "2000, 3", "2999, 3"})
    void rowsComeAPageAtATimeAndNoneIsLostAtTheEdges(int count, int pages) {
        List<TrainingRow> rows = all(store(), labels(count));

        assertThat(rows)
                .extracting(row -> row.spine().get("n"))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count)
                        .mapToObj(n -> (Object) (long) n)
                        .toList());
        assertThat(queries.requests("GetQueryResults")).isEqualTo(pages);
    }

    @Test
    void noPageIsReadThatNobodyAsksFor() {
        try (TrainingRows rows = store().run(labels(3000))) {
            assertThat(rows.iterator().next().spine().get("n")).isNotNull();
        }

        assertThat(queries.requests("GetQueryResults")).isOne();
    }

    @Test
    void featuresComeBackBitForBit() {
        Map<String, Map<Feature<?>, ?>> cards = Map.of(
                "greatest", Map.of(COUNT, Long.MAX_VALUE, RATIO, Double.MAX_VALUE, NOTE, ""),
                "least", Map.of(COUNT, Long.MIN_VALUE, RATIO, Double.MIN_VALUE, NOTE, " a \"b\", 'c'\n\u65e5"),
                "odd", Map.of(COUNT, (1L << 53) + 1, RATIO, -0.0, NOTE, "null"),
                "third", Map.of(RATIO, 0.1 + 0.2));
        cards.forEach(queries::put);
        List<SpineRow> labels = cards.keySet().stream()
                .map(card -> SpineRow.of(queries.clock.instant().plusSeconds(2), Map.of("card_id", card)))
                .toList();

        List<TrainingRow> rows = all(store(), TrainingSet.of(VIEW, Spine.rows(labels)));

        assertThat(rows).hasSize(4).allSatisfy(row -> {
            Map<Feature<?>, ?> written =
                    Objects.requireNonNull(cards.get(String.valueOf(row.spine().get("card_id"))));
            assertThat(row.vector().find("txn_count").orElse(null)).isEqualTo(written.get(COUNT));
            assertThat(row.vector().find("amount_ratio").orElse(null)).isEqualTo(written.get(RATIO));
            assertThat(row.vector().find("note").orElse(null)).isEqualTo(written.get(NOTE));
        });
    }

    @Test
    void columnsOfTheSpineKeepTheirTypesAndANullIsNotAnEmptyText() {
        TrainingSet set = TrainingSet.of(
                VIEW,
                Spine.query(
                                "SELECT 'card-1' AS card_id, TIMESTAMP '2025-03-10 13:00:00.123' AS event_time, '' AS empty,"
                                        + " CAST(NULL AS VARCHAR) AS missing, CAST(7 AS INTEGER) AS small,"
                                        + " 9223372036854775807 AS big, CAST('NaN' AS DOUBLE) AS odd, 1e-5::DOUBLE AS tiny,"
                                        + " true AS yes, CAST(1.10 AS DECIMAL(5, 2)) AS amount, DATE '2025-01-31' AS day")
                        .keep("empty", "missing", "small", "big", "odd", "tiny", "yes", "amount", "day"));

        SpineRow row = all(store(), set).get(0).spine();

        assertThat(row.time()).isEqualTo(Instant.parse("2025-03-10T13:00:00.123Z"));
        assertThat(row.get("empty")).isEqualTo("");
        assertThat(row.values()).containsEntry("missing", null);
        assertThat(row.get("small")).isEqualTo(7);
        assertThat(row.get("big")).isEqualTo(Long.MAX_VALUE);
        assertThat(row.get("odd")).isEqualTo(Double.NaN);
        assertThat(row.get("tiny")).isEqualTo(1e-5);
        assertThat(row.get("yes")).isEqualTo(true);
        assertThat(row.get("amount")).isEqualTo(new BigDecimal("1.10"));
        assertThat(row.get("day")).isEqualTo("2025-01-31");
    }

    @ParameterizedTest(name = "{0} as {1} is {2}")
    @CsvSource({
        "TIMESTAMP '2025-03-10 13:00:00.5',                TIMESTAMP,     2025-03-10T13:00:00.500Z",
        "TIMESTAMPTZ '2025-03-10 13:00:00.5+01:00',        TIMESTAMP,     2025-03-10T12:00:00.500Z",
        "DATE '2025-03-10',                                TIMESTAMP,     2025-03-10T00:00:00Z",
        "concat('2025-03-10T13:00:00.123456789Z'),                 ISO_8601,      2025-03-10T13:00:00.123456789Z",
        "CAST(1741611600.25 AS DOUBLE),                    EPOCH_SECONDS, 2025-03-10T13:00:00.250Z",
        "1741611600001,                                    EPOCH_MILLIS,  2025-03-10T13:00:00.001Z",
    })
    void aLabelsTimeIsReadInEachForm(String sql, LabelTime form, Instant expected) {
        TrainingSet set = TrainingSet.of(
                VIEW,
                Spine.query("SELECT 'card-1' AS card_id, " + sql + " AS at").time("at", form));

        assertThat(all(store(), set))
                .singleElement()
                .satisfies(row -> assertThat(row.spine().time()).isEqualTo(expected));
    }

    @Test
    void aQueryThatFailsTellsTheReasonWithoutWhatItQuotes() {
        queries.athena.next(QueryFault.failed("SYNTAX_ERROR: line 1:8: Column 'secret' cannot be resolved"));

        assertThatThrownBy(() -> all(store(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("SYNTAX_ERROR: line 1:8: Column '…' cannot be resolved")
                .hasMessageContaining(onlyQuery().id())
                .hasMessageContaining("model")
                .hasMessageNotContaining("secret");
        assertThat(queries.requests("StopQueryExecution")).isZero();
    }

    @Test
    void aReasonThatIsAboutTheDataIsToldByItsKindAlone() {
        queries.athena.next(QueryFault.failed("INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: 4111"));

        assertThatThrownBy(() -> all(store(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("INVALID_CAST_ARGUMENT")
                .hasMessageNotContaining("4111");
    }

    @Test
    void whatTheQueryItselfSaysOfALabelIsTold() {
        TrainingSet set =
                TrainingSet.of(VIEW, Spine.query("SELECT 'card-1' AS card_id, CAST(NULL AS TIMESTAMP) AS event_time"));

        assertThatThrownBy(() -> all(store(), set))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("The spine's label time is null");
    }

    @Test
    void aQueryThatSomebodyElseCancelsIsNotRunAgain() {
        queries.athena.next(QueryFault.cancelled("Query cancelled by user"));

        assertThatThrownBy(() -> all(store(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("was cancelled: Query cancelled by user");
        assertThat(queries.requests("StartQueryExecution")).isOne();
    }

    @Test
    void aLimitOfTheWorkgroupEndsAQuery() {
        queries.athena.next(QueryFault.scans(1_001));

        assertThatThrownBy(() -> all(queries.settings().workgroup("capped").build(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("Bytes scanned limit was exceeded");
    }

    @Test
    void aQueryThatTakesTooLongIsCancelled() {
        queries.athena.next(QueryFault.slow(Duration.ofHours(2)));
        Instant start = queries.clock.instant();

        assertThatThrownBy(() ->
                        all(queries.settings().timeout(Duration.ofMinutes(10)).build(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("it took longer than PT10M");
        assertThat(onlyQuery().state()).isEqualTo(QueryState.CANCELLED);
        assertThat(Duration.between(start, queries.clock.instant())).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aQueryThatScansTooMuchIsCancelledWhileItRuns() {
        TrainingReport report = new TrainingReport();
        queries.athena.next(QueryFault.scans(100 * MEGABYTE).andSlow(Duration.ofMinutes(10)));

        assertThatThrownBy(() -> all(
                        queries.settings()
                                .maxBytesScanned(20 * MEGABYTE)
                                .listener(report)
                                .build(),
                        labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("and may scan 20000000");
        assertThat(onlyQuery().state()).isEqualTo(QueryState.CANCELLED);
        assertThat(report.queries()).singleElement().satisfies(query -> {
            assertThat(query.state()).isEqualTo("CANCELLED");
            assertThat(query.bytesScanned()).isBetween(20 * MEGABYTE, 30 * MEGABYTE);
        });
    }

    @Test
    void whatWasScannedBetweenTwoLooksIsPaidForAndGiven() {
        TrainingReport report = new TrainingReport();
        queries.athena.next(QueryFault.scans(100 * MEGABYTE));
        AthenaOfflineStore store = queries.settings()
                .polling(Duration.ofSeconds(10), Duration.ofSeconds(10))
                .maxBytesScanned(20 * MEGABYTE)
                .listener(report)
                .build();

        assertThat(all(store, labels(1))).hasSize(1);
        assertThat(report.bytesScanned()).isEqualTo(100 * MEGABYTE);
    }

    @Test
    void anInterruptedThreadCancelsItsQueryAndStaysInterrupted() {
        AthenaOfflineStore store = queries.settings()
                .sleeper(pause -> {
                    throw new InterruptedException();
                })
                .build();

        Throwable failure = catchThrowable(() -> all(store, labels(1)));

        assertThat(Thread.interrupted()).as("interrupted").isTrue();
        assertThat(failure)
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("its thread was interrupted")
                .hasNoSuppressedExceptions();
        assertThat(onlyQuery().state()).isEqualTo(QueryState.CANCELLED);
    }

    @Test
    void rowsThatAreClosedUnreadCancelTheirQuery() {
        store().run(labels(1)).close();

        assertThat(onlyQuery().state()).isEqualTo(QueryState.CANCELLED);
    }

    @Test
    void aQueryThatCannotBeCancelledIsSaidToRunStill() {
        queries.athena.next(QueryFault.slow(Duration.ofHours(2)));
        queries.emulator.faults().atRate("StopQueryExecution", 1, WireFault.internalFailure());

        assertThatThrownBy(() -> all(store(), labels(1)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("it took longer than PT30M")
                .hasMessageContaining("may still run");
    }

    @Test
    void aThrottledStartIsRepeatedAndMakesOneQuery() {
        queries.emulator.faults().next("StartQueryExecution", 2, WireFault.throttled());

        assertThat(all(store(), labels(1))).hasSize(1);
        assertThat(queries.requests("StartQueryExecution")).isEqualTo(3);
        assertThat(queries.athena.queries()).hasSize(1);
    }

    @Test
    void aStartWhoseAnswerIsLostIsRepeatedAndMakesOneQuery() {
        queries.emulator.faults().next("StartQueryExecution", 1, WireFault.droppedAfter());

        assertThat(all(store(), labels(1))).hasSize(1);
        assertThat(queries.requests("StartQueryExecution")).isEqualTo(2);
        assertThat(queries.athena.queries()).hasSize(1);
    }

    @Test
    void aStartThatIsThrottledForGoodSaysSo() {
        queries.emulator.faults().atRate("StartQueryExecution", 1, WireFault.throttled());

        assertThatThrownBy(() -> store().run(labels(1))).isInstanceOf(ThrottledException.class);
        assertThat(queries.requests("StartQueryExecution")).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetQueryExecution", "GetQueryResults"})
    void aServiceThatIsAwayForAWhileCostsOnlyTime(String operation) {
        queries.emulator.faults().next(operation, 7, WireFault.serviceUnavailable());

        assertThat(all(store(), labels(1))).hasSize(1);
    }

    @Test
    void aQueryIsLookedAtAgainWhenAllAttemptsOfALookFailed() {
        queries.emulator.faults().next("GetQueryExecution", 20, WireFault.serviceUnavailable());

        assertThat(all(store(), labels(1))).hasSize(1);
        assertThat(queries.athena.queries()).hasSize(1);
    }

    @Test
    void theSameSetRunTwiceIsTwoQueries() {
        AthenaOfflineStore store = store();

        all(store, labels(1));
        all(store, labels(1));

        assertThat(queries.athena.queries()).hasSize(2);
    }

    @Test
    void aTextThatIsTooLongIsNotSent() {
        List<SpineRow> rows = IntStream.range(0, 10_000)
                .mapToObj(n -> SpineRow.of(queries.clock.instant(), Map.of("card_id", "card-" + n)))
                .toList();

        assertThatThrownBy(() -> store().run(TrainingSet.of(VIEW, Spine.rows(rows))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Athena takes 262144")
                .hasMessageContaining("Spine.table");
        assertThat(queries.requests("StartQueryExecution")).isZero();
    }

    @Test
    void aFeatureThatIsNoNumberIsRefusedWithoutItsValue() {
        SqlDialect notANumber = dialect("SELECT 'card-1', TIMESTAMP '2025-03-10 13:00:00', 1, CAST('NaN' AS DOUBLE),"
                + " 'x', '2025-03-10T12:00:00.000000000Z'");

        assertThatThrownBy(() -> all(
                        queries.settings().dialect(notANumber).build(), TrainingSet.of(VIEW, Spine.table("labels"))))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("amount_ratio");
    }

    private static SqlDialect dialect(String sql) {
        return new SqlDialect() {
            @Override
            public String name() {
                return "a text";
            }

            @Override
            public String render(TrainingSet set, TableNames tables) {
                return sql;
            }
        };
    }

    @Test
    void anUnloadWritesFilesAndTellsTheirManifest() throws Exception {
        TrainingReport report = new TrainingReport();
        queries.put("card-1", Map.of(COUNT, 3L));

        long rows =
                queries.settings().listener(report).build().unload(labels(1500), URI.create("s3://results/sets/march"));

        assertThat(rows).isEqualTo(1500);
        Path target = queries.bucket.resolve("sets/march");
        assertThat(queries.query("SELECT count(*), sum(txn_count), count(DISTINCT n) FROM read_parquet('" + target
                                + "/*.parquet')")
                        .get(1)
                        .data())
                .extracting(datum -> datum.varCharValue())
                .containsExactly("1500", "4500", "1500");
        URI manifest = report.queries().get(0).manifest().orElseThrow();
        assertThat(manifest.toString()).startsWith(EmulatedQueries.RESULTS).endsWith("-manifest.csv");
        assertThat(Files.readAllLines(queries.bucket.resolve(manifest.getPath().substring(1))))
                .containsExactly("s3://results/sets/march/part-0.parquet");
    }

    @Test
    void aPieceOfWorkIsTheSameQueryWhoeverAsksForItAgain() {
        URI target = URI.create("s3://results/sets/march/");

        assertThat(store().unload(labels(5), target, "march, first attempt")).isEqualTo(5);
        assertThat(store().unload(labels(5), target, "march, first attempt")).isEqualTo(5);

        assertThat(queries.athena.queries()).hasSize(1);
    }

    @Test
    void anUnloadToAPlaceThatHoldsSomethingFails() {
        URI target = URI.create("s3://results/sets/march/");
        store().unload(labels(5), target);

        assertThatThrownBy(() -> store().unload(labels(5), target))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("HIVE_PATH_ALREADY_EXISTS");
    }

    @Test
    void anUnloadGoesToS3Alone() {
        assertThatThrownBy(() -> store().unload(labels(5), folder.toUri()))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("got scheme file");
    }

    @Test
    void aTrainingSetBecomesATable() {
        long rows = store().createTable(labels(7), URI.create("s3://results/tables/march/"), "sets", "march");

        assertThat(rows).isEqualTo(7);
        assertThat(queries.query("SELECT count(*) FROM \"sets\".\"march\"")
                        .get(1)
                        .data()
                        .get(0)
                        .varCharValue())
                .isEqualTo("7");
    }

    @Test
    void theTablesAreThoseOfTheDeployedGroupsAndSecondOnes() {
        ProjectedTable byHour = ProjectedTable.of(CARDS, Year.of(2024), Year.of(2030), "lake", "cards_by_hour");
        List<List<String>> named = new ArrayList<>();
        List<ProjectedTable> projected = new ArrayList<>();
        SqlDialect recording = new SqlDialect() {
            @Override
            public String name() {
                return "a recorder";
            }

            @Override
            public String render(TrainingSet set, TableNames tables) {
                named.add(tables.of(CARDS));
                tables.projected(CARDS).ifPresent(projected::add);
                return "SELECT 1";
            }
        };
        try (FeatureStore store = AwsFeatureStore.builder()
                .runtimeClient(queries.runtime)
                .sageMakerClient(queries.sageMaker)
                .clock(queries.clock)
                .sleeper(queries.clock::advance)
                .athena(athena -> athena.athenaClient(queries.client)
                        .dialect(recording)
                        .projectedTables(byHour)
                        .outputLocation(EmulatedQueries.RESULTS))
                .build()) {
            store.view(VIEW).trainingSet(Spine.table("labels")).run().close();
            store.view(VIEW).trainingSet(Spine.table("labels")).run().close();
        }

        long creation = queries.clock.instant().getEpochSecond();
        assertThat(named)
                .hasSize(2)
                .allSatisfy(parts -> assertThat(parts).containsExactly("sagemaker_featurestore", "cards_" + creation));
        assertThat(queries.requests("DescribeFeatureGroup")).isOne();
        assertThat(projected).containsExactly(byHour, byHour);
    }
}
