package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What columns of a spine may hold on Athena, and what its tables and files may look like. */
class AthenaSpineTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> HOUSEHOLD = Feature.integral("household");
    private static final Feature<String> NAME = Feature.string("name");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> HOUSEHOLDS = group("households", HOUSEHOLD);
    private static final FeatureGroup<FeatureRecord> NAMES = group("names", NAME);

    private static final FeatureView BY_HOUSEHOLD = view(HOUSEHOLDS);
    private static final FeatureView BY_NAME = view(NAMES);

    @TempDir
    Path folder;

    private LocalOfflineStore local;

    private InMemoryFeatureStore store;

    private Engine.Over athena;

    private static FeatureGroup<FeatureRecord> group(String name, Feature<?> identifier) {
        return FeatureGroup.named(name)
                .recordIdentifier(identifier)
                .eventTime(TIME)
                .features(COUNT)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private static FeatureView view(FeatureGroup<FeatureRecord> group) {
        return FeatureView.named("model")
                .from(group, select -> select.key("key").features(COUNT))
                .build();
    }

    @BeforeEach
    void write() {
        ManualClock clock = ManualClock.startingAt(NOON);
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        athena = Engine.over(local);
        store = InMemoryFeatureStore.builder()
                .clock(clock)
                .offlineStore(local, athena)
                .build();
        store.group(HOUSEHOLDS)
                .put(HOUSEHOLDS
                        .newRecord()
                        .set(HOUSEHOLD, 2L)
                        .set(TIME, NOON)
                        .set(COUNT, 7L)
                        .build());
        store.group(NAMES)
                .put(NAMES.newRecord()
                        .set(NAME, "2025-03-10")
                        .set(TIME, NOON)
                        .set(COUNT, 8L)
                        .build());
    }

    @AfterEach
    void close() {
        store.close();
        athena.close();
        local.close();
    }

    private Optional<Long> trained(FeatureView view, Spine spine) {
        return only(athena.run(TrainingSet.of(view, spine).with(PointInTime.eventTime())));
    }

    private static Optional<Long> only(TrainingRows running) {
        try (TrainingRows rows = running) {
            List<TrainingRow> all = new ArrayList<>();
            rows.forEach(all::add);
            assertThat(all).hasSize(1);
            return all.get(0).vector().find(COUNT);
        }
    }

    private static Spine key(String key) {
        return Spine.query("SELECT " + key + " AS key, TIMESTAMP '2025-03-10 12:00:01.000' AS t")
                .time("t", LabelTime.TIMESTAMP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "SMALLINT '2'", "DOUBLE '2'", "REAL '2'", "'2'", "'002'", "DECIMAL '2.00'"})
    void aWholeNumberIsFoundWhateverTheColumnsType(String key) {
        assertThat(trained(BY_HOUSEHOLD, key(key))).contains(7L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DOUBLE '1.5'",
                "DECIMAL '1.6'",
                "REAL '2.4'",
                "'two'",
                "''",
                "nan()",
                "infinity()",
                "1e300",
                "'99999999999999999999'"
            })
    void aKeyThatIsNoWholeNumberIsNobodyElses(String key) {
        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, key(key)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith(": The spine's key \"key\" is not a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATE '2025-03-10'", "'2025-03-10'"})
    void aDateIsFoundByItsStoredText(String key) {
        assertThat(trained(BY_NAME, key(key))).contains(8L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE '5'", "DECIMAL '5.0'"})
    void aNumberWithAPointIsNoText(String key) {
        assertThatThrownBy(() -> trained(BY_NAME, key(key)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith(": The spine's key \"key\" is not a whole number or text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TIMESTAMP '2025-03-10 12:00:00'                     | TIMESTAMP     | true",
                "TIMESTAMP '2025-03-10 11:59:59.999999999'           | TIMESTAMP     | false",
                "TIMESTAMP '2025-03-10 13:00:00 Europe/Paris'        | TIMESTAMP     | true",
                "TIMESTAMP '2025-03-10 12:59:59.999999 Europe/Paris' | TIMESTAMP     | false",
                "DATE '2025-03-11'                                   | TIMESTAMP     | true",
                "DATE '2025-03-10'                                   | TIMESTAMP     | false",
                "'2025-03-10T12:00:00Z'                              | ISO_8601      | true",
                "'2025-03-10T11:59:59.99999Z'                        | ISO_8601      | false",
                "1741608000000                                       | EPOCH_MILLIS  | true",
                "1741607999999                                       | EPOCH_MILLIS  | false",
                "1741608000                                          | EPOCH_SECONDS | true",
                "DOUBLE '1741607999.999999'                          | EPOCH_SECONDS | false"
            })
    void labelTimesAreReadInTheirForm(String time, LabelTime form, boolean isFound) {
        Spine spine = Spine.query("SELECT 2 AS key, " + time + " AS t").time("t", form);

        assertThat(trained(BY_HOUSEHOLD, spine).isPresent()).isEqualTo(isFound);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "CAST(NULL AS TIMESTAMP) | TIMESTAMP | is null",
                "CAST(NULL AS VARCHAR) | ISO_8601 | is null",
                "'2025-03-10T12:00:00+00:00' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "'2025-03-10T12:00:00.Z' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "'2025-13-10T12:00:00Z' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "DOUBLE '1741608000000.7' | EPOCH_MILLIS | is not a whole number of milliseconds"
            })
    void aLabelTimeThatIsNoneFailsTheQuery(String time, LabelTime form, String complaint) {
        Spine spine = Spine.query("SELECT 2 AS key, " + time + " AS t").time("t", form);

        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, spine))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith(": The spine's label time " + complaint);
    }

    @Test
    void arrivalsWithAZoneAreThoseOfAnIcebergTable() {
        Path data = local.dataOf(HOUSEHOLDS);
        local.flush();
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

    private Optional<Long> served(String table, String time) {
        TrainingSet set = TrainingSet.of(
                BY_HOUSEHOLD,
                Spine.query("SELECT 2 AS key, TIMESTAMP '" + time + "' AS t").time("t", LabelTime.TIMESTAMP));
        return only(athena.athena
                .store()
                .tables(group -> List.of("default", table))
                .build()
                .run(set));
    }

    @Test
    void labelsAreReadFromTheFilesOfAnUnload() {
        athena.unload(
                TrainingSet.of(
                        BY_NAME,
                        Spine.query(
                                        "SELECT '2025-03-10' AS key, '2025-03-10T12:00:00.123456789Z' AS t, 1.5e0 AS amount,"
                                                + " true AS Is_Fraud, DATE '2025-03-11' AS day, 7 AS n")
                                .time("t", LabelTime.ISO_8601)
                                .keep("amount", "Is_Fraud", "day", "n")),
                LocalAthena.s3("sets/march"));

        Spine spine = Spine.parquet(
                        LocalAthena.s3("sets/march"),
                        SpineColumn.of("key", ColumnType.STRING),
                        SpineColumn.of("t", ColumnType.STRING),
                        SpineColumn.of("amount", ColumnType.DOUBLE),
                        SpineColumn.of("Is_Fraud", ColumnType.BOOLEAN),
                        SpineColumn.of("day", ColumnType.DATE),
                        SpineColumn.of("n", ColumnType.INTEGER))
                .time("t", LabelTime.ISO_8601)
                .keep("amount", "Is_Fraud", "day", "n");

        assertThat(labels(spine)).singleElement().satisfies(row -> {
            assertThat(row.vector().find(COUNT)).contains(8L);
            assertThat(row.spine().time()).isEqualTo(NOON.plusNanos(123_456_789));
            assertThat(row.spine().values())
                    .containsEntry("amount", 1.5)
                    .containsEntry("Is_Fraud", true)
                    .containsEntry("day", "2025-03-11")
                    .containsEntry("n", 7);
        });
    }

    @Test
    void labelsAreReadFromCsv() throws IOException {
        Files.createDirectories(athena.bucket.resolve("csv"));
        Files.writeString(
                athena.bucket.resolve("csv/labels.csv"),
                "key,t,amount\n\"2025-03-10\",2025-03-10T12:00:01Z,1.5\n\"\",2025-03-10T12:00:01Z,\n");
        Spine spine = Spine.csv(
                        LocalAthena.s3("csv/"),
                        SpineColumn.of("key", ColumnType.STRING),
                        SpineColumn.of("t", ColumnType.STRING),
                        SpineColumn.of("amount", ColumnType.DOUBLE))
                .time("t", LabelTime.ISO_8601)
                .keep("amount");

        assertThat(labels(spine))
                .extracting(
                        row -> row.spine().values().get("amount"),
                        row -> row.vector().find(COUNT).orElse(null))
                .containsExactlyInAnyOrder(tuple(1.5, 8L), tuple(null, null));
    }

    private List<TrainingRow> labels(Spine spine) {
        List<TrainingRow> all = new ArrayList<>();
        try (TrainingRows rows = athena.run(TrainingSet.of(BY_NAME, spine).with(PointInTime.eventTime()))) {
            rows.forEach(all::add);
        }
        assertThat(athena.athena.athena().queries())
                .last()
                .satisfies(query -> assertThat(query.substatementType()).isEqualTo("DROP_TABLE"));
        return all;
    }

    @Test
    void aTrainingSetIsUnloadedAsParquetToAnEmptyPrefix() {
        TrainingSet set = TrainingSet.of(BY_HOUSEHOLD, key("2")).with(PointInTime.eventTime());
        URI target = LocalAthena.s3("sets/march");

        assertThat(athena.unload(set, target)).isEqualTo(1);
        assertThat(athena.bucket.resolve("sets/march")).isNotEmptyDirectory();
        assertThatThrownBy(() -> athena.unload(set, target))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("HIVE_PATH_ALREADY_EXISTS");
    }

    @Test
    void anUnloadThatFailsTellsWhy() {
        TrainingSet set = TrainingSet.of(BY_HOUSEHOLD, key("'two'")).with(PointInTime.eventTime());

        assertThatThrownBy(() -> athena.unload(set, LocalAthena.s3("sets/march")))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith("is not a whole number");
    }
}
