package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.testkit.athena.QueryState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.Row;

/** Athena's statements on Trino, sent by the official client. */
class TrinoAthenaEngineTest {
    @TempDir
    Path bucket;

    private LocalAthena athena;

    @BeforeEach
    void start() {
        athena = LocalAthena.start(new TrinoAthenaEngine(Engine.TRINO, () -> {}), bucket);
    }

    @AfterEach
    void stop() {
        athena.close();
    }

    private String begin(String sql) {
        return athena.client()
                .startQueryExecution(start -> start.queryString(sql)
                        .resultConfiguration(result ->
                                result.outputLocation(LocalAthena.s3("results/").toString())))
                .queryExecutionId();
    }

    private QueryExecution ended(String sql) {
        String id = begin(sql);
        QueryExecution query = athena.athena().get(id);
        while (!query.state().isFinal()) {
            query = athena.athena().get(id);
        }
        return query;
    }

    private QueryExecution done(String sql) {
        QueryExecution query = ended(sql);
        assertThat(query.state()).as(query.reason()).isEqualTo(QueryState.SUCCEEDED);
        return query;
    }

    /** All rows but the header. */
    private List<List<String>> rows(String sql) {
        String id = done(sql).id();
        return athena.client().getQueryResultsPaginator(results -> results.queryExecutionId(id)).stream()
                .flatMap(page -> page.resultSet().rows().stream())
                .skip(1)
                .map(TrinoAthenaEngineTest::texts)
                .toList();
    }

    private static List<String> texts(Row row) {
        return row.data().stream()
                .map(Datum::varCharValue)
                .map(text -> Objects.requireNonNullElse(text, "<null>"))
                .toList();
    }

    @Test
    void valuesComeAsTextWithAthenasNamesOfTypes() {
        String id =
                done("SELECT 'a' AS s, '' AS e, CAST(NULL AS VARCHAR) AS n, BIGINT '9223372036854775807' AS l, 0.1e0 AS d,"
                                + " REAL '1.5' AS f, true AS b, DECIMAL '1.10' AS m, DATE '2025-01-31' AS day,"
                                + " TIMESTAMP '2025-03-10 12:00:00.123' AS t, TIMESTAMP '2025-03-10 12:00:00.123 UTC' AS z")
                        .id();

        GetQueryResultsResponse results = athena.client().getQueryResults(get -> get.queryExecutionId(id));

        assertThat(results.resultSet().resultSetMetadata().columnInfo())
                .extracting(ColumnInfo::type)
                .containsExactly(
                        "varchar",
                        "varchar",
                        "varchar",
                        "bigint",
                        "double",
                        "float",
                        "boolean",
                        "decimal",
                        "date",
                        "timestamp",
                        "timestamp with time zone");
        assertThat(texts(results.resultSet().rows().get(1)))
                .containsExactly(
                        "a",
                        "",
                        "<null>",
                        "9223372036854775807",
                        "0.1",
                        "1.5",
                        "true",
                        "1.10",
                        "2025-01-31",
                        "2025-03-10 12:00:00.123",
                        "2025-03-10 12:00:00.123 UTC");
    }

    @Test
    void manyRowsComeInPages() {
        List<List<String>> rows = rows("SELECT a * 50 + b AS n FROM UNNEST(sequence(0, 49)) AS x(a)"
                + " CROSS JOIN UNNEST(sequence(0, 49)) AS y(b)");

        assertThat(rows).hasSize(2500).doesNotHaveDuplicates();
        assertThat(athena.emulator().requests())
                .filteredOn(request -> request.operation().equals("GetQueryResults"))
                .hasSize(3);
    }

    @Test
    void mistakesAreToldAsAthenaTellsThem() {
        assertThat(ended("SELECT nothing").reason()).startsWith("COLUMN_NOT_FOUND: line 1:8: Column 'nothing'");
        assertThat(ended("SELECT FROM").reason()).startsWith("SYNTAX_ERROR: line 1:8");
        assertThat(ended("SELECT 1 FROM nowhere.none").reason()).startsWith("SCHEMA_NOT_FOUND: ");
        assertThat(ended("UNLOAD (SELECT TIMESTAMP '2025-03-10 12:00:00.123456' AS t) TO 's3://my-bucket/fine/'"
                                + " WITH (format = 'PARQUET')")
                        .reason())
                .startsWith("NOT_SUPPORTED: Incorrect timestamp precision for timestamp(6)");
    }

