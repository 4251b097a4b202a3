package dev.featurestore.examples.endpoint;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClientBuilder;

/** A feature store, and what was opened for it. */
final class StoreConnection implements AutoCloseable {
    /** For warming up; a payment has a deadline of its own. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    /** One for each group of each payment that is scored at the same time, as many as the store has threads for fetches. */
    private static final int CONNECTIONS = Fraud.MODEL_V1.selections().size() * FraudEndpoint.PAYMENTS_AT_ONCE;

    private final SdkHttpClient http;

    private final SageMakerFeatureStoreRuntimeClient runtime;

    private final FeatureStore store;

    private StoreConnection(ApacheHttpClient.Builder http, SageMakerFeatureStoreRuntimeClientBuilder client) {
        this.http =
                http.maxConnections(CONNECTIONS).expectContinueEnabled(false).build();
        this.runtime = client.httpClient(this.http)
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(CALL_TIMEOUT))
                .build();
        this.store = AwsFeatureStore.builder()
                .runtimeClient(runtime)
                .callTimeout(CALL_TIMEOUT)
                .build();
    }

    /** With the region and the credentials that the SDK finds. */
    static StoreConnection toAws() {
        return new StoreConnection(ApacheHttpClient.builder(), SageMakerFeatureStoreRuntimeClient.builder());
    }

    static StoreConnection to(FeatureStoreEmulator emulator) {
        return new StoreConnection(
                // a proxy that the environment names is for the world outside
                ApacheHttpClient.builder()
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build()),
                SageMakerFeatureStoreRuntimeClient.builder()
                        .region(Region.of(emulator.region()))
                        .endpointOverride(emulator.endpoint())
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"))));
    }

    FeatureStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
        runtime.close();
        http.close();
    }
}
