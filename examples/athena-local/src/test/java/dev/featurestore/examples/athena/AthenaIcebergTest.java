package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of Iceberg differ from those of Glue in the types of their times. */
class AthenaIcebergTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> HOUSEHOLD = Feature.integral("household");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> HOUSEHOLDS = FeatureGroup.named("households")
            .recordIdentifier(HOUSEHOLD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView BY_HOUSEHOLD = FeatureView.named("model")
            .from(HOUSEHOLDS, select -> select.key("key").features(COUNT))
            .build();

    @Test
    void arrivalsWithAZoneAreThoseOfAnIcebergTable(@TempDir Path folder) throws SQLException {
        ManualClock clock = ManualClock.startingAt(NOON);
        Path data;
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            store.group(HOUSEHOLDS)
                    .put(HOUSEHOLDS
                            .newRecord()
                            .set(HOUSEHOLD, 2L)
                            .set(TIME, NOON)
                            .set(COUNT, 7L)
                            .build());
            data = local.dataOf(HOUSEHOLDS);
        }
        String plain = Engine.TRINO.newTable();
        Engine.TRINO.execute("CREATE TABLE " + plain
                + " (household BIGINT, ts VARCHAR, count BIGINT, write_time TIMESTAMP(3), api_invocation_time TIMESTAMP(3),"
                + " is_deleted BOOLEAN) WITH (external_location = '" + LocalTrino.location(data)
                + "', format = 'PARQUET')");
        String zoned = Engine.TRINO.newTable();
        Engine.TRINO.execute("CREATE VIEW " + zoned + " AS SELECT household, ts, count, is_deleted,"
                + " CAST(write_time AS TIMESTAMP(6)) AT TIME ZONE 'Asia/Tokyo' AS write_time,"
                + " CAST(api_invocation_time AS TIMESTAMP(6)) AT TIME ZONE 'Asia/Tokyo' AS api_invocation_time FROM "
                + plain);

        assertThat(served(zoned, "2025-03-10 12:00:01")).contains(7L);
        assertThat(served(zoned, "2025-03-10 12:00:00.999999999")).isEmpty();
        Engine.TRINO.execute("DROP VIEW " + zoned);
        Engine.TRINO.execute("DROP TABLE " + plain);
    }

    private static Optional<Long> served(String table, String time) throws SQLException {
        TrainingSet set = TrainingSet.of(
                        BY_HOUSEHOLD,
                        Spine.query("SELECT 2 AS key, TIMESTAMP '" + time + "' AS t")
                                .time("t", LabelTime.TIMESTAMP))
                // bounds the arrivals by a literal that has no zone
                .labelsBetween(NOON, NOON.plusSeconds(60))
                .withAudit();
        Connection connection = Engine.TRINO.connect();
        try (TrainingRows rows = TrinoTrainingRows.start(
                connection, set, SqlDialect.athena().render(set, group -> List.of("hive", "offline", table)))) {
            return rows.iterator().next().vector().find(COUNT);
        }
    }
}
