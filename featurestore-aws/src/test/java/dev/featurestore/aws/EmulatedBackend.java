package dev.featurestore.aws;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.FeatureStore;
import dev.featurestore.Sleeper;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.contract.OnlineBackend;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The backend of AWS, through the official clients and a given HTTP client, against an emulator of its own. */
final class EmulatedBackend implements OnlineBackend {
    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00.123456789Z"));

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);

    private final FeatureStoreEmulator emulator;

    private final SdkAutoCloseable runtime;

    private final SageMakerClient sageMaker;

    private final OnlineStore onlineStore;

    private final GroupNames groups = new GroupNames(Map.of());

    private final Requests requests = new Requests(RetryPolicy.never(), pause -> {}, AsyncSleeper.system(), () -> 1.0);

    /** @param http stays open: it is the caller's */
    EmulatedBackend(SdkHttpClient http) {
        this(http, emulator -> {});
    }

    /** @param make further settings of the emulator */
    EmulatedBackend(SdkHttpClient http, Consumer<FeatureStoreEmulator.Builder> make) {
        FeatureStoreEmulator.Builder builder = FeatureStoreEmulator.builder().store(store);
        make.accept(builder);
        this.emulator = builder.start();
        SageMakerFeatureStoreRuntimeClient client = configured(
                        SageMakerFeatureStoreRuntimeClient.builder().httpClient(http))
                .build();
        this.runtime = client;
        this.sageMaker = configured(SageMakerClient.builder().httpClient(http)).build();
        this.onlineStore = new SageMakerOnlineStore(client, requests, groups);
    }

    /**
     * Over the asynchronous client of records, waiting for its answers.
     *
     * @param http stays open: it is the caller's
     * @param httpOfGroups the same
     */
    EmulatedBackend(SdkAsyncHttpClient http, SdkHttpClient httpOfGroups) {
        this.emulator = FeatureStoreEmulator.builder().store(store).start();
        SageMakerFeatureStoreRuntimeAsyncClient client = configured(
                        SageMakerFeatureStoreRuntimeAsyncClient.builder().httpClient(http))
                .build();
        this.runtime = client;
        this.sageMaker =
                configured(SageMakerClient.builder().httpClient(httpOfGroups)).build();
        this.onlineStore = OnlineStore.over(new SageMakerAsyncOnlineStore(client, requests, groups));
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B client) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)));
    }

    FeatureStoreEmulator emulator() {
        return emulator;
    }

    @Override
    public OnlineStore onlineStore() {
        return onlineStore;
    }

    @Override
    public FeatureGroupAdmin admin() {
        return admin(RetryPolicy.never(), clock::advance);
    }

    /** An administration whose pauses move the clock. */
    FeatureGroupAdmin admin(RetryPolicy policy, Sleeper sleeper) {
        return new SageMakerFeatureGroupAdmin(
                () -> sageMaker,
                () -> new Requests(policy, sleeper, AsyncSleeper.system(), () -> 1.0),
                groups,
                sleeper,
                () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos(),
                Duration.ofMinutes(10));
    }

    /** A store with that administration. */
    FeatureStore storeOf(FeatureGroupAdmin admin) {
        return FeatureStore.builder()
                .onlineStore(onlineStore())
                .offlineStore(store.offlineStore())
                .admin(admin)
                .clock(clock)
                .build();
    }

    InMemoryFeatureStore inMemory() {
        return store;
    }

    ManualClock clock() {
        return clock;
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public Optional<Consumer<Duration>> timeTravel() {
        return Optional.of(clock::advance);
    }

    @Override
    public Optional<List<OfflineRow>> offlineRows(FeatureGroup<?> group) {
        return Optional.of(store.history(group));
    }

    @Override
    public Optional<String> arn(FeatureGroup<?> group) {
        return Optional.of("arn:aws:sagemaker:us-east-1:000000000000:feature-group/" + group.name());
    }

    @Override
    public void close() {
        runtime.close();
        sageMaker.close();
        emulator.close();
        store.close();
    }
}
