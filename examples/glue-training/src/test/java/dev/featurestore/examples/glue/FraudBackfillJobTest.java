package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.FraudV2;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows of the history the job gives the feature. */
class FraudBackfillJobTest {
    @TempDir
    private Path folder;

    /** Of rows as the service writes them: by its clock all arrived in one second, and the later one may be written first. */
    private List<String> backfilled(String rows) {
        String cards = folder.resolve("cards").toString();
        String payments = folder.resolve("payments").toString();
        Engine.SPARK
                .sql("SELECT card_id, '2025-03-10T12:00:00.000001Z' AS event_ts, payments_1h, arrived_at,"
                        + " 'live' AS write_origin, TIMESTAMP '2025-03-10T12:00:01Z' AS api_invocation_time,"
                        + " CAST(written AS TIMESTAMP) AS write_time, is_deleted FROM VALUES " + rows
                        + " AS (card_id, payments_1h, arrived_at, written, is_deleted)")
                .write()
                .parquet(cards);
        Engine.SPARK
                .sql("SELECT 'card-1' AS card_id, 7.5D AS amount, '2025-03-10T12:00:00Z' AS event_time")
                .write()
                .parquet(payments);

        FraudBackfillJob.run(
                Engine.SPARK,
                JobOptions.of("--cards", cards, "--payments", payments, "--until", "2025-03-11T00:00:00Z"));

        List<Row> written = OfflineFolders.read(Engine.SPARK, FraudV2.CARDS, cards)
                .filter(Fraud.WRITE_ORIGIN.name() + " = '" + FraudBackfillJob.RUN_ID + "'")
                .selectExpr("concat_ws(' ', card_id, payments_1h, amount_max_24h)")
                .collectAsList();
        return written.stream().map(row -> row.getString(0)).toList();
    }

    @Test
    void aCorrectionWithinASecondIsNotTakenBack() {
        assertThat(backfilled("""
                        ('card-1', 3L, '2025-03-10T12:00:01.2Z', '2025-03-10T12:05:02Z', false),
                        ('card-1', 4L, '2025-03-10T12:00:01.25Z', '2025-03-10T12:05:01Z', false)""")).containsExactly("card-1 4 7.5");
    }

    @Test
    void aRowWithoutAStampArrivedAsTheServiceSays() {
        assertThat(backfilled("""
                        ('card-1', 3L, CAST(NULL AS STRING), '2025-03-10T12:05:02Z', false),
                        ('card-1', 4L, '2025-03-10T12:00:01.25Z', '2025-03-10T12:05:01Z', false)""")).containsExactly("card-1 4 7.5");
    }

    @Test
    void aRowThatIsNotSaidToBeDeletedIsLive() {
        assertThat(backfilled("""
                        ('card-1', 3L, '2025-03-10T12:00:01.2Z', '2025-03-10T12:05:02Z', CAST(NULL AS BOOLEAN)),
                        ('card-2', 4L, '2025-03-10T12:00:01.2Z', '2025-03-10T12:05:02Z', true)""")).containsExactly("card-1 3 7.5");
    }
}
