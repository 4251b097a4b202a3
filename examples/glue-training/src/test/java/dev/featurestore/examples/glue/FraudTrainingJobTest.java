package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
            put(store, "card-1", 3);
            clock.advance(Duration.ofHours(1));
            put(store, "card-1", 5);
            clock.advance(Duration.ofDays(1));
            local.flush();
            Engine.SPARK
                    .sql("SELECT card_id, TIMESTAMP_NTZ '2025-03-10 12:30:00' AS payment_time, is_fraud FROM VALUES"
                            + " ('card-1', 1L), ('card-2', 0L) AS (card_id, is_fraud)")
                    .write()
                    .parquet(folder.resolve("labels").toString());

            FraudTrainingJob.main(new String[] {
                "--JOB_NAME",
                "training",
                "--cards",
                local.dataOf(FraudTrainingJob.CARDS).toString(),
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
                .selectExpr(
                        "concat_ws(' ', card_id, is_fraud, txn_count_60s, coalesce(cast(amount_ratio_7d AS STRING), 'none'))")
                .collectAsList();
        assertThat(rows)
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("card-1 1 3 1.25", "card-2 0 0 none");
    }

    @Test
    void anArgumentThatIsMissingIsNamed() {
        Map<String, String> options = Map.of("cards", "c", "labels", "l", "target", "t", "from", "f");

        assertThatThrownBy(() -> FraudTrainingJob.run(Engine.SPARK, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--until");
    }

    private static void put(InMemoryFeatureStore store, String card, long count) {
        store.group(FraudTrainingJob.CARDS)
                .put(FraudTrainingJob.CARDS
                        .newRecord()
                        .set(FraudTrainingJob.CARD_ID, card)
                        .set(FraudTrainingJob.EVENT_TS, store.clock().instant())
                        .setLong(FraudTrainingJob.TXN_COUNT_60S, count)
                        .setDouble(FraudTrainingJob.AMOUNT_RATIO_7D, 1.25)
                        .build());
    }
}
