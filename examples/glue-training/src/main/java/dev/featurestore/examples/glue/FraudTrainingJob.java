package dev.featurestore.examples.glue;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A Glue job that makes a training set: Parquet in, Parquet out. Its arguments are {@code --cards} and {@code --merchants} (the
 * groups' folders of files), {@code --labels}, {@code --target}, {@code --from} and {@code --until}.
 */
public final class FraudTrainingJob {
    private FraudTrainingJob() {}

    /** Runs the job in Glue's session. */
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        long rows = run(spark, Fraud.MODEL_V1, PointInTime.asServed(), JobOptions.of(args));
        System.out.println(rows + " rows");
    }

    /** @throws IllegalArgumentException if an argument is missing; it is named */
    static long run(SparkSession spark, FeatureView model, PointInTime rule, JobOptions options) {
        Map<String, String> folders = Map.of(
                Fraud.CARDS.name(), options.get("cards"),
                Fraud.MERCHANTS.name(), options.get("merchants"));
        Spine labels = Spine.parquet(
                        URI.create(options.get("labels")),
                        SpineColumn.of("transaction_id", ColumnType.STRING),
                        SpineColumn.of("event_time", ColumnType.STRING),
                        SpineColumn.of("card_id", ColumnType.STRING),
                        SpineColumn.of("merchant_id", ColumnType.STRING),
                        SpineColumn.of("label", ColumnType.BIGINT))
                .time("event_time", LabelTime.ISO_8601)
                .keep("transaction_id", "label");
        TrainingSet set = TrainingSet.of(model, labels)
                .withPointInTime(rule)
                .labelsBetween(Instant.parse(options.get("from")), Instant.parse(options.get("until")))
                .withAudit(AuditColumn.EVENT_TIME);
        SparkOfflineStore store = new SparkOfflineStore(spark, group -> folders.get(group.name()));
        return store.unload(set, URI.create(options.get("target")));
    }
}
