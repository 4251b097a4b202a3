package dev.featurestore.aws;

import static dev.featurestore.aws.EmulatedQueries.CARDS;
import static dev.featurestore.aws.EmulatedQueries.COUNT;
import static dev.featurestore.aws.EmulatedQueries.VIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.testkit.athena.QueryFault;
import dev.featurestore.testkit.athena.QueryState;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels in files of S3: Athena gets a table for as long as it needs one, and no longer, however that ends. */
class AthenaSpineFilesTest {
    private static final URI LABELS = URI.create("s3://results/labels");

    private static final SpineColumn[] COLUMNS = {
        SpineColumn.of("card_id", ColumnType.STRING),
        SpineColumn.of("event_time", ColumnType.STRING),
        SpineColumn.of("Is_Fraud", ColumnType.BIGINT)
    };

    private static final QueryFault NOTHING = QueryFault.slow(Duration.ZERO);

    @TempDir
    private Path folder;

    private EmulatedQueries queries;

    private int prepared;

    @BeforeEach
    void start() {
        queries = new EmulatedQueries(folder, Duration.ofSeconds(1), Duration.ofSeconds(2));
        queries.memory.group(CARDS);
        queries.put("card-1", Map.of(COUNT, 3L));
        queries.clock.advance(Duration.ofDays(1));
        queries.query("UNLOAD (SELECT 'card-1' AS card_id, '2025-03-10T13:00:00Z' AS event_time, n AS is_fraud FROM"
                + " range(5) AS r(n)) TO 's3://results/labels/' WITH (format = 'PARQUET')");
        prepared = queries.athena.queries().size();
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private AthenaOfflineStore store() {
        return queries.settings().build();
    }

    private static TrainingSet set() {
        return TrainingSet.of(VIEW, labelled(Spine.parquet(LABELS, COLUMNS)));
    }

    private static Spine labelled(Spine spine) {
        return spine.time("event_time", LabelTime.ISO_8601).keep("Is_Fraud");
    }

    private static List<TrainingRow> all(AthenaOfflineStore store, TrainingSet set) {
        try (TrainingRows running = store.run(set)) {
            return running.toList();
        }
    }

    private List<QueryExecution> asked() {
        List<QueryExecution> all = queries.athena.queries();
        return all.subList(prepared, all.size());
    }

    /** What the emulator was asked, by kind. */
    private List<String> kinds() {
        return asked().stream().map(QueryExecution::substatementType).toList();
    }

    /** The tables of this library that are there. */
    private String tables() {
        return queries.query(
                        "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'featurestore_labels_%'")
                .get(1)
                .data()
                .get(0)
                .varCharValue();
    }

    private void assertDroppedAfter(String... kinds) {
        List<String> expected = new ArrayList<>(List.of(kinds));
        expected.add("DROP_TABLE");
        assertThat(kinds()).isEqualTo(expected);
        assertThat(tables()).isEqualTo("0");
        assertThat(asked().get(kinds.length).state()).isEqualTo(QueryState.SUCCEEDED);
    }

    @Test
    void labelsAreReadThroughATableThatIsDroppedWhenTheQueryHasEnded() {
        TrainingReport report = new TrainingReport();
        List<TrainingRow> rows = new ArrayList<>();
        try (TrainingRows running = queries.settings().listener(report).build().run(set())) {
            running.forEach(row -> {
                if (rows.isEmpty()) {
                    assertDroppedAfter("CREATE_TABLE", "SELECT");
                }
                rows.add(row);
            });
        }

        assertThat(rows).hasSize(5).allSatisfy(row -> {
            assertThat(row.vector().find(COUNT)).contains(3L);
            assertThat(row.spine().time()).isEqualTo(Instant.parse("2025-03-10T13:00:00Z"));
        });
        assertThat(rows).extracting(row -> row.spine().get("Is_Fraud")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        String create = asked().get(0).request().sql();
        assertThat(create)
                .matches(Pattern.quote("CREATE EXTERNAL TABLE IF NOT EXISTS `default`.`featurestore_labels_")
                        + "[0-9a-f]{32}"
                        + Pattern.quote("` (`card_id` string, `event_time` string, `Is_Fraud` bigint) STORED AS PARQUET"
                                + " LOCATION 's3://results/labels/'"));
        String table = create.substring(create.indexOf("featurestore_labels_"), create.indexOf("` ("));
        assertThat(asked().get(1).request().sql()).contains("FROM \"default\".\"" + table + "\"");
        assertThat(asked().get(2).request().sql()).isEqualTo("DROP TABLE IF EXISTS `default`.`" + table + "`");
        assertThat(report.queries()).as("definitions are free, and not told").hasSize(1);
    }

    @Test
    void theTableIsInTheDatabaseOfTheStore() {
        all(queries.settings().database("features").build(), set());

        assertThat(asked())
                .element(0)
                .satisfies(create -> assertThat(create.request().sql())
                        .startsWith("CREATE EXTERNAL TABLE IF NOT EXISTS `features`.`featurestore_labels_"));
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void columnsOfCsvAreTextInTheTableAndHaveTheirTypesInTheQuery() throws IOException {
        Files.createDirectories(queries.bucket.resolve("csv"));
        Files.writeString(
                queries.bucket.resolve("csv/labels.csv"),
                "card_id,event_time,is_fraud\n\"card-1\",2025-03-10T13:00:00Z,1\ncard-1,2025-03-10T13:00:00Z,\n");

        List<TrainingRow> rows =
                all(store(), TrainingSet.of(VIEW, labelled(Spine.csv(URI.create("s3://results/csv/"), COLUMNS))));

        assertThat(rows).extracting(row -> row.spine().values().get("Is_Fraud")).containsExactlyInAnyOrder(1L, null);
        assertThat(asked().get(0).request().sql())
                .endsWith("(`card_id` string, `event_time` string, `Is_Fraud` string) ROW FORMAT SERDE"
                        + " 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://results/csv/'"
                        + " TBLPROPERTIES ('skip.header.line.count' = '1')");
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void theTableIsDroppedWhenTheQueryFails() {
        queries.athena.next(NOTHING).next(QueryFault.failed("EXCEEDED_MEMORY_LIMIT: it was too much"));

        assertThatThrownBy(() -> all(store(), set()))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("EXCEEDED_MEMORY_LIMIT");
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void theTableIsDroppedWhenItCouldNotBeMadeForSure() {
        queries.athena.next(QueryFault.failed("ACCESS_DENIED: no"));

        assertThatThrownBy(() -> store().run(set()))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("Making a table of the labels of")
                .hasMessageContaining("ACCESS_DENIED");
        assertDroppedAfter("CREATE_TABLE");
    }

    @Test
    void theTableIsDroppedWhenTheQueryCannotBeStarted() {
        AthenaOfflineStore store = queries.settings()
                .tables(group -> {
                    throw new UnsupportedCapabilityException("no table");
                })
                .build();

        assertThatThrownBy(() -> store.run(set())).hasMessage("no table");
        assertDroppedAfter("CREATE_TABLE");
    }

    @Test
    void theTableIsDroppedWhenRowsAreClosedUnread() {
        store().run(set()).close();

        assertThat(asked().get(1).state()).isEqualTo(QueryState.CANCELLED);
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void theTableIsDroppedWhenSomebodyElseCancelsTheQuery() {
        queries.athena.next(NOTHING).next(QueryFault.cancelled("Query cancelled by user"));

        assertThatThrownBy(() -> all(store(), set())).hasMessageContaining("was cancelled");
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void theTableIsDroppedWhenTheQueryTakesTooLong() {
        queries.athena.next(NOTHING).next(QueryFault.slow(Duration.ofHours(2)));

        assertThatThrownBy(() -> all(store(), set())).hasMessageContaining("it took longer than PT30M");
        assertThat(asked().get(1).state()).isEqualTo(QueryState.CANCELLED);
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void theTableIsDroppedByAThreadThatIsInterruptedWhichItStays() {
        AthenaOfflineStore store = queries.settings()
                .sleeper(pause -> {
                    if (kinds().size() == 2) {
                        throw new InterruptedException();
                    }
                    queries.clock.advance(pause);
                })
                .build();

        Throwable failure = catchThrowable(() -> all(store, set()));

        assertThat(Thread.interrupted()).as("interrupted").isTrue();
        assertThat(failure).isInstanceOf(QueryFailedException.class).hasMessageContaining("its thread was interrupted");
        assertDroppedAfter("CREATE_TABLE", "SELECT");
    }

    @Test
    void aTableThatIsNotDroppedIsNoFailureOfTheSet() {
        queries.athena.next(NOTHING).next(NOTHING).next(QueryFault.failed("ACCESS_DENIED: no"));

        assertThat(all(store(), set())).hasSize(5);
        assertThat(tables()).isEqualTo("1");
    }

    @Test
    void filesTablesAndCountsOfASetHaveTheirLabelsInTheSameWay() {
        AthenaOfflineStore store = store();

        assertThat(store.unload(set(), URI.create("s3://results/sets/march/"))).isEqualTo(5);
        assertDroppedAfter("CREATE_TABLE", "UNLOAD");
        assertThat(store.createTable(set(), URI.create("s3://results/sets/table/"), "sets", "march"))
                .isEqualTo(5);
        assertThat(store.labelDays(set(), Instant.EPOCH)).hasSize(1);
        assertThat(kinds())
                .filteredOn(kind -> !kind.equals("SELECT"))
                .containsExactly(
                        "CREATE_TABLE",
                        "UNLOAD",
                        "DROP_TABLE",
                        "CREATE_TABLE",
                        "CREATE_TABLE_AS_SELECT",
                        "DROP_TABLE",
                        "CREATE_TABLE",
                        "DROP_TABLE");
        assertThat(tables()).isEqualTo("0");
    }

    @Test
    void aPieceOfWorkIsTheSameQueryWhoeverAsksForItAgain() {
        URI target = URI.create("s3://results/sets/march/");

        assertThat(store().unload(set(), target, "march, first attempt")).isEqualTo(5);
        assertThat(store().unload(set(), target, "march, first attempt")).isEqualTo(5);

        assertThat(kinds()).containsOnlyOnce("UNLOAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///labels/", "s3://results/it's/", "s3://results/a%5Cb/", "s3://results/a;b/"})
    void aPlaceThatNoTableCanHaveIsRefused(String location) {
        TrainingSet elsewhere = TrainingSet.of(VIEW, labelled(Spine.parquet(URI.create(location), COLUMNS)));

        assertThatThrownBy(() -> store().run(elsewhere))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("expected a location such as s3://bucket/labels/");
        assertThat(asked()).isEmpty();
    }

    @Test
    void aColumnThatTheFilesLackIsNamedBeforeAnythingIsAsked() {
        assertThatThrownBy(() ->
                        TrainingSet.of(VIEW, Spine.parquet(LABELS, COLUMNS).keep("amount")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("the spine's files have no column 'amount'");
    }
}
