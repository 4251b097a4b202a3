package com.example.fraud.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.fraud.Fraud;
import dev.featurestore.FeatureStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.law.PointInTimeLaw;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureVector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {
    @TempDir
    Path folder;

    @Test
    void aLabelIsTrainedOnWhatItsCardWasServed() {
        ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-31T12:00:00Z"));
        try (LocalOfflineStore offline = LocalOfflineStore.at(folder.resolve("offline"), clock);
                FeatureStore store =
                        InMemoryFeatureStore.builder().clock(clock).offlineStore(offline).build()) {
            put(store, clock, 3);
            clock.advance(Duration.ofSeconds(1));
            FeatureVector served = store.view(Fraud.MODEL).fetch(Map.of("card_id", "card-1"), Duration.ofSeconds(1));
            clock.advance(Duration.ofSeconds(1));
            put(store, clock, 4);
            clock.advance(Duration.ofDays(1));
            offline.flush();
            Spine labels = Spine.rows(List.of(SpineRow.of(served.asOf(), Map.of("card_id", "card-1", "is_fraud", 1L))))
                    .keep("is_fraud");

            assertThat(Job.run(offline, labels, folder.resolve("set.parquet").toUri())).isEqualTo(1);
            try (TrainingRows rows = store.view(Fraud.MODEL).trainingSet(labels).run()) {
                assertThat(rows.toList()).singleElement().satisfies(row -> assertThat(row.vector()).isEqualTo(served));
            }
        }
    }

    @Test
    void theViewKeepsTheLaw() {
        assertThat(new PointInTimeLaw(Fraud.MODEL, PointInTimeLaw.Arrival.STAMPED).check(42, folder)).isPositive();
    }

    private static void put(FeatureStore store, ManualClock clock, long payments) {
        store.group(Fraud.CARDS)
                .put(Fraud.CARDS
                        .newRecord()
                        .set(Fraud.CARD_ID, "card-1")
                        .set(Fraud.EVENT_TIME, clock.instant())
                        .setLong(Fraud.PAYMENTS_1H, payments)
                        .setDouble(Fraud.AMOUNT_1H, 12.5)
                        .build());
    }
}
