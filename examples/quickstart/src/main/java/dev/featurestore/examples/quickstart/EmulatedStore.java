package dev.featurestore.examples.quickstart;

import dev.featurestore.AdminClient;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.view.FeatureView;
import java.time.InstantSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * The store of production over an emulator in this program: each call goes through the official SDK, HTTP and the emulator to
 * an in-memory store. What is on AWS in production is the endpoint, the credentials and the offline store.
 */
public final class EmulatedStore implements FeatureStore {
    private final InMemoryFeatureStore service;
    private final FeatureStoreEmulator emulator;
    private final SdkHttpClient http;
    private final SageMakerClient sageMaker;
    private final SageMakerFeatureStoreRuntimeClient runtime;
    private final FeatureStore store;

    /**
     * A store without groups.
     *
     * @param clock its time, and the service's
     * @param history where its history goes; stays open when the store is closed
     * @param training what runs its training sets
     */
    public EmulatedStore(InstantSource clock, LocalOfflineStore history, OfflineStore training) {
        this.service = InMemoryFeatureStore.builder()
                .clock(clock)
                .offlineStore(history)
                .build();
        this.emulator = FeatureStoreEmulator.builder().store(service).start();
        // a proxy that the environment names is for the world outside
        this.http = UrlConnectionHttpClient.builder()
                .proxyConfiguration(
                        proxy -> proxy.useSystemPropertyValues(false).useEnvironmentVariablesValues(false))
                .build();
        this.sageMaker = configured(SageMakerClient.builder().httpClient(http)).build();
        this.runtime = configured(SageMakerFeatureStoreRuntimeClient.builder().httpClient(http))
                .build();
        this.store = AwsFeatureStore.builder()
                .sageMakerClient(sageMaker)
                .runtimeClient(runtime)
                .offlineStore(training)
                .clock(clock)
                .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B client) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    @Override
    public <R> FeatureGroupClient<R> group(FeatureGroup<R> definition) {
        return store.group(definition);
    }

    @Override
    public FeatureViewClient view(FeatureView definition, FetchOptions options) {
        return store.view(definition, options);
    }

    @Override
    public AdminClient admin() {
        return store.admin();
    }

    @Override
    public void close() {
        store.close();
        runtime.close();
        sageMaker.close();
        http.close();
        emulator.close();
        service.close();
    }
}
