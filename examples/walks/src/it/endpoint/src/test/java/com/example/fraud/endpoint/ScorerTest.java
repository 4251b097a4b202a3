package com.example.fraud.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.fraud.Fraud;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.junit.EmulatorTest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** Through the official SDK and HTTP. */
@EmulatorTest
class ScorerTest {
    @Test
    void aCardIsScored(FeatureStoreEmulator emulator) {
        put(emulator.store());
        try (FeatureStore store = connect(emulator.endpoint())) {
            Scorer scorer = new Scorer(store, Duration.ofSeconds(10));
            scorer.warmUp("card-1");

            assertThat(scorer.score("card-1")).isEqualTo(new Scorer.Score(0.75, true));
            assertThat(scorer.score("card-2")).isEqualTo(new Scorer.Score(0, true));
        }
    }

    @Test
    void aCardOfAThrottledStoreIsScoredWithDefaultsAndSaysSo(FeatureStoreEmulator emulator) {
        put(emulator.store());
        emulator.faults().atRate("GetRecord", 1, WireFault.throttled());
        try (FeatureStore store = connect(emulator.endpoint())) {
            assertThat(new Scorer(store, Duration.ofSeconds(10)).score("card-1"))
                    .isEqualTo(new Scorer.Score(0, false));
        }
    }

    private static void put(InMemoryFeatureStore store) {
        store.group(Fraud.CARDS)
                .put(Fraud.CARDS
                        .newRecord()
                        .set(Fraud.CARD_ID, "card-1")
                        .set(Fraud.EVENT_TIME, Instant.now())
                        .setLong(Fraud.PAYMENTS_1H, 1)
                        .setDouble(Fraud.AMOUNT_1H, 2)
                        .build());
    }

    private static FeatureStore connect(URI endpoint) {
        return AwsFeatureStore.builder()
                .runtimeClient(SageMakerFeatureStoreRuntimeClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "credentials")))
                        .httpClient(ApacheHttpClient.builder()
                                .expectContinueEnabled(false)
                                .build())
                        .build())
                .build();
    }
}
