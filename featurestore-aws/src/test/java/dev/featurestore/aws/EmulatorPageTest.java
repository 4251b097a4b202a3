package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.athena.DuckDbAthenaEngine;
import dev.featurestore.testkit.athena.EmulatedAthena;
import dev.featurestore.testkit.athena.QueryFault;
import dev.featurestore.testkit.athena.QueryRequest;
import dev.featurestore.testkit.athena.QueryState;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.emulator.WireFaults;
import dev.featurestore.testkit.junit.EmulatorTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The Java code of {@code docs/emulator.md} compiles, and does what the page says. */
class EmulatorPageTest {
    private static final Feature<String> CARD_ID = Feature.string("card_id");

    private static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TS)
            .onlineStore()
            .build();

    private static final SdkHttpClient HTTP =
            ApacheHttpClient.builder().expectContinueEnabled(false).build();

    @Test
    void clientsOfTheSdkTalkToTheEmulator() {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        try (FeatureStoreEmulator emulator = FeatureStoreEmulator.start();
                SdkHttpClient http =
                        ApacheHttpClient.builder().expectContinueEnabled(false).build();
                SageMakerClient sageMaker = SageMakerClient.builder()
                        .httpClient(http)
                        .endpointOverride(emulator.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .build();
                SageMakerFeatureStoreRuntimeClient runtime = SageMakerFeatureStoreRuntimeClient.builder()
                        .httpClient(http)
                        .endpointOverride(emulator.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .sageMakerClient(sageMaker)
                        .runtimeClient(runtime)
                        .build()) {
            store.admin().apply(CARDS);
            FeatureGroupClient<FeatureRecord> cards = store.group(CARDS);
            cards.put(CARDS.newRecord()
                    .set(CARD_ID, "card-1")
                    .set(EVENT_TS, Instant.now())
                    .build());

            // the same record, from the InMemoryFeatureStore behind the emulator
            Optional<FeatureRecord> stored = emulator.store().group(CARDS).find("card-1");
            // operation, group, status and duration of each
            List<LoggedRequest> requests = emulator.requests();

            assertThat(stored).isEqualTo(cards.find("card-1")).isPresent();
            assertThat(requests)
                    .extracting(LoggedRequest::operation)
                    .containsSubsequence(
                            "DescribeFeatureGroup", "CreateFeatureGroup", "DescribeFeatureGroup", "PutRecord");

            emulator.faults()
                    .next("PutRecord", 3, WireFault.throttled()) // the next three
                    .next("GetRecord", 1, WireFault.staleRead()) // as if the latest write had not arrived
                    .atRate("GetRecord", 0.01, WireFault.internalFailure()) // one in a hundred, seeded
                    .atRate(
                            WireFaults.ANY_OPERATION,
                            1,
                            WireFault.latency(Duration.ofMillis(4), Duration.ofMillis(30)));

            assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> cards.put(stored.orElseThrow()));
            assertThat(emulator.faults().pending()).isEqualTo(1);
        }
    }

    @Nested
    @EmulatorTest
    class CardsTest {
        @Test
        void aThrottledPutIsTriedAgain(FeatureStoreEmulator emulator) {
            FeatureStore store = connect(emulator.endpoint());
            store.admin().apply(CARDS);
            emulator.faults().next("PutRecord", 2, WireFault.throttled());

            store.group(CARDS).put(card("card-1"));

            assertThat(emulator.requests()).extracting(LoggedRequest::status).endsWith(400, 400, 200);
        }
    }

    private static FeatureStore connect(URI endpoint) {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        return AwsFeatureStore.builder()
                .sageMakerClient(SageMakerClient.builder()
                        .httpClient(HTTP)
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .build())
                .runtimeClient(SageMakerFeatureStoreRuntimeClient.builder()
                        .httpClient(HTTP)
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                        .build())
                .build();
    }

    private static FeatureRecord card(String id) {
        return CARDS.newRecord().set(CARD_ID, id).set(EVENT_TS, Instant.now()).build();
    }

    @AfterAll
    static void closeHttp() {
        HTTP.close();
    }

    @Test
    void queriesFailOnRequest(@TempDir Path folder) {
        ManualClock clock = ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00Z"));
        try (DuckDbAthenaEngine engine = DuckDbAthenaEngine.create();
                EmulatedAthena athena = EmulatedAthena.builder(engine)
                        .bucket("results", folder) // s3://results/ is this folder
                        .times(Duration.ofSeconds(1), Duration.ofSeconds(20)) // queued, running, on the clock
                        .clock(clock)
                        .build();
                FeatureStoreEmulator emulator =
                        FeatureStoreEmulator.builder().athena(athena).start()) {
            // also slow, cancelled, scans, failedAfterWriting
            athena.next(QueryFault.failed("EXCEEDED_MEMORY_LIMIT: it was too much"));

            assertThat(emulator.endpoint()).isNotNull();
            String query = athena.start(QueryRequest.of("SELECT 1", "s3://results/"), null);
            assertThat(athena.get(query).state()).isEqualTo(QueryState.QUEUED);
            clock.advance(Duration.ofSeconds(21));
            assertThat(athena.get(query).state()).isEqualTo(QueryState.FAILED);
        }
    }

    @Test
    void javaOnThePageIsTheCodeHere() throws IOException {
        String here =
                withoutSpace(Files.readString(Path.of("src/test/java/dev/featurestore/aws/EmulatorPageTest.java")));
        List<String> snippets = Pattern.compile("(?ms)^```java\\R(.*?)^```$")
                .matcher(Files.readString(Path.of("..", "docs", "emulator.md")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(snippets).hasSize(4);
        assertThat(snippets).allSatisfy(snippet -> {
            String code = snippet.replaceFirst("\\}\\s*$", ""); // the test goes on where the page closes what it opened
            assertThat(code.lines()).allSatisfy(line -> assertThat(here).contains(withoutSpace(line)));
            assertThat(here.contains(withoutSpace(code)))
                    .as("lines of one snippet stand together")
                    .isTrue();
        });
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }
}
