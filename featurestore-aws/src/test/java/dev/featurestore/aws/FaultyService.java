package dev.featurestore.aws;

import dev.featurestore.FeatureStore;
import dev.featurestore.Sleeper;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LoggedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** An emulator to be told what goes wrong, the official clients on it, and stores as a program builds them. */
final class FaultyService implements AutoCloseable {
    static final Feature<String> ID = Feature.string("id");

    static final Feature<Instant> TIME = Feature.eventTime("event_time");

    static final Feature<Long> COUNT = Feature.integral("count");

    private static final Duration PATIENT = Duration.ofMinutes(1);

    private static final long HALF_A_MINUTE = Duration.ofSeconds(30).toNanos();

    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00Z"));

    private final SdkHttpClient http;

    private final InMemoryFeatureStore truth;

    private final FeatureStoreEmulator emulator;

    private final SageMakerFeatureStoreRuntimeClient runtime;

    private final SageMakerClient sageMaker;

    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** @param http stays open: it is the caller's */
    FaultyService(SdkHttpClient http, long seed) {
        this(http, seed, InMemoryFeatureStore.builder());
    }

    FaultyService(SdkHttpClient http, long seed, InMemoryFeatureStore.Builder builder) {
        this.http = http;
        this.truth = builder.clock(clock).build();
        this.emulator = FeatureStoreEmulator.builder()
                .store(truth)
                .seed(seed)
                .sleeper(pause -> gate.await())
                .start();
        this.runtime = configured(SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), PATIENT)
                .build();
        this.sageMaker = sageMaker(PATIENT);
    }

    private SageMakerClient sageMaker(Duration timeout) {
        return configured(SageMakerClient.builder().httpClient(http), timeout).build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B client, Duration timeout) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(timeout));
    }

    /** A group with both stores. */
    static FeatureGroup<FeatureRecord> group(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(COUNT)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/faults"))
                .roleArn("arn:aws:iam::123456789012:role/faults")
                .build();
    }

    static FeatureRecord record(FeatureGroup<FeatureRecord> group, String id, Instant eventTime, long count) {
        return group.newRecord()
                .set(ID, id)
                .set(TIME, eventTime)
                .setLong(COUNT, count)
                .build();
    }

    /** A store of its own for a case, with all the time it needs; it has not had an answer from any group yet. */
    FeatureStore open(Sleeper sleeper) {
        return open(RetryPolicy.defaults(), sleeper);
    }

    FeatureStore open(RetryPolicy policy, Sleeper sleeper) {
        return AwsFeatureStore.builder()
                .runtimeClient(runtime)
                .sageMakerClient(sageMaker)
                .retryPolicy(policy)
                .groupRetryPolicy(policy)
                .clock(clock)
                .sleeper(sleeper)
                .callTimeout(PATIENT)
                .build();
    }

    /** A store whose calls end after this time, and whose emulator stands still from now until it is released. */
    FeatureStore openImpatient(Duration timeout) {
        hold();
        SageMakerClient impatient = sageMaker(timeout);
        return AwsFeatureStore.builder()
                .runtimeClient(runtime)
                .sageMakerClient(impatient)
                .clock(clock)
                .groupRetryPolicy(RetryPolicy.defaults())
                .sleeper(pause -> {})
                .callTimeout(timeout)
                .build();
    }

    /** From now on requests with a latency stand still until they are released. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Lets the requests that stand still go on. */
    void release() {
        gate.countDown();
    }

    /** Returns once the emulator is done with this many requests of an operation, or after half a minute without them. */
    void awaitRequests(String operation, int count) {
        long start = System.nanoTime();
        while (requests(operation) < count && System.nanoTime() - start < HALF_A_MINUTE) {
            Thread.onSpinWait();
        }
    }

    int requests(String operation) {
        return (int) emulator.requests().stream()
                .map(LoggedRequest::operation)
                .filter(operation::equals)
                .count();
    }

    /** Removes what is left of a case. */
    void forget(FaultyCall.Subject subject) {
        for (String name : List.of(subject.cards().name(), subject.devices().name(), subject.newGroup())) {
            if (truth.admin().exists(name)) {
                truth.admin().delete(name);
            }
        }
    }

    FeatureStoreEmulator emulator() {
        return emulator;
    }

    /** What is behind the emulator. */
    InMemoryFeatureStore truth() {
        return truth;
    }

    ManualClock clock() {
        return clock;
    }

    /** The offline rows of an identifier. */
    List<OfflineRow> history(FeatureGroup<?> group, String id) {
        return truth.history(group).stream()
                .filter(row -> Objects.equals(row.record().text(ID.name()), id))
                .toList();
    }

    @Override
    public void close() {
        release();
        runtime.close();
        sageMaker.close();
        emulator.close();
        truth.close();
    }
}
