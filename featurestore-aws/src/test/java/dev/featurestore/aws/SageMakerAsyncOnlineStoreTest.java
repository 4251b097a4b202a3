package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.AsyncFeatureGroupClient;
import dev.featurestore.BatchResult;
import dev.featurestore.FeatureStore;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The asynchronous client of a group over the real SDK and Netty, when the service fails, is slow, or is not waited for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SageMakerAsyncOnlineStoreTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .build();

    private static final SdkAsyncHttpClient NETTY = NettyNioAsyncHttpClient.create();

    private static final SdkHttpClient HTTP_OF_GROUPS = UrlConnectionHttpClient.create();

    /** Held by requests of a fault of latency until it is opened. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final CountDownLatch arrived = new CountDownLatch(1);

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .sleeper(latency -> {
                arrived.countDown();
                gate.await();
            })
            .start();

    private final WatchedHttpClient http = new WatchedHttpClient(NETTY);

    private final SageMakerFeatureStoreRuntimeAsyncClient runtime = configured(
                    SageMakerFeatureStoreRuntimeAsyncClient.builder().httpClient(http))
            .build();

    private final SageMakerClient sageMaker =
            configured(SageMakerClient.builder().httpClient(HTTP_OF_GROUPS)).build();

    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    private final FeatureStore store = store(Duration.ofSeconds(30));

    private final AsyncFeatureGroupClient<FeatureRecord> cards =
            store.group(CARDS).async();

    @AfterAll
    static void closeHttp() {
        NETTY.close();
        HTTP_OF_GROUPS.close();
    }

    @BeforeEach
    void createGroup() {
        store.admin().apply(CARDS);
        emulator.clearRequests();
    }

    @AfterEach
    void close() {
        gate.countDown();
        store.close();
        runtime.close();
        sageMaker.close();
        emulator.close();
    }

    private FeatureStore store(Duration callTimeout) {
        return AwsFeatureStore.builder()
                .runtimeAsyncClient(runtime)
                .sageMakerClient(sageMaker)
                .callTimeout(callTimeout)
                .asyncSleeper(pause -> {
                    pauses.add(pause);
                    return CompletableFuture.completedFuture(null);
                })
                .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B client) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    private static FeatureRecord record(String id, long count) {
        return CARDS.newRecord().set(ID, id).set(TIME, NOON).set(COUNT, count).build();
    }

    private List<String> operations() {
        return emulator.requests().stream().map(LoggedRequest::operation).toList();
    }

    /** What the future itself is told, before join or get wrap it. */
    private static Throwable failure(CompletableFuture<?> future) {
        return future.handle((value, thrown) -> thrown).join();
    }

    @Test
    void putsReadsAndDeletesOverTheWire() {
        cards.put(record("a", 1)).join();

        assertThat(cards.find("a").join().map(found -> found.get(COUNT))).contains(1L);
        assertThat(cards.find("b").join()).isEmpty();
        cards.delete("a", NOON.plusSeconds(1)).join();
        assertThat(cards.find("a").join()).isEmpty();
    }

    @Test
    void aBlockingCallWaitsForTheOnlyClientThereIs() {
        store.group(CARDS).put(record("a", 1));

        assertThat(store.group(CARDS).find("a").map(found -> found.get(COUNT))).contains(1L);
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> store.group(CARDS).delete("a", NOON, DeletionMode.HARD_DELETE));
    }

    @Test
    void aLargeReadTakesSeveralRequestsAndAsksAgainForWhatIsLeft() {
        emulator.faults().next("BatchGetRecord", 2, WireFault.unprocessed(0.5));
        List<String> identifiers =
                IntStream.range(0, 150).mapToObj(i -> "id-" + i).toList();
        identifiers.forEach(id -> cards.put(record(id, 1)).join());
        emulator.clearRequests();

        BatchResult<FeatureRecord> result = cards.findAll(identifiers).join();

        assertThat(result.found()).hasSize(150);
        assertThat(operations()).containsExactly("BatchGetRecord", "BatchGetRecord", "BatchGetRecord");
        assertThat(pauses).hasSize(1);
    }

    @Test
    void throttledCallsAreRepeatedAndThenToldAsThrottled() {
        emulator.faults().next("GetRecord", 2, WireFault.throttled());
        assertThat(cards.find("a").join()).isEmpty();
        assertThat(operations()).hasSize(3);
        assertThat(pauses).hasSize(2);

        emulator.faults().next("GetRecord", 3, WireFault.throttled());
        assertThat(failure(cards.find("a"))).isInstanceOf(ThrottledException.class);
    }

    @Test
    void aWriteWithoutAnswerIsRepeatedAndStaysUnknownIfItIsRefusedThen() {
        emulator.faults().next("PutRecord", 1, WireFault.droppedAfter());
        cards.put(record("a", 1)).join();
        assertThat(cards.find("a").join()).isPresent();

        emulator.faults().next("PutRecord", 1, WireFault.droppedAfter()).next("PutRecord", 2, WireFault.throttled());
        assertThat(failure(cards.put(record("b", 1)))).isInstanceOf(WriteOutcomeUnknownException.class);
        assertThat(cards.find("b").join()).isPresent();
    }

    @Test
    void aReadWithoutAnswerIsUnavailable() {
        emulator.faults().next("GetRecord", 3, WireFault.droppedBefore());

        assertThat(failure(cards.find("a"))).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aGroupThatHasAnsweredIsAskedForAgain() {
        emulator.faults().next("GetRecord", 3, WireFault.groupNotFound());
        assertThat(failure(cards.find("a"))).isInstanceOf(FeatureGroupNotFoundException.class);
        emulator.faults().clear();
        cards.find("a").join();

        emulator.faults().next("GetRecord", 1, WireFault.groupNotFound());

        assertThat(cards.find("a").join()).isEmpty();
    }

    @Test
    void aFailureQuotesNoValue() {
        Throwable refused = failure(cards.delete("S3CRET", NOON, DeletionMode.HARD_DELETE)
                .thenCompose(deleted -> cards.put(record("S3CRET", 1)))
                .thenCompose(put -> cards.delete("S3CRET", NOON, DeletionMode.HARD_DELETE)));

        assertThat(refused.getCause()).isInstanceOf(FeatureStoreException.class);
        assertThat(refused.getCause()).hasMessageContaining("'cards'").hasMessageNotContaining("S3CRET");
    }

    @Test
    void aDeadlineEndsACallThatIsNotAnswered() {
        FeatureStore hurried = store(Duration.ofMillis(200));
        emulator.faults().next("PutRecord", 1, WireFault.latency(Duration.ofMillis(1)));
        emulator.faults().next("GetRecord", 1, WireFault.latency(Duration.ofMillis(1)));

        assertThat(failure(hurried.group(CARDS).async().put(record("a", 1))))
                .isInstanceOf(WriteOutcomeUnknownException.class);
        assertThat(failure(hurried.group(CARDS).async().find("a"))).isInstanceOf(StoreUnavailableException.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aCancelEndsTheRequestUnderWay() throws InterruptedException {
        emulator.faults().next("GetRecord", 1, WireFault.latency(Duration.ofMillis(1)));
        CompletableFuture<?> read = cards.find("a");
        arrived.await();

        read.cancel(true);

        assertThat(http.sent).singleElement().satisfies(sent -> assertThat(sent).failsWithin(Duration.ofSeconds(30)));
        assertThat(read).isCancelled();
        assertThat(pauses).isEmpty();
    }

    @Test
    void aTimeoutOfTheCallerEndsTheRequestUnderWay() throws InterruptedException {
        emulator.faults().next("BatchGetRecord", 1, WireFault.latency(Duration.ofMillis(1)));
        CompletableFuture<?> read = cards.findAll(List.of("a", "b"));
        arrived.await();

        assertThat(failure(read.orTimeout(1, TimeUnit.MILLISECONDS))).isInstanceOf(TimeoutException.class);

        assertThat(http.sent).singleElement().satisfies(sent -> assertThat(sent).failsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void futuresCompleteOnTheThreadsOfTheSdk() throws InterruptedException {
        emulator.faults().next("GetRecord", 1, WireFault.latency(Duration.ofMillis(1)));
        CompletableFuture<String> thread =
                cards.find("a").thenApply(found -> Thread.currentThread().getName());
        arrived.await();
        gate.countDown();

        assertThat(thread.join()).startsWith("sdk-async-response");
    }

    @Test
    void aDeadlineCompletesOnATimerThreadOfTheSdk() {
        emulator.faults().next("GetRecord", 1, WireFault.latency(Duration.ofMillis(1)));

        CompletableFuture<String> thread = store(Duration.ofMillis(500))
                .group(CARDS)
                .async()
                .find("a")
                .handle((found, thrown) -> Thread.currentThread().getName());

        assertThat(thread.join()).startsWith("sdk-ScheduledExecutor");
    }

    @Test
    void aStoreWithoutAnAsynchronousClientSaysWhatToGiveIt() {
        try (SageMakerFeatureStoreRuntimeClient client = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(HTTP_OF_GROUPS))
                        .build();
                FeatureStore blocking = AwsFeatureStore.builder()
                        .runtimeClient(client)
                        .sageMakerClient(sageMaker)
                        .build()) {
            assertThatExceptionOfType(UnsupportedCapabilityException.class)
                    .isThrownBy(() -> blocking.group(CARDS).async())
                    .withMessageContaining("runtimeAsyncClient(client)");
        }
    }

    /** Notes the exchanges of the client it passes them to. */
    private static final class WatchedHttpClient implements SdkAsyncHttpClient {
        private final SdkAsyncHttpClient http;

        private final List<CompletableFuture<Void>> sent = Collections.synchronizedList(new ArrayList<>());

        WatchedHttpClient(SdkAsyncHttpClient http) {
            this.http = http;
        }

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            CompletableFuture<Void> exchange = http.execute(request);
            sent.add(exchange);
            return exchange;
        }

        @Override
        public void close() {
            // the client is the test's
        }
    }
}
