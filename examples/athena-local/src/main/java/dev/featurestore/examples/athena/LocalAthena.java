package dev.featurestore.examples.athena;

import dev.featurestore.aws.AthenaOfflineStore;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.athena.EmulatedAthena;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;

/**
 * Athena on this machine: an emulator over HTTP, with Trino behind its Athena, and the library's store over the official client
 * before it. A folder stands for the bucket {@code my-bucket}. Safe for use by many threads.
 */
public final class LocalAthena implements AutoCloseable {
    private static final String BUCKET = "my-bucket";

    private final EmulatedAthena athena;

    private final FeatureStoreEmulator emulator;

    private final SdkHttpClient http;

    private final AthenaClient client;

    private LocalAthena(EmulatedAthena athena, FeatureStoreEmulator.Builder emulator) {
        this.athena = athena;
        this.emulator = emulator.athena(athena).start();
        // a proxy that the environment names is for the world outside
        this.http = UrlConnectionHttpClient.builder()
                .proxyConfiguration(
                        proxy -> proxy.useSystemPropertyValues(false).useEnvironmentVariablesValues(false))
                .build();
        this.client = configured(AthenaClient.builder().httpClient(http)).build();
    }

    /**
     * Athena alone.
     *
     * @param engine stays the caller's
     * @param bucket the folder that stands for {@code s3://my-bucket/}
     */
    public static LocalAthena start(TrinoAthenaEngine engine, Path bucket) {
        return new LocalAthena(emulated(engine, bucket), FeatureStoreEmulator.builder());
    }

    /**
     * Athena beside the rest of the service, at one endpoint.
     *
     * @param service the feature store behind it; stays the caller's
     */
    public static LocalAthena start(TrinoAthenaEngine engine, Path bucket, InMemoryFeatureStore service) {
        return new LocalAthena(
                emulated(engine, bucket), FeatureStoreEmulator.builder().store(service));
    }

    private static EmulatedAthena emulated(TrinoAthenaEngine engine, Path bucket) {
        return EmulatedAthena.builder(engine).bucket(BUCKET, bucket).build();
    }

    /** A file or folder of the bucket. */
    public static URI s3(String key) {
        return URI.create("s3://" + BUCKET + "/" + key);
    }

    /** Settings of a store that runs here; its tables are still to be named. It stays the caller's. */
    public AthenaOfflineStore.Builder store() {
        return AthenaOfflineStore.builder()
                .athenaClient(client)
                .dialect(SqlDialect.athena())
                .outputLocation(s3("results/").toString())
                .polling(Duration.ofMillis(20), Duration.ofMillis(500));
    }

    /** A client of the official SDK that talks to the emulator. */
    public <B extends AwsClientBuilder<B, C>, C> B configured(B builder) {
        return builder.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    /** The HTTP client of all clients here; closed with this. */
    public SdkHttpClient http() {
        return http;
    }

    /** The emulator. */
    public FeatureStoreEmulator emulator() {
        return emulator;
    }

    /** What it was asked. */
    public EmulatedAthena athena() {
        return athena;
    }

    /** The official client. */
    public AthenaClient client() {
        return client;
    }

    /** Ends what is running. The engine and the feature store stay open. */
    @Override
    public void close() {
        client.close();
        http.close();
        emulator.close();
        athena.close();
    }

    @Override
    public String toString() {
        return "Athena at " + emulator.endpoint();
    }
}
