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
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that the service would not have taken, and other programs may have put into the table: no label gets them. */
class SparkNullsTest {
    private static final SparkSession SPARK = Engine.SPARK;

    private static final FeatureGroup<?> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(Feature.integral("card"))
            .eventTime(Feature.eventTime("ts"))
            .features(Feature.integral("value"))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    @TempDir
    Path folder;

    @BeforeEach
    void makeTheTables() {
        SPARK.sql(
                        "SELECT *, TIMESTAMP '2025-03-01 00:00:10Z' AS write_time, TIMESTAMP '2025-03-01 00:00:00Z' AS"
                                + " api_invocation_time, false AS is_deleted FROM VALUES (1L, NULL, 10L),"
                                + " (NULL, '2025-03-01T00:00:00Z', 20L), (3L, '2025-03-01T00:00:00Z', 30L) AS rows(card, ts, value)")
                .createOrReplaceTempView("nulls_cards");
        SPARK.sql("SELECT card, '2025-03-10T12:00:00Z' AS at FROM VALUES (1L), (NULL), (3L) AS labels(card)")
                .createOrReplaceTempView("nulls_labels");
    }

    @AfterEach
    void dropTheTables() {
        SPARK.catalog().dropTempView("nulls_cards");
        SPARK.catalog().dropTempView("nulls_labels");
    }

    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void areNoLabels(PointInTime.Mode mode) {
        assertOnlyTheThirdCardHasAValue(SPARK.sql(query(mode)).collectAsList());
    }

    /** There the query keeps all rows at first. */
    @ParameterizedTest
    @EnumSource(PointInTime.Mode.class)
    void areNoLabelsInAStatementThatWrites(PointInTime.Mode mode) {
        SPARK.sql("INSERT OVERWRITE DIRECTORY '" + folder.toUri() + "' USING parquet " + query(mode));

        assertOnlyTheThirdCardHasAValue(
                SPARK.read().parquet(folder.toUri().toString()).collectAsList());
    }

    private static String query(PointInTime.Mode mode) {
        FeatureView view = FeatureView.named("model")
                .from(CARDS, select -> select.key("card").allFeatures())
                .build();
        TableNames tables = group -> List.of("nulls_cards");
        PointInTime rule = mode == PointInTime.Mode.EVENT_TIME ? PointInTime.eventTime() : PointInTime.asServed();
        Spine labels = Spine.table("nulls_labels").time("at", LabelTime.ISO_8601);
        return SqlDialect.spark().render(TrainingSet.of(view, labels).withPointInTime(rule), tables);
    }

    private static void assertOnlyTheThirdCardHasAValue(List<Row> rows) {
        assertThat(rows).hasSize(3).allSatisfy(row -> {
            Long card = row.getAs("card");
            assertThat(row.<Long>getAs("value")).isEqualTo(card != null && card == 3 ? 30L : null);
        });
    }
}
