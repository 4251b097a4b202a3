package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.testkit.athena.QueryFault;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;

/** What the emulator answers to the official client of Athena. */
class AthenaProtocolTest {
    private static final String TOKEN = "0123456789-0123456789-0123456789";

    @TempDir
    private Path folder;

    private EmulatedQueries queries;

    @BeforeEach
    void start() {
        queries = new EmulatedQueries(folder, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private String start(String sql, Consumer<StartQueryExecutionRequest.Builder> more) {
        return queries.client
                .startQueryExecution(start -> {
                    start.queryString(sql)
                            .resultConfiguration(result -> result.outputLocation(EmulatedQueries.RESULTS));
                    more.accept(start);
                })
                .queryExecutionId();
    }

    private QueryExecution look(String id) {
        return queries.client.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
    }

    private GetQueryResultsResponse results(String id) {
        return queries.client.getQueryResults(results -> results.queryExecutionId(id));
    }

    @Test
    void aQueryGoesThroughItsStatesOnTheClock() {
        String id = start(
                "SELECT 1 AS one",
                more -> more.queryExecutionContext(
                        context -> context.catalog("AwsDataCatalog").database("features")));

        assertThat(look(id).status().state()).isEqualTo(QueryExecutionState.QUEUED);
        queries.clock.advance(Duration.ofSeconds(1));
        assertThat(look(id).status().state()).isEqualTo(QueryExecutionState.RUNNING);
        assertThatThrownBy(() -> results(id))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Query has not yet finished. Current state: RUNNING");
        queries.clock.advance(Duration.ofSeconds(1));

        QueryExecution done = look(id);
        assertThat(done.status().state()).isEqualTo(QueryExecutionState.SUCCEEDED);
        assertThat(done.status().completionDateTime()).isEqualTo(queries.clock.instant());
        assertThat(done.queryExecutionContext().database()).isEqualTo("features");
        assertThat(done.statementTypeAsString()).isEqualTo("DML");
        assertThat(done.resultConfiguration().outputLocation()).isEqualTo(EmulatedQueries.RESULTS + id + ".csv");
        assertThat(results(id).resultSet().resultSetMetadata().columnInfo())
                .singleElement()
                .satisfies(column -> {
                    assertThat(column.name()).isEqualTo("one");
                    assertThat(column.type()).isEqualTo("integer");
                });
    }

    @Test
    void theResultFileTellsANullFromAnEmptyText() throws Exception {
        String id = start("SELECT '' AS empty, NULL::VARCHAR AS missing, 'a\"b' AS quoted", more -> {});
        queries.clock.advance(Duration.ofSeconds(2));
        look(id);

        assertThat(Files.readString(queries.bucket.resolve("queries/" + id + ".csv")))
                .isEqualTo("\"empty\",\"missing\",\"quoted\"\n\"\",,\"a\"\"b\"\n");
        assertThat(results(id).resultSet().rows().get(1).data())
                .extracting(datum -> datum.varCharValue())
                .containsExactly("", null, "a\"b");
    }

    @Test
    void aTokenStartsOneQueryAndNoOther() {
        String id = start("SELECT 1", more -> more.clientRequestToken(TOKEN));

        assertThat(start("SELECT 1", more -> more.clientRequestToken(TOKEN))).isEqualTo(id);
        assertThatThrownBy(() -> start("SELECT 2", more -> more.clientRequestToken(TOKEN)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Idempotent parameters do not match");
        assertThatThrownBy(() -> start("SELECT 1", more -> more.clientRequestToken("short")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("clientRequestToken")
                .hasMessageContaining("greater than or equal to 32");
    }

    @Test
    void aTextIsMeasuredInBytes() {
        assertThatThrownBy(() -> start("SELECT '" + "é".repeat(131_072) + "'", more -> {}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("less than or equal to 262144");
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> start("SELECT 1", more -> more.workGroup("nobody")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("WorkGroup is not found");
        assertThatThrownBy(() -> start("SELECT 1", more -> more.resultConfiguration(result -> {})))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No output location provided");
        assertThatThrownBy(() -> start(
                        "SELECT 1",
                        more -> more.resultConfiguration(result -> result.outputLocation("s3://elsewhere/"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("output bucket elsewhere");
        assertThatThrownBy(() -> look("nobody"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("was not found");
    }

    @Test
    void aMistakeInTheTextFailsTheQueryLater() {
        String id = start("SELECT nothing FROM nowhere", more -> {});
        queries.clock.advance(Duration.ofSeconds(2));

        assertThat(look(id).status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(look(id).status().stateChangeReason()).startsWith("CATALOG_ERROR: ");
        assertThat(look(id).status().athenaError().retryable()).isFalse();
    }

    @Test
    void aQueryThatIsStoppedStaysCancelled() {
        String id = start("SELECT 1", more -> {});

        queries.client.stopQueryExecution(stop -> stop.queryExecutionId(id));
        queries.clock.advance(Duration.ofHours(1));

        assertThat(look(id).status().state()).isEqualTo(QueryExecutionState.CANCELLED);
        assertThatThrownBy(() -> results(id))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Final query state: CANCELLED");
    }

    @Test
    void aFailedUnloadLeavesItsFiles() {
        queries.athena.next(QueryFault.failedAfterWriting("GENERIC_INTERNAL_ERROR: worker lost"));
        String id = start("UNLOAD (SELECT 1 AS one) TO 's3://results/out/' WITH (format = 'PARQUET')", more -> {});
        queries.clock.advance(Duration.ofSeconds(2));

        assertThat(look(id).status().state()).isEqualTo(QueryExecutionState.FAILED);
        assertThat(look(id).statistics().dataManifestLocation()).endsWith(id + "-manifest.csv");
        assertThat(queries.bucket.resolve("out/part-0.parquet")).exists();
    }

    @Test
    void pagesAreAsLongAsAskedFor() {
        String id = start("SELECT n FROM range(5) AS r(n)", more -> {});
        queries.clock.advance(Duration.ofSeconds(2));
        look(id);

        GetQueryResultsResponse first =
                queries.client.getQueryResults(page -> page.queryExecutionId(id).maxResults(4));
        GetQueryResultsResponse second = queries.client.getQueryResults(
                page -> page.queryExecutionId(id).maxResults(4).nextToken(first.nextToken()));

        assertThat(first.resultSet().rows()).hasSize(4);
        assertThat(first.resultSet().rows().get(0).data().get(0).varCharValue()).isEqualTo("n");
        assertThat(second.resultSet().rows()).hasSize(2);
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> queries.client.getQueryResults(
                        page -> page.queryExecutionId(id).maxResults(1001)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void anEmulatorThatWasGivenNoAthenaSaysSo() {
        try (FeatureStoreEmulator bare = FeatureStoreEmulator.start();
                AthenaClient client = client(bare.endpoint())) {
            assertThatThrownBy(() -> client.getQueryExecution(get -> get.queryExecutionId("any")))
                    .isInstanceOfSatisfying(
                            AwsServiceException.class,
                            failure -> assertThat(failure.statusCode()).isEqualTo(501));
        }
    }

    private static AthenaClient client(URI endpoint) {
        return AthenaClient.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }
}
