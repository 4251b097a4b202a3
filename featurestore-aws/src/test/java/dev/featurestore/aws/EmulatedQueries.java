package dev.featurestore.aws;

import dev.featurestore.AdminClient;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.athena.DuckDbAthenaEngine;
import dev.featurestore.testkit.athena.EmulatedAthena;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * An emulated Athena over local Parquet files, behind HTTP, with the official client before it. Queries are in DuckDB's
 * language: what is under test is how they are run.
 */
final class EmulatedQueries implements AutoCloseable {
    static final Feature<String> CARD_ID = Feature.string("card_id");

    static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");

    static final Feature<Long> COUNT = Feature.integral("txn_count");

    static final Feature<Double> RATIO = Feature.fractional("amount_ratio");

    static final Feature<String> NOTE = Feature.string("note");

    static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TS)
            .features(COUNT, RATIO, NOTE)
            .onlineStore(online -> {})
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card_id").features(COUNT, RATIO, NOTE))
            .build();

    static final String RESULTS = "s3://results/queries/";

    final ManualClock clock;

    final LocalOfflineStore local;

    final InMemoryFeatureStore memory;

    final DuckDbAthenaEngine engine;

    final EmulatedAthena athena;

    final FeatureStoreEmulator emulator;

    final AthenaClient client;

    final SageMakerClient sageMaker;

    final SageMakerFeatureStoreRuntimeClient runtime;

    final Path bucket;

    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    EmulatedQueries(Path folder) {
        this(
                folder,
                ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00Z")),
                ServiceBehaviour.defaults(),
                Duration.ZERO,
                Duration.ZERO);
    }

    /** Queries that are queued and run for so long, on a clock that goes on as long as somebody waits. */
    EmulatedQueries(Path folder, Duration queued, Duration runs) {
        this(
                folder,
                ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00Z")),
                ServiceBehaviour.defaults(),
                queued,
                runs);
    }

    EmulatedQueries(Path folder, ManualClock clock, ServiceBehaviour behaviour, Duration queued, Duration runs) {
        this.clock = clock;
        this.local = LocalOfflineStore.at(folder.resolve("offline"), clock);
        this.memory = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(behaviour)
                .offlineStore(local)
                .build();
        this.engine = DuckDbAthenaEngine.create(local::flush);
        this.bucket = folder.resolve("results");
        this.athena = EmulatedAthena.builder(engine)
                .bucket("results", bucket)
                .workgroup("capped", RESULTS, 1_000L)
                .clock(clock)
                .times(queued, runs)
                .build();
        this.emulator =
                FeatureStoreEmulator.builder().store(memory).athena(athena).start();
        this.client = configured(AthenaClient.builder().httpClient(http)).build();
        this.runtime = configured(SageMakerFeatureStoreRuntimeClient.builder().httpClient(http))
                .build();
        this.sageMaker = configured(SageMakerClient.builder().httpClient(http)).build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B builder) {
        return builder.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(60)));
    }

    /** A store over the official client, which waits by moving the clock. */
    AthenaOfflineStore.Builder settings() {
        return AthenaOfflineStore.builder()
                .athenaClient(client)
                .dialect(SqlDialect.duckDb())
                .tables(local.tables())
                .outputLocation(RESULTS)
                .clock(clock)
                .sleeper(clock::advance);
    }

    /** The groups of the store in memory, which are there when they are asked for, trained on through Athena. */
    FeatureStore store(AthenaOfflineStore offline) {
        FeatureStore trained = FeatureStore.builder()
                .onlineStore(memory.onlineStore())
                .offlineStore(offline)
                .admin(memory.admin().backend())
                .clock(clock)
                .build();
        return new FeatureStore() {
            @Override
            public <R> FeatureGroupClient<R> group(FeatureGroup<R> definition) {
                return memory.group(definition);
            }

            @Override
            public FeatureViewClient view(FeatureView definition, FetchOptions options) {
                definition.selections().forEach(selection -> memory.group(selection.group()));
                return trained.view(definition, options);
            }

            @Override
            public AdminClient admin() {
                return trained.admin();
            }

            @Override
            public void close() {
                trained.close();
            }
        };
    }

    void put(String card, Map<Feature<?>, ?> values) {
        FeatureRecord.Builder record = CARDS.newRecord().set(CARD_ID, card).set(EVENT_TS, clock.instant());
        values.forEach((feature, value) -> record.set(feature.name(), value));
        memory.group(CARDS).put(record.build());
    }

    /** The rows of any query, header and all, by the client alone. */
    List<Row> query(String sql) {
        String id = client.startQueryExecution(
                        start -> start.queryString(sql).resultConfiguration(result -> result.outputLocation(RESULTS)))
                .queryExecutionId();
        clock.advance(Duration.ofHours(1));
        client.getQueryExecution(get -> get.queryExecutionId(id));
        return client.getQueryResults(results -> results.queryExecutionId(id))
                .resultSet()
                .rows();
    }

    /** How often an operation was asked for. */
    long requests(String operation) {
        return emulator.requests().stream()
                .filter(request -> request.operation().equals(operation))
                .count();
    }

    @Override
    public void close() {
        client.close();
        sageMaker.close();
        runtime.close();
        http.close();
        emulator.close();
        athena.close();
        engine.close();
        memory.close();
        local.close();
    }
}
