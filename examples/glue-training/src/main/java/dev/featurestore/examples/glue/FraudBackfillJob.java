package dev.featurestore.examples.glue;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.FraudV2;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A Glue job that gives the cards' history a feature that it did not have: for each record that is there it writes the same
 * record with {@code amount_max_24h}, as a backfill. Its arguments are {@code --cards} (the group's folder of files),
 * {@code --payments} and {@code --until}, the event time from which the new writer gives the feature itself.
 */
public final class FraudBackfillJob {
    /** Run again, the job takes the place of what it wrote before. */
    static final String RUN_ID = "amount-max-24h";

    /**
     * A record as it arrived last, as training sets tell it, without the feature: by its stamp, since the service's time is in
     * whole seconds, but not before the service says. A card's record has an event time one microsecond after its payment; the
     * window is that of the stream job.
     */
    private static final String RECORDS = """
            WITH highest AS (
              SELECT DISTINCT card_id, micros + 1 AS event_micros, max(amount) OVER (
                PARTITION BY card_id ORDER BY micros RANGE BETWEEN 86399999999 PRECEDING AND CURRENT ROW) AS amount_max_24h
              FROM (SELECT card_id, amount, unix_micros(CAST(event_time AS TIMESTAMP)) AS micros FROM payments)
            ), latest AS (
              SELECT *, unix_micros(CAST(event_ts AS TIMESTAMP)) AS event_micros, row_number() OVER (
                PARTITION BY card_id, event_ts
                ORDER BY greatest(api_invocation_time, CAST(arrived_at AS TIMESTAMP)) DESC, api_invocation_time DESC,
                  write_time DESC) AS arrival
              FROM cards WHERE NOT coalesce(is_deleted, false) AND event_ts < '%s'
            )
            SELECT * FROM latest LEFT JOIN highest USING (card_id, event_micros) WHERE arrival = 1""";

    private FraudBackfillJob() {}

    /** Runs the job in Glue's session. */
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        System.out.println(run(spark, JobOptions.of(args)) + " rows");
    }

    /** @throws IllegalArgumentException if an argument is missing; it is named */
    static long run(SparkSession spark, JobOptions options) {
        String cards = options.get("cards");
        OfflineFolders.read(spark, Fraud.CARDS, cards).createOrReplaceTempView("cards");
        spark.read().parquet(options.get("payments")).createOrReplaceTempView("payments");
        String until = Fraud.EVENT_TS.codec().encode(Instant.parse(options.get("until")));
        Dataset<Row> history = spark.sql(RECORDS.formatted(until));
        JavaRDD<FeatureRecord> records = history.toJavaRDD().map(FraudBackfillJob::record);
        return OfflineBackfill.of(FraudV2.CARDS, cards, RUN_ID).run(spark, records);
    }

    private static FeatureRecord record(Row row) {
        FeatureRecord.Builder record = FraudV2.CARDS.newRecord();
        FraudV2.CARDS
                .features()
                .forEach(
                        feature -> set(record, feature, row.getAs(feature.name().toLowerCase(Locale.ROOT))));
        return record.build();
    }

    private static <T> void set(FeatureRecord.Builder record, Feature<T> feature, @Nullable Object stored) {
        if (stored != null) {
            record.set(feature, feature.codec().decode(stored.toString()));
        }
    }
}
