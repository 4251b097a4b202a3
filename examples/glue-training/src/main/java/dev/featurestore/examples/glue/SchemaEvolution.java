package dev.featurestore.examples.glue;

import dev.featurestore.FeatureGroupPlan;
import dev.featurestore.FeatureStore;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.FraudV2;
import dev.featurestore.examples.quickstart.EmulatedStore;
import dev.featurestore.examples.quickstart.Quickstart;
import dev.featurestore.examples.quickstart.TrainingEngine;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A feature is added to a group that has a history: what becomes of the training sets? The quickstart plays payments; the group
 * gets the feature through SageMaker's API; its history is given the feature by a backfill; and the training sets of before and
 * after are compared, label by label.
 */
public final class SchemaEvolution {
    private static final String FROM = "2025-01-01T00:00:00Z";

    private static final String UNTIL = "2025-02-01T00:00:00Z";

    private static final String[] PAYMENTS = {"--rows", "5000", "--cards", "200", "--merchants", "20", "--days", "4"};

    private final SparkSession spark;

    /** Where all files of the run are. */
    private final Path folder;

    private final PrintStream out;

    SchemaEvolution(SparkSession spark, Path folder, PrintStream out) {
        this.spark = spark;
        this.folder = folder;
        this.out = out;
    }

    /** Runs the program; its argument is the folder for its files. Ends with 1 if the training sets are not as they should be. */
    public static void main(String[] args) throws IOException {
        boolean asPromised;
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate()) {
            asPromised = new SchemaEvolution(spark, Path.of(args[0]).toAbsolutePath(), System.out).run();
        }
        System.exit(asPromised ? 0 : 1);
    }

    /** Whether the training sets are as they should be. */
    boolean run() throws IOException {
        Path played = folder.resolve("quickstart");
        remove(folder.resolve("sets"));
        play(played);
        // the payments were of 2025: all that was written then has arrived
        try (LocalOfflineStore history = LocalOfflineStore.at(played.resolve("offline-store"));
                FeatureStore store = new EmulatedStore(InstantSource.system(), history, history)) {
            store.admin().apply(Fraud.CARDS);
            store.admin().apply(Fraud.MERCHANTS);
            JobOptions options = JobOptions.of(
                    "--cards", history.dataOf(Fraud.CARDS).toString(),
                    "--merchants", history.dataOf(Fraud.MERCHANTS).toString(),
                    "--labels", played.resolve("labels").toUri().toString(),
                    "--payments", played.resolve("labels").toUri().toString(),
                    "--from", FROM,
                    "--until", UNTIL);
            Sets before = train(Fraud.MODEL_V1, options);

            FeatureGroupPlan plan = store.admin().plan(FraudV2.CARDS);
            out.println(plan);
            store.admin().apply(plan);
            out.println("Backfill      " + number(FraudBackfillJob.run(spark, options)) + " records, by '"
                    + FraudBackfillJob.RUN_ID + "'");

            return compare(before, train(FraudV2.MODEL_V2, options));
        }
    }

    private void play(Path target) {
        StringWriter err = new StringWriter();
        int status = Quickstart.commandLine(target, TrainingEngine.duckDb())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(PAYMENTS);
        if (status != 0) {
            throw new IllegalStateException("The quickstart ended with status " + status + ": " + err);
        }
        out.println("Quickstart    its offline store and its labels are in " + target.getFileName());
    }

    /** The training sets of a model in both modes. */
    private record Sets(Dataset<Row> asServed, Dataset<Row> eventTime) {}

    private Sets train(FeatureView model, JobOptions options) {
        Sets sets =
                new Sets(train(model, PointInTime.asServed(), options), train(model, PointInTime.eventTime(), options));
        out.println("Training set  of " + model.name() + ", "
                + number(sets.asServed().count()) + " labels");
        return sets;
    }

    private Dataset<Row> train(FeatureView model, PointInTime rule, JobOptions options) {
        Path target = folder.resolve("sets").resolve(model.name() + "-" + rule.mode());
        FraudTrainingJob.run(
                spark, model, rule, options.with("target", target.toUri().toString()));
        return spark.read().parquet(target.toString());
    }

    private boolean compare(Sets before, Sets after) {
        String added = FraudV2.AMOUNT_MAX_24H.name();
        long served = differences(before.asServed(), after.asServed());
        long servedKnow = after.asServed().filter(added + " IS NOT NULL").count();
        long byTime = differences(before.eventTime(), after.eventTime());
        long byTimeKnow = after.eventTime().filter(added + " IS NOT NULL").count();
        long expected =
                before.eventTime().filter("card__event_time IS NOT NULL").count();
        out.println("AS_SERVED     " + number(served) + " labels differ in what was there before, " + number(servedKnow)
                + " have " + added);
        out.println("EVENT_TIME    " + number(byTime) + " labels differ in what was there before, " + number(byTimeKnow)
                + " have " + added + ", of " + number(expected) + " whose card had a record");
        return served == 0 && servedKnow == 0 && byTime == 0 && byTimeKnow == expected;
    }

    /** Labels whose rows differ in a column that was there before, or that are in one of the sets alone. */
    private static long differences(Dataset<Row> before, Dataset<Row> after) {
        String columns = String.join(", ", before.columns());
        Dataset<Row> first = before.selectExpr("transaction_id", "struct(" + columns + ") AS earlier");
        Dataset<Row> second = after.selectExpr("transaction_id", "struct(" + columns + ") AS later");
        return first.join(second, new String[] {"transaction_id"}, "full_outer")
                .filter("NOT (earlier <=> later)")
                .count();
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
