package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The query names the spine twice: for the labels, and for what they can see. If a spine gives other labels each time, those must
 * not decide which rows are seen, or most labels would miss theirs.
 */
class SparkPlanTest {
    private static final SparkSession SPARK = Engine.SPARK;

    private static final FeatureGroup<?> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(Feature.integral("card"))
            .eventTime(Feature.eventTime("ts"))
            .features(Feature.integral("same"))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    /** Of ten thousand cards, each of which has its own number as a feature. */
    private static final Spine RANDOM_LABELS = Spine.query(
                    "SELECT CAST(floor(rand() * 10000) AS BIGINT) AS card, '2025-03-10T12:00:00Z' AS at FROM range(300)")
            .time("at", LabelTime.ISO_8601);

    /** Of this machine, since Spark sends a copy of what a function refers to. */
    private static final AtomicLong READ = new AtomicLong();

    @TempDir
    Path folder;

    @BeforeEach
    void makeTheTable() {
        SPARK.sql("SELECT id AS card, '2025-03-01T00:00:00Z' AS ts, id AS same, TIMESTAMP '2025-03-01 00:00:10Z' AS"
                        + " write_time, TIMESTAMP '2025-03-01 00:00:00Z' AS api_invocation_time, false AS is_deleted"
                        + " FROM range(10000)")
                .createOrReplaceTempView("plan_cards");
    }

    @AfterEach
    void leaveTheSessionAsItWas() {
        SPARK.catalog().dropTempView("plan_cards");
        SPARK.conf().unset("spark.sql.autoBroadcastJoinThreshold");
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void randomLabelsFindTheirRows(PointInTime.Mode mode) {
        assertEachLabelHasItsRow(SPARK.sql(query(mode)));
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void soTheyDoWhereNothingIsBroadcast(PointInTime.Mode mode) {
        SPARK.conf().set("spark.sql.autoBroadcastJoinThreshold", "-1");

        assertEachLabelHasItsRow(SPARK.sql(query(mode)));
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void soTheyDoInAStatementThatWrites(PointInTime.Mode mode) {
        SPARK.sql("INSERT OVERWRITE DIRECTORY '" + folder.toUri() + "' USING parquet " + query(mode));

        assertEachLabelHasItsRow(SPARK.read().parquet(folder.toUri().toString()));
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void soTheyDoInATableThatIsMadeOfThem(PointInTime.Mode mode) {
        SPARK.sql("CREATE TABLE plan_made USING parquet LOCATION '" + folder.toUri() + "made' AS " + query(mode));
        try {
            assertEachLabelHasItsRow(SPARK.table("plan_made"));
        } finally {
            SPARK.sql("DROP TABLE plan_made");
        }
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void theSpineIsReadOnceThoughItLooksTheSameEachTime(PointInTime.Mode mode) {
        READ.set(0);
        SPARK.udf().register("plan_read", (UDF1<Long, Long>) id -> id + 0 * READ.incrementAndGet(), DataTypes.LongType);

        assertEachLabelHasItsRow(SPARK.sql(query(
                mode,
                Spine.query("SELECT plan_read(id) AS card, '2025-03-10T12:00:00Z' AS at FROM range(300)")
                        .time("at", LabelTime.ISO_8601))));

        assertThat(READ).hasValue(300);
    }

    /** Which are 9,700 of the 10,000 at least. */
    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void rowsOfOtherCardsAreNotShuffled(PointInTime.Mode mode) throws Exception {
        AtomicLong shuffled = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                shuffled.addAndGet(end.taskMetrics().shuffleWriteMetrics().recordsWritten());
            }
        };
        SPARK.sparkContext().addSparkListener(listener);
        try {
            SPARK.sql(query(mode)).collectAsList();
            SPARK.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            SPARK.sparkContext().removeSparkListener(listener);
        }

        assertThat(shuffled).hasValueBetween(300L, 2_000L);
    }

    private static String query(PointInTime.Mode mode) {
        return query(mode, RANDOM_LABELS);
    }

    private static String query(PointInTime.Mode mode, Spine labels) {
        FeatureView view = FeatureView.named("model")
                .from(CARDS, select -> select.key("card").allFeatures())
                .build();
        TableNames tables = group -> List.of("plan_cards");
        PointInTime rule = mode == PointInTime.Mode.EVENT_TIME ? PointInTime.eventTime() : PointInTime.asServed();
        return SqlDialect.spark().render(TrainingSet.of(view, labels).withPointInTime(rule), tables);
    }

    private static void assertEachLabelHasItsRow(Dataset<Row> set) {
        List<Row> rows = set.collectAsList();

        assertThat(rows)
                .hasSize(300)
                .allSatisfy(row -> assertThat(row.<Long>getAs("same")).isEqualTo(row.<Long>getAs("card")));
    }
}
