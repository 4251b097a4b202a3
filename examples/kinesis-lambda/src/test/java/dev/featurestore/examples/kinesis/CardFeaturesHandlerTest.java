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
import dev.featurestore.ingest.DeadLetter;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.junit.EmulatorTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The handler as it is deployed, over the SDK and HTTP, with events in the form Lambda delivers them. */
@EmulatorTest
class CardFeaturesHandlerTest {
    private final List<DeadLetter<ByteBuffer>> buried = new ArrayList<>();
    private final SageMakerClient sageMaker;
    private final SageMakerFeatureStoreRuntimeClient runtime;
    private final FeatureStore store;

    CardFeaturesHandlerTest(URI endpoint) {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        // a proxy that the environment names is for the world outside
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .proxyConfiguration(
                        proxy -> proxy.useSystemPropertyValues(false).useEnvironmentVariablesValues(false));
        this.sageMaker = SageMakerClient.builder()
                .httpClientBuilder(http)
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .build();
        this.runtime = SageMakerFeatureStoreRuntimeClient.builder()
                .httpClientBuilder(http)
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
        this.store = AwsFeatureStore.builder()
                .sageMakerClient(sageMaker)
                .runtimeClient(runtime)
                .retryPolicy(RetryPolicy.never())
                .build();
    }

    @BeforeEach
    void createTheGroup(InMemoryFeatureStore service) {
        service.group(Cards.GROUP);
    }

    @AfterEach
    void close() {
        store.close();
        runtime.close();
        sageMaker.close();
    }

    private static KinesisEvent event(String name) throws IOException {
        try (InputStream json = Objects.requireNonNull(CardFeaturesHandlerTest.class.getResourceAsStream(name), name)) {
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

    private List<String> handle(String event) throws IOException {
        StreamsEventResponse response =
                new CardFeaturesHandler(store, buried::add).handleRequest(event(event), remaining(30_000));
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private long payments(String card) {
        return store.group(Cards.GROUP).find(card).orElseThrow().getLong(Cards.PAYMENTS_1H);
    }

    @Test
    void aBatchIsWrittenAndItsPoisonBuried() throws IOException {
        assertThat(handle("kinesis-event.json")).isEmpty();

        assertThat(payments("card-1")).isEqualTo(2);
        assertThat(payments("card-2")).isEqualTo(7);
        assertThat(buried)
                .extracting(letter -> letter.record().sequenceNumber())
                .containsExactly("49590338271490256608559692540925702759324208523137515618");
        assertThat(buried.get(0).record().shard()).isEqualTo("shardId-000000000006");
    }

    @Test
    void whatIsThrottledIsReportedAndDeliveredAgain(FeatureStoreEmulator emulator) throws IOException {
        emulator.faults().atRate("PutRecord", 1.0, WireFault.throttled());
        assertThat(handle("kinesis-event.json"))
                .containsExactly("49590338271490256608559692538361571095921575989136588898");
        assertThat(buried).isEmpty();

        emulator.faults().clear();
        assertThat(handle("kinesis-event.json")).isEmpty();
        assertThat(payments("card-1")).isEqualTo(2);
        assertThat(buried).hasSize(1);
    }

    @Test
    void theWarmUpReadsAndWritesNothing(FeatureStoreEmulator emulator) throws Exception {
        CardFeaturesHandler handler = new CardFeaturesHandler(store, buried::add);

        handler.beforeCheckpoint(Core.getGlobalContext());

        assertThat(emulator.requests()).extracting(LoggedRequest::operation).containsExactly("GetRecord");
    }

    @Test
    void aWarmUpThatFailsDoesNotKeepTheVersionFromBeingPublished(FeatureStoreEmulator emulator) throws Exception {
        emulator.faults().atRate("GetRecord", 1.0, WireFault.groupNotFound());
        CardFeaturesHandler handler = new CardFeaturesHandler(store, buried::add);

        handler.beforeCheckpoint(Core.getGlobalContext());

        assertThat(emulator.requests()).hasSize(1);
    }
}
