package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The store against whatever LocalStack has of the services. Skipped without Docker, and for what LocalStack lacks. */
@Tag("localstack")
class LocalStackTest {
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.9.2");

    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    private final FeatureGroup<FeatureRecord> cards = FaultyService.group("localstack-cards");

    /** Made when it is first asked for: it looks for Docker at once. */
    private static final class Container {
        private static final LocalStackContainer LOCAL_STACK = new LocalStackContainer(IMAGE);
    }

    @BeforeAll
    static void startLocalStack() {
        if (!isDockerThere()) {
            throw skipped("there is no Docker engine");
        }
        Container.LOCAL_STACK.start();
    }

    @AfterAll
    static void stop() {
        if (isDockerThere()) {
            Container.LOCAL_STACK.stop();
        }
        HTTP.close();
    }

    private static boolean isDockerThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        Instant now = Instant.now();
        try (SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(HTTP))
                        .build();
                SageMakerClient sageMaker =
                        configured(SageMakerClient.builder().httpClient(HTTP)).build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .build()) {
            FeatureRecord record = FaultyService.record(cards, "one", now, 1);
            store.admin().apply(cards);
            store.group(cards).put(record);

            assertThat(store.group(cards).find("one")).contains(record);
        } catch (UnsupportedCapabilityException e) {
            throw skipped("LocalStack lacks an operation: " + e.getMessage());
        }
    }

    @Test
    void theOfflineStoresPlaceIsThere() throws IOException {
        URI health = Container.LOCAL_STACK.getEndpoint().resolve("/_localstack/health");
        try (InputStream in = health.toURL().openStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("\"s3\"");
        }
    }

    private static TestAbortedException skipped(String why) {
        String message = "LocalStack test skipped: " + why;
        System.out.println(message);
        return new TestAbortedException(message);
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client) {
        return client.region(Region.of(Container.LOCAL_STACK.getRegion()))
                .endpointOverride(Container.LOCAL_STACK.getEndpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        Container.LOCAL_STACK.getAccessKey(), Container.LOCAL_STACK.getSecretKey())))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
