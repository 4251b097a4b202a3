package dev.featurestore.examples.glue;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A Glue job that makes a training set: Parquet in, Parquet out. Its arguments are {@code --cards} (the group's folder of files),
 * {@code --labels}, {@code --target}, {@code --from} and {@code --until}.
 */
public final class FraudTrainingJob {
    static final Feature<String> CARD_ID = Feature.string("card_id");
    static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
    static final Feature<Long> TXN_COUNT_60S = Feature.integral("txn_count_60s").withDefault(0L);
    static final Feature<Double> AMOUNT_RATIO_7D = Feature.fractional("amount_ratio_7d");

    static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card_features_v3")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TS)
            .features(TXN_COUNT_60S, AMOUNT_RATIO_7D)
            .onlineStore(online -> online.ttl(Duration.ofDays(90)))
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    static final FeatureView MODEL = FeatureView.named("fraud_model_v7")
            .from(CARDS, select -> select.key("card_id").allFeatures().maxAge(Duration.ofDays(30)))
            .build();

    private FraudTrainingJob() {}

    /** Runs the job in Glue's session. */
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        System.out.println(run(spark, options(args)) + " rows");
    }

    /** @throws IllegalArgumentException if an argument is missing; it is named */
    static long run(SparkSession spark, Map<String, String> options) {
        for (String name : List.of("cards", "labels", "target", "from", "until")) {
            if (!options.containsKey(name)) {
                throw new IllegalArgumentException("The job needs an argument --" + name);
            }
        }
        Spine labels = Spine.parquet(
                        URI.create(options.get("labels")),
                        SpineColumn.of("card_id", ColumnType.STRING),
                        SpineColumn.of("payment_time", ColumnType.TIMESTAMP),
                        SpineColumn.of("is_fraud", ColumnType.BIGINT))
                .time("payment_time", LabelTime.TIMESTAMP)
                .keep("is_fraud");
        TrainingSet set = TrainingSet.of(MODEL, labels)
                .labelsBetween(Instant.parse(options.get("from")), Instant.parse(options.get("until")));
        SparkOfflineStore store = new SparkOfflineStore(spark, group -> options.get("cards"));
        return store.unload(set, URI.create(options.get("target")));
    }

    /** Glue hands over arguments of its own as well. */
    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].startsWith("--")) {
                options.put(args[i].substring(2), args[i + 1]);
            }
        }
        return options;
    }
}