    @Test
    void unloadedFilesAreListedAndCanBeReadAsATable() throws IOException {
        QueryExecution query = done("UNLOAD (SELECT n, 'card-' || CAST(n AS VARCHAR) AS card_id FROM"
                + " UNNEST(sequence(1, 10)) AS r(n)) TO 's3://my-bucket/unloaded/' WITH (format = 'PARQUET')");

        assertThat(Objects.requireNonNull(query.written()).rows()).isEqualTo(10);
        String manifest = Objects.requireNonNull(query.manifest()).getPath().substring(1);
        try (Stream<Path> files = Files.list(bucket.resolve("unloaded"))) {
            assertThat(Files.readAllLines(bucket.resolve(manifest)))
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> "s3://my-bucket/unloaded/" + file.getFileName())
                                    .toList());
        }
        done("CREATE EXTERNAL TABLE `default`.`unloaded` (`n` int, `card_id` string) STORED AS PARQUET LOCATION"
                + " 's3://my-bucket/unloaded/'");
        assertThat(rows("SELECT count(*), sum(n), max(card_id) FROM \"default\".\"unloaded\""))
                .containsExactly(List.of("10", "55", "card-9"));
        done("DROP TABLE `default`.`unloaded`");
    }

    @Test
    void aTableOfAQueryIsThereUntilItIsDroppedAndItsFilesStay() {
        QueryExecution query = done("CREATE TABLE \"sets\".\"march\" WITH (format = 'PARQUET',"
                + " external_location = 's3://my-bucket/march/') AS SELECT 7 AS n");

        assertThat(Objects.requireNonNull(query.written()).rows()).isEqualTo(1);
        assertThat(rows("SELECT n FROM sets.march")).containsExactly(List.of("7"));
        done("DROP TABLE IF EXISTS sets.march");
        assertThat(ended("SELECT n FROM sets.march").reason()).startsWith("TABLE_NOT_FOUND: ");
        assertThat(bucket.resolve("march")).isNotEmptyDirectory();
    }

    @Test
    void aTableOfCsvIsAllText() throws IOException {
        Files.createDirectories(bucket.resolve("labels"));
        Files.writeString(bucket.resolve("labels/a.csv"), "card_id,amount\n\"a, \"\"b\"\"\",1.5\nc,\n");

        done("CREATE EXTERNAL TABLE IF NOT EXISTS labels (`card_id` string, `amount` string) ROW FORMAT SERDE"
                + " 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://my-bucket/labels/'"
                + " TBLPROPERTIES ('skip.header.line.count' = '1')");

        assertThat(rows("SELECT card_id, amount FROM labels ORDER BY 1"))
                .containsExactly(List.of("a, \"b\"", "1.5"), List.of("c", ""));
        done("DROP TABLE labels");
    }

    @Test
    void aTableThatIsNotThereIsDroppedOnlyIfThatIsAllowed() {
        done("DROP TABLE IF EXISTS `nowhere`");
        assertThat(ended("DROP TABLE `nowhere`").reason()).startsWith("TABLE_NOT_FOUND: ");
    }

    @Test
    void aQueryThatIsStoppedStopsInTheEngine() throws SQLException {
        String mark = "stopped " + bucket.getFileName();
        String id = begin("SELECT count(*), '" + mark + "' FROM UNNEST(sequence(1, 10000)) AS a(n)"
                + " CROSS JOIN UNNEST(sequence(1, 10000)) AS b(m) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(o)"
                + " WHERE sin(n) + sin(m) + sin(o) > 4");
        assertThat(athena.athena().get(id).state()).isEqualTo(QueryState.RUNNING);

        athena.client().stopQueryExecution(stop -> stop.queryExecutionId(id));

        assertThat(athena.athena().get(id).state()).isEqualTo(QueryState.CANCELLED);
        assertThat(errorInTrino(mark)).isEqualTo("USER_CANCELED");
    }

    /** How the query that has this text ended; asks until it has. */
    private static String errorInTrino(String mark) throws SQLException {
        try (Connection connection = Engine.TRINO.connect();
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet result = statement.executeQuery("SELECT error_code FROM system.runtime.queries WHERE"
                        + " query LIKE '%count(*), ''" + mark + "%' AND \"end\" IS NOT NULL")) {
                    if (result.next()) {
                        return result.getString(1);
                    }
                }
            }
        }
    }
}
