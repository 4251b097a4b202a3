package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.PointInTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job of the page on training sets, from its arguments to its files. */
class FraudTrainingJobTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    @Test
    void labelsBecomeRowsInFiles(@TempDir Path folder) {
        ManualClock clock = ManualClock.startingAt(NOON);
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            store.admin().apply(Fraud.MERCHANTS);
            put(store, "card-1", 3);
            clock.advance(Duration.ofHours(1));
            put(store, "card-1", 5);
            clock.advance(Duration.ofDays(1));
            local.flush();
            Engine.SPARK
                    .sql("SELECT 't' || label AS transaction_id, '2025-03-10T12:30:00Z' AS event_time, card_id,"
                            + " 'shop-1' AS merchant_id, label FROM VALUES ('card-1', 1L), ('card-2', 0L)"
                            + " AS (card_id, label)")
                    .write()
                    .parquet(folder.resolve("labels").toString());

            FraudTrainingJob.main(new String[] {
                "--JOB_NAME",
                "training",
                "--cards",
                local.dataOf(Fraud.CARDS).toString(),
                "--merchants",
                local.dataOf(Fraud.MERCHANTS).toString(),
                "--labels",
                folder.resolve("labels").toUri().toString(),
                "--target",
                folder.resolve("set").toUri().toString(),
                "--from",
                "2025-03-10T00:00:00Z",
                "--until",
                "2025-03-11T00:00:00Z"
            });
        }
        List<Row> rows = Engine.SPARK
                .read()
                .parquet(folder.resolve("set").toString())
                .selectExpr("concat_ws(' ', transaction_id, card_id, label, payments_1h,"
                        + " coalesce(cast(amount_ratio_7d AS STRING), 'none'), merchant_payments_1d)")
                .collectAsList();
        assertThat(rows)
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("t1 card-1 1 3 1.25 0", "t0 card-2 0 0 none 0");
    }

    @Test
    void anArgumentThatIsMissingIsNamed() {
        JobOptions options = JobOptions.of(
                "--cards",
                "c",
                "--merchants",
                "m",
                "--labels",
                "s3://my-bucket/labels/",
                "--target",
                "t",
                "--from",
                "2025-03-10T00:00:00Z");

        assertThatThrownBy(() -> FraudTrainingJob.run(Engine.SPARK, Fraud.MODEL_V1, PointInTime.asServed(), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--until");
    }

    private static void put(InMemoryFeatureStore store, String card, long count) {
        store.group(Fraud.CARDS)
                .put(Fraud.CARDS
                        .newRecord()
                        .set(Fraud.CARD_ID, card)
                        .set(Fraud.EVENT_TS, store.clock().instant())
                        .setLong(Fraud.PAYMENTS_1H, count)
                        .setDouble(Fraud.AMOUNT_RATIO_7D, 1.25)
                        .build());
    }
}
