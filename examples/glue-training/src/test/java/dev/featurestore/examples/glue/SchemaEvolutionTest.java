package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the example's page: what it prints, and what it cannot print of itself. */
class SchemaEvolutionTest {
    @Test
    void aBackfilledFeatureIsKnownByEventTimeAloneAndHasItsValue(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        boolean asPromised =
                new SchemaEvolution(Engine.SPARK, folder, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();

        String output = printed.toString(StandardCharsets.UTF_8).replace("\r", "");
        assertThat(asPromised).as(output).isTrue();
        assertThat(Files.readString(Path.of("README.md")).replace("\r", "")).contains("```\n" + output + "```\n");
        assertThat(wrongValues(folder)).isZero();
    }

    /** Labels whose value is not the highest amount of the day that ends with the card's last payment before them. */
    private static long wrongValues(Path folder) {
        frame(folder.resolve("sets/fraud_model_v2-EVENT_TIME")).createOrReplaceTempView("trained");
        frame(folder.resolve("quickstart/labels"))
                .selectExpr(
                        "transaction_id", "card_id", "amount", "unix_micros(CAST(event_time AS TIMESTAMP)) AS micros")
                .createOrReplaceTempView("paid");
        return Engine.SPARK.sql("""
                        WITH earlier AS (
                          SELECT one.transaction_id, other.amount, other.micros, max(other.micros) OVER (
                            PARTITION BY one.transaction_id) AS last
                          FROM paid AS one JOIN paid AS other
                            ON one.card_id = other.card_id AND other.micros < one.micros
                            AND other.micros > one.micros - 15 * 86400000000
                        ), highest AS (
                          SELECT transaction_id, max(amount) AS amount FROM earlier
                          WHERE micros > last - 86400000000 GROUP BY transaction_id
                        )
                        SELECT 1 FROM trained LEFT JOIN highest USING (transaction_id)
                        WHERE amount_max_24h IS NOT NULL AND NOT (amount_max_24h <=> highest.amount)""").count();
    }

    private static Dataset<Row> frame(Path folder) {
        return Engine.SPARK.read().parquet(folder.toString());
    }
}
