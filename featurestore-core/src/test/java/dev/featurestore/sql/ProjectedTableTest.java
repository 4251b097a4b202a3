package dev.featurestore.sql;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OfflineStoreSettings.TableFormat;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Year;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second table by partition projection, and the queries that read it. */
class ProjectedTableTest {
    private static final ProjectedTable TABLE =
            ProjectedTable.of(TRANSACTIONS, Year.of(2024), Year.of(2026), "lake", "transactions_by_hour");

    private static String athena(TrainingSet set, ProjectedTable table) {
        TableNames names = group -> List.of("features", "transactions");
        return SqlDialect.athena().render(set, names.with(table));
    }

    private static TrainingSet labels(PointInTime rule, Duration... maxAge) {
        FeatureView view = FeatureView.named("v")
                .from(TRANSACTIONS, select -> {
                    select.key("txn").features(AMOUNT);
                    for (Duration age : maxAge) {
                        select.maxAge(age);
                    }
                })
                .build();
        return TrainingSet.of(view, Spine.table("labels"))
                .withPointInTime(rule)
                .labelsBetween(NOON, NOON.plusSeconds(10));
    }

    @Test
    void theStatementOfAthena() {
        assertThat(TABLE.ddl("s3://bucket/1/sagemaker/eu-west-1/offline-store/transactions-1719230000/data"))
                .isEqualTo("""
                        CREATE EXTERNAL TABLE IF NOT EXISTS `lake`.`transactions_by_hour` (
                          `transaction_id` string,
                          `event_ts` string,
                          `amount` double,
                          `count_60s` bigint,
                          `merchant` string,
                          `write_time` timestamp,
                          `api_invocation_time` timestamp,
                          `is_deleted` boolean
                        )
                        PARTITIONED BY (`year` string, `month` string, `day` string, `hour` string)
                        STORED AS PARQUET
                        LOCATION 's3://bucket/1/sagemaker/eu-west-1/offline-store/transactions-1719230000/data/'
                        TBLPROPERTIES (
                          'projection.enabled' = 'true',
                          'projection.year.type' = 'integer',
                          'projection.year.range' = '2024,2026',
                          'projection.year.digits' = '4',
                          'projection.month.type' = 'integer',
                          'projection.month.range' = '1,12',
                          'projection.month.digits' = '2',
                          'projection.day.type' = 'integer',
                          'projection.day.range' = '1,31',
                          'projection.day.digits' = '2',
                          'projection.hour.type' = 'integer',
                          'projection.hour.range' = '0,23',
                          'projection.hour.digits' = '2',
                          'storage.location.template' = 's3://bucket/1/sagemaker/eu-west-1/offline-store/transactions-1719230000/data/year=${year}/month=${month}/day=${day}/hour=${hour}'
                        )""");
    }

    @Test
    void namesAndLocationsStayWithinTheirQuotes() {
        String ddl = ProjectedTable.of(TRANSACTIONS, Year.of(2024), Year.of(2026), "la`ke", "t")
                .ddl("s3://it's/data/");

        assertThat(ddl).contains("`la``ke`.`t`").contains("'s3://it''s/data/'").contains("'s3://it''s/data/year=");
        assertThatThrownBy(() -> TABLE.ddl("s3://bucket/${year}")).hasMessageContaining("without ${");
        assertThatThrownBy(() -> TABLE.ddl("/data")).hasMessageContaining("s3://");
    }

    @Test
    void labelsAndAgeBoundTheHours() {
        assertThat(athena(labels(PointInTime.eventTime(), Duration.ofHours(3)), TABLE))
                .contains("FROM \"lake\".\"transactions_by_hour\"\n  WHERE \"year\" IN ('2026') AND \"month\" IN ('03')"
                        + " AND \"day\" IN ('01') AND \"hour\" IN ('09', '10', '11', '12') AND"
                        + " \"year\" || \"month\" || \"day\" || \"hour\" BETWEEN '2026030109' AND '2026030112'"
                        + " AND \"event_ts\" >= ")
                .doesNotContain("features");
    }

    @Test
    void withoutAnAgeTheHoursBeginWithTheTable() {
        assertThat(athena(labels(PointInTime.eventTime()), TABLE))
                .contains("\"year\" IN ('2024', '2025', '2026') AND \"year\" ||")
                .contains("BETWEEN '2024010100' AND '2026030112'");
    }

    @Test
    void whatWasServedHasAnEndOnlyIfEventTimesAreKnownToBeNotFarAhead() {
        TrainingSet served = labels(PointInTime.asServed(), Duration.ofHours(3));

        assertThat(athena(served, TABLE))
                .contains("FROM \"features\".\"transactions\"")
                .doesNotContain("\"year\"");
        assertThat(athena(served, TABLE.aheadAtMost(Duration.ofHours(1))))
                .contains("FROM \"lake\".\"transactions_by_hour\"")
                .contains("BETWEEN '2026030109' AND '2026030113'");
    }

    @Test
    void laterLabelsThanTheTableHasYearsReadTheServicesOwn() {
        ProjectedTable old = ProjectedTable.of(TRANSACTIONS, Year.of(2020), Year.of(2025), "lake", "t");

        assertThat(athena(labels(PointInTime.eventTime(), Duration.ofDays(400)), old))
                .contains("FROM \"features\".\"transactions\"")
                .doesNotContain("\"year\"");
    }

    @Test
    void labelsOfUnknownTimeReadTheServicesOwn() {
        TrainingSet set = TrainingSet.of(labels(PointInTime.eventTime()).view(), Spine.table("labels"));

        assertThat(athena(set.withPointInTime(PointInTime.eventTime()), TABLE)).doesNotContain("\"year\"");
    }

    @Test
    void tellingWhichDaysWereTouchedReadsTheSameHours() {
        TableNames names = group -> List.of("features", "transactions");

        assertThat(SqlDialect.athena()
                        .renderLabelDays(labels(PointInTime.eventTime(), Duration.ofHours(3)), names.with(TABLE), NOON))
                .contains("FROM \"lake\".\"transactions_by_hour\"\n  WHERE \"year\" IN ('2026')");
    }

    @Test
    void groupsItCannotHoldAreRefused() {
        FeatureGroup<?> clash = FeatureGroup.named("g")
                .recordIdentifier(Feature.string("id"))
                .eventTime(Feature.eventTime("t"))
                .features(Feature.integral("Hour"))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline").tableFormat(TableFormat.ICEBERG))
                .build();

        assertThatThrownBy(() -> ProjectedTable.of(clash, Year.of(2024), Year.of(2026), "t"))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("Iceberg")
                .hasMessageContaining("'Hour'");
        assertThatThrownBy(() -> ProjectedTable.of(TRANSACTIONS, Year.of(2026), Year.of(2024), "t"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProjectedTable.of(TRANSACTIONS, Year.of(2024), Year.of(2026)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TABLE.aheadAtMost(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
