package dev.featurestore.aws;

import dev.featurestore.FeatureStore;
import dev.featurestore.ingest.Checkpoint;
import dev.featurestore.ingest.FailedRecords;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** Loads rows through the SDK as a job would, and dies at a given request, with no time to say goodbye. */
final class LoadProgram {
    static final Feature<String> CARD = Feature.string("card_id");
    static final Feature<Instant> TIME = Feature.eventTime("event_time");
    static final Feature<Long> NUMBER = Feature.integral("number");
    static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(NUMBER)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    static final int CRASHED = 99;

    static final int COMPLETE_BUT_FOR_FAILURES = 0;

    private static final int CARD_COUNT = 200;

    private static final int BAD_EVERY = 397;

    private static final Instant FIRST = Instant.parse("2026-03-10T00:00:00Z");

    private LoadProgram() {}

    static String card(int position) {
        return "card-" + position % CARD_COUNT;
    }

    /** Every so many there is a record that can never be written. */
    static boolean isBad(int position) {
        return position % BAD_EVERY == BAD_EVERY / 2;
    }

    private static FeatureRecord row(int position) {
        return CARDS.newRecord()
                .set(CARD, isBad(position) ? "x".repeat(3000) : card(position))
                .set(TIME, FIRST.plusSeconds(position))
                .set(NUMBER, (long) position)
                .build();
    }

    private static Stream<FeatureRecord> rows(int count) {
        return IntStream.range(0, count).mapToObj(LoadProgram::row);
    }

    /**
     * Runs one load.
     *
     * @param arguments endpoint, folder, how many rows, at which request to die (0 for never)
     */
    public static void main(String[] arguments) {
        URI endpoint = URI.create(arguments[0]);
        Path folder = Path.of(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        AtomicLong left = new AtomicLong(Long.parseLong(arguments[3]));
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .proxyConfiguration(
                        proxy -> proxy.useSystemPropertyValues(false).useEnvironmentVariablesValues(false));
        try (SageMakerFeatureStoreRuntimeClient runtime = SageMakerFeatureStoreRuntimeClient.builder()
                        .httpClientBuilder(http)
                        .region(Region.US_EAST_1)
                        .endpointOverride(endpoint)
                        .credentialsProvider(credentials)
                        .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())
                                .addExecutionInterceptor(new Crash(left)))
                        .build();
                SageMakerClient sageMaker = SageMakerClient.builder()
                        .httpClientBuilder(http)
                        .region(Region.US_EAST_1)
                        .endpointOverride(endpoint)
                        .credentialsProvider(credentials)
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .build()) {
            IngestReport report = RecordIngestor.to(store.group(CARDS))
                    .concurrency(8)
                    .checkpoint(Checkpoint.file(folder.resolve("checkpoint"), "crashes"))
                    .failures(FailedRecords.file(folder.resolve("failed.jsonl")))
                    .build()
                    .run(rows(count));
            System.out.println(report);
            System.exit(report.stoppedBy().isEmpty() && report.unknown() == 0 ? COMPLETE_BUT_FOR_FAILURES : 1);
        }
    }

    /** Ends the process as if it were killed, while requests are under way. */
    private record Crash(AtomicLong left) implements ExecutionInterceptor {
        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(CRASHED);
            }
        }
    }
}
