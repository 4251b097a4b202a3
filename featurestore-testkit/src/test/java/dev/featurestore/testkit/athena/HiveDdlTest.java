package dev.featurestore.testkit.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.testkit.athena.PartitionProjection.Column;
import java.net.URI;
import java.time.Year;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the emulator takes of Hive's statements. */
class HiveDdlTest {
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(Feature.string("card_id"))
            .eventTime(Feature.eventTime("event_ts"))
            .features(Feature.integral("count"))
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final String STATEMENT = ProjectedTable.of(CARDS, Year.of(2024), Year.of(2035), "lake", "by_hour")
            .ddl("s3://bucket/features/data");

    @Test
    void theStatementOfAProjectedTableIsTaken() {
        ExternalTable table = HiveDdl.createTable(STATEMENT);

        assertThat(table.name()).containsExactly("lake", "by_hour");
        assertThat(table.columns())
                .extracting(ExternalTable.Column::name)
                .containsExactly("card_id", "event_ts", "count", "write_time", "api_invocation_time", "is_deleted");
        assertThat(table.location()).isEqualTo(URI.create("s3://bucket/features/data/"));
        assertThat(table.projection())
                .isEqualTo(new PartitionProjection(
                        List.of(
                                new Column("year", 2024, 2035, 4),
                                new Column("month", 1, 12, 2),
                                new Column("day", 1, 31, 2),
                                new Column("hour", 0, 23, 2)),
                        "year=${year}/month=${month}/day=${day}/hour=${hour}"));
    }

    @Test
    void textsMayHoldQuotesAndParentheses() {
        ExternalTable table = HiveDdl.createTable(STATEMENT
                .replace("s3://bucket/features/data", "s3://bucket/it''s/data")
                .replace("TBLPROPERTIES (", "TBLPROPERTIES ('comment' = 'those of (''cards'')', "));

        assertThat(table.location()).isEqualTo(URI.create("s3://bucket/it's/data/"));
        assertThat(table.projection()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'projection.enabled' = 'true', 'projection.enabled' = 'false'",
                "s3://bucket/features/data/year=, s3://elsewhere/year=",
                "'projection.month.type' = 'integer', 'projection.month.type' = 'enum'",
                "`hour` string, `hour` int",
                "'projection.day.digits' = '2', 'projection.day.digits' = 'two'"
            })
    void otherPartitionsAreRefused(String text, String other) {
        assertThat(STATEMENT).contains(text);

        assertThatThrownBy(() -> HiveDdl.createTable(STATEMENT.replace(text, other)))
                .isInstanceOf(AthenaFailure.class)
                .hasMessageContaining("NOT_SUPPORTED");
    }
}
