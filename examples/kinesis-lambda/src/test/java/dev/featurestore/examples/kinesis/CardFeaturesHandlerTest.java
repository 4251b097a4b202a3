package dev.featurestore.examples.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.aws.RetryPolicy;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.ingest.DeadLetter;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The handler over the SDK and HTTP, with the event in the form in which Lambda delivers it. */
class CardFeaturesHandlerTest {
    private static final Path EVENT = Path.of("kinesis-event.json");

    private final List<DeadLetter<ByteBuffer>> buried = new ArrayList<>();
    private final InMemoryFeatureStore service =
            InMemoryFeatureStore.create(ManualClock.startingAt(Instant.parse("2026-03-10T12:05:00Z")));
    private final FeatureStoreEmulator emulator =
            FeatureStoreEmulator.builder().store(service).start();
    private final SageMakerFeatureStoreRuntimeClient runtime = SageMakerFeatureStoreRuntimeClient.builder()
            // a proxy that the environment names is for the world outside
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                    .proxyConfiguration(
                            proxy -> proxy.useSystemPropertyValues(false).useEnvironmentVariablesValues(false)))
            .region(Region.US_EAST_1)
            .endpointOverride(emulator.endpoint())
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    private final FeatureStore store = AwsFeatureStore.builder()
            .runtimeClient(runtime)
            .retryPolicy(RetryPolicy.never())
            .build();

    @BeforeEach
    void createTheGroup() {
        service.admin().apply(Fraud.CARDS);
    }

    @AfterEach
    void close() {
        store.close();
        runtime.close();
        emulator.close();
        service.close();
    }

    private static KinesisEvent event() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(KinesisEvent.class, KinesisEvent.class.getClassLoader())
                    .fromJson(json);
        }
    }

    private static Context remaining(int millis) {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return millis;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private List<String> handle() throws IOException {
        StreamsEventResponse response =
                new CardFeaturesHandler(store, buried::add).handleRequest(event(), remaining(30_000));
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private long payments(String card) {
        return service.group(Fraud.CARDS).find(card).orElseThrow().getLong(Fraud.PAYMENTS_1H);
    }

    @Test
    void aBatchIsWrittenAndItsPoisonBuried() throws IOException {
        assertThat(handle()).isEmpty();

        assertThat(payments("card-1")).isEqualTo(2);
        assertThat(payments("card-2")).isEqualTo(7);
        assertThat(buried)
                .extracting(letter -> letter.record().sequenceNumber())
                .containsExactly("49590338271490256608559692540925702759324208523137515618");
        assertThat(buried.get(0).record().shard()).isEqualTo("shardId-000000000006");
    }

    @Test
    void whatIsThrottledIsReportedAndDeliveredAgain() throws IOException {
        emulator.faults().atRate("PutRecord", 1.0, WireFault.throttled());
        assertThat(handle()).containsExactly("49590338271490256608559692538361571095921575989136588898");
        assertThat(buried).isEmpty();

        emulator.faults().clear();
        assertThat(handle()).isEmpty();
        assertThat(payments("card-1")).isEqualTo(2);
        assertThat(buried).hasSize(1);
    }

    @Test
    void theWarmUpReadsAndWritesNothing() throws Exception {
        CardFeaturesHandler handler = new CardFeaturesHandler(store, buried::add);

        handler.beforeCheckpoint(Core.getGlobalContext());

        assertThat(emulator.requests()).extracting(LoggedRequest::operation).containsExactly("GetRecord");
    }

    @Test
    void aWarmUpThatFailsDoesNotKeepTheVersionFromBeingPublished() throws Exception {
        emulator.faults().atRate("GetRecord", 1.0, WireFault.groupNotFound());
        CardFeaturesHandler handler = new CardFeaturesHandler(store, buried::add);

        handler.beforeCheckpoint(Core.getGlobalContext());

        assertThat(emulator.requests()).hasSize(1);
    }
}
