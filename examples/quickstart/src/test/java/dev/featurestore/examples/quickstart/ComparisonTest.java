package dev.featurestore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A comparison that finds nothing proves nothing: a run's own files with one thing changed. */
class ComparisonTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'payments_1h = payments_1h + 1', 1",
        "'amount_sum_24h = nextafter(amount_sum_24h, 1e300::DOUBLE)', 1",
        "'amount_sum_24h = NULL', 1",
        "'merchant_amount_mean_1d = NULL', 1",
        "'card__event_time = NULL', 1",
        "'merchant__event_time = ''2025-01-01T00:00:00.000000000Z''', 1",
        "'transaction_id = ''other''', 2",
        "'score = 0', 0"
    })
    void changedRowIsFound(String change, long mismatches) {
        assertThat(mismatchesAfter("UPDATE served SET " + change + " WHERE transaction_id = (SELECT max(transaction_id)"
                        + " FROM served WHERE card__status = 'found' AND merchant__status = 'found')"))
                .isEqualTo(mismatches);
    }

    @Test
    void signOfZeroCounts() {
        // an UPDATE of equal values would leave them as they are
        assertThat(mismatchesAfter("CREATE OR REPLACE TABLE served AS SELECT * REPLACE (CASE WHEN amount_sum_24h = 0"
                        + " THEN CAST('-0.0' AS DOUBLE) ELSE amount_sum_24h END AS amount_sum_24h) FROM served"))
                .isPositive();
    }

    @Test
    void missingRowIsFound() {
        assertThat(mismatchesAfter(
                        "DELETE FROM served WHERE transaction_id = (SELECT min(transaction_id) FROM served)"))
                .isEqualTo(1);
    }

    @Test
    void rowThereTwiceIsFound() {
        assertThat(mismatchesAfter("INSERT INTO served SELECT * FROM served WHERE transaction_id = (SELECT"
                        + " min(transaction_id) FROM served)"))
                .isEqualTo(1);
    }

    @Test
    void unchangedRowsAreTheSame() {
        assertThat(mismatchesAfter("SELECT 1")).isZero();
    }

    /** Differences by event time that the arrival of no record explains. */
    @Test
    void differenceWithoutReasonIsUnexplained() {
        Path out = run();
        try (Workbench workbench = new Workbench(folder)) {
            change(workbench, out, "UPDATE served SET payments_1h = 99");
            Comparison.Differences differences = new Comparison(workbench, folder.resolve("changed.parquet"))
                    .explain(
                            out.resolve(OutputFolder.TRAINING_EVENT_TIME),
                            history(out, "fraud_cards_v1"),
                            history(out, "fraud_merchants_v1"),
                            folder.resolve("differences.parquet"));
            assertThat(differences.rows()).isEqualTo(1000);
            assertThat(differences.cardLate()).isPositive();
            assertThat(differences.unexplained()).isEqualTo(1000 - differences.cardLate() - differences.cardUnderWay());
        }
    }

    private static String history(Path out, String group) {
        return out + "/offline-store/000000000000/sagemaker/local/offline-store/" + group + "-*/data/**/*.parquet";
    }

    private long mismatchesAfter(String change) {
        Path out = run();
        try (Workbench workbench = new Workbench(folder)) {
            change(workbench, out, change);
            return new Comparison(workbench, folder.resolve("changed.parquet"))
                    .mismatches(out.resolve(OutputFolder.TRAINING_AS_SERVED));
        }
    }

    private void change(Workbench workbench, Path out, String change) {
        workbench.execute("CREATE TABLE served AS FROM '" + out.resolve(OutputFolder.SERVED) + "'");
        workbench.execute(change);
        workbench.execute("COPY served TO '" + folder.resolve("changed.parquet") + "'");
    }

    private Path run() {
        Path out = folder.resolve("out");
        Program.Result result =
                Program.run(out, "--rows", "1000", "--cards", "20", "--merchants", "3", "--days", "3", "--seed", "5");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return out;
    }
}
