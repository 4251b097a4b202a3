package com.example.fraud.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.fraud.Fraud;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.ingest.StreamRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.junit.FeatureStoreExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;

@ExtendWith(FeatureStoreExtension.class)
class CardStreamTest {
    private static final List<StreamRecord<String>> BATCH = List.of(
            StreamRecord.of("1", "card-1,2025-01-01T00:00:00Z,3,12.5"),
            StreamRecord.of("2", "no event at all"),
            StreamRecord.of("3", "card-1,2025-01-01T00:01:00Z,4,20"));

    private final List<String> dead = new ArrayList<>();

    @Test
    void theLatestEventIsServedAndPoisonIsSetAside(InMemoryFeatureStore store) {
        CardStream stream = new CardStream(store, letter -> dead.add(letter.record().sequenceNumber()));

        assertThat(stream.write(BATCH, Duration.ofSeconds(5))).isEmpty();

        assertThat(dead).containsExactly("2");
        assertThat(store.group(Fraud.CARDS).find("card-1"))
                .hasValueSatisfying(card -> assertThat(card.getLong(Fraud.PAYMENTS_1H)).isEqualTo(4));
        assertThat(store.history(Fraud.CARDS)).hasSize(2);
    }

    @Test
    void theSmallJarWritesThroughTheSdk() {
        try (FeatureStoreEmulator emulator = FeatureStoreEmulator.start();
                FeatureStore store = AwsFeatureStore.builder()
                        .region(Region.EU_WEST_1)
                        .endpointOverride(emulator.endpoint())
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build()) {
            emulator.store().admin().apply(Fraud.CARDS);

            new CardStream(store, letter -> dead.add(letter.record().sequenceNumber()))
                    .write(BATCH, Duration.ofSeconds(30));

            assertThat(emulator.store().history(Fraud.CARDS)).hasSize(2);
            assertThat(dead).containsExactly("2");
        }
    }

    @Test
    void aBatchThatIsDeliveredTwiceChangesNothing(InMemoryFeatureStore store) {
        CardStream stream = new CardStream(store, letter -> dead.add(letter.record().sequenceNumber()));

        stream.write(BATCH, Duration.ofSeconds(5));
        stream.write(BATCH, Duration.ofSeconds(5));

        assertThat(store.group(Fraud.CARDS).find("card-1"))
                .hasValueSatisfying(card -> assertThat(card.getDouble(Fraud.AMOUNT_1H)).isEqualTo(20.0));
    }
}
