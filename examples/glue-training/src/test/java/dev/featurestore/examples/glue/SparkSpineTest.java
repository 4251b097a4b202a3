package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What columns of a spine may hold on Spark, in a session whose time zone is not UTC. */
class SparkSpineTest {
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

    private SparkOfflineStore spark;

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
        spark = Engine.over(local);
        store = InMemoryFeatureStore.builder()
                .clock(clock)
                .offlineStore(local, spark)
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
        local.close();
    }

    private Optional<Long> trained(FeatureView view, Spine spine) {
        return only(spark.run(TrainingSet.of(view, spine).with(PointInTime.eventTime())));
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
        return Spine.query("SELECT " + key + " AS key, TIMESTAMP '2025-03-10 12:00:01Z' AS t")
                .time("t", LabelTime.TIMESTAMP);
    }

    @Test
    void labelsAreReadFromAFolderOfParquetFiles() {
        Path labels = folder.resolve("it's labels");
        Engine.SPARK
                .sql("SELECT 2L AS key, '2025-03-10T12:00:01Z' AS t")
                .write()
                .parquet(labels.toString());

        Spine spine = Spine.parquet(
                        labels.toUri(),
                        SpineColumn.of("key", ColumnType.BIGINT),
                        SpineColumn.of("t", ColumnType.STRING))
                .time("t", LabelTime.ISO_8601);

        assertThat(trained(BY_HOUSEHOLD, spine)).contains(7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2S", "2D", "2F", "'2'", "'002'", "2.00BD"})
    void aWholeNumberIsFoundWhateverTheColumnsType(String key) {
        assertThat(trained(BY_HOUSEHOLD, key(key))).contains(7L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5D",
                "1.6BD",
                "2.4F",
                "'two'",
                "''",
                "double('NaN')",
                "double('Infinity')",
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
    @ValueSource(strings = {"5D", "5.0BD"})
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
                "TIMESTAMP '2025-03-10 12:00:00Z'               | TIMESTAMP     | true",
                "TIMESTAMP '2025-03-10 11:59:59.999999Z'        | TIMESTAMP     | false",
                "TIMESTAMP '2025-03-10 13:00:00 Europe/Paris'   | TIMESTAMP     | true",
                "TIMESTAMP_NTZ '2025-03-10 12:00:00'            | TIMESTAMP     | true",
                "TIMESTAMP_NTZ '2025-03-10 11:59:59.999999'     | TIMESTAMP     | false",
                "DATE '2025-03-11'                              | TIMESTAMP     | true",
                "DATE '2025-03-10'                              | TIMESTAMP     | false",
                "'2025-03-10T12:00:00Z'                         | ISO_8601      | true",
                "'2025-03-10T11:59:59.99999Z'                   | ISO_8601      | false",
                "1741608000000                                  | EPOCH_MILLIS  | true",
                "1741607999999                                  | EPOCH_MILLIS  | false",
                "1741608000                                     | EPOCH_SECONDS | true",
                "1741607999.999999D                             | EPOCH_SECONDS | false"
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
                "CAST(NULL AS STRING) | ISO_8601 | is null",
                "'2025-03-10T12:00:00+00:00' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "'2025-03-10T12:00:00.Z' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "'2025-13-10T12:00:00Z' | ISO_8601 | is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "1741608000000.7D | EPOCH_MILLIS | is not a whole number of milliseconds"
            })
    void aLabelTimeThatIsNoneFailsTheQuery(String time, LabelTime form, String complaint) {
        Spine spine = Spine.query("SELECT 2 AS key, " + time + " AS t").time("t", form);

        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, spine))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith(": The spine's label time " + complaint);
    }

    @Test
    void textsWithEscapesAndSubstitutionsAreTaken() {
        String text = "${spark.app.name} \\n 'x' $";
        store.group(NAMES)
                .put(NAMES.newRecord()
                        .set(NAME, text)
                        .set(TIME, NOON)
                        .set(COUNT, 9L)
                        .build());
        Spine spine = Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", text))));

        assertThat(trained(BY_NAME, spine)).contains(9L);
    }

    @Test
    void aTrainingSetIsUnloadedAsParquetToANewFolder() {
        TrainingSet set = TrainingSet.of(BY_HOUSEHOLD, key("2")).with(PointInTime.eventTime());
        URI target = folder.resolve("set").toUri();

        assertThat(spark.unload(set, target)).isEqualTo(1);
        assertThat(folder.resolve("set")).isNotEmptyDirectory();
        assertThatThrownBy(() -> spark.unload(set, target)).isInstanceOf(QueryFailedException.class);
    }

    @Test
    void noViewStaysBehindInTheSession() {
        assertThat(trained(BY_HOUSEHOLD, key("2"))).isPresent();
        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, Spine.query("SELECT FROM")))
                .isInstanceOf(QueryFailedException.class);

        assertThat(Engine.SPARK.catalog().listTables().count()).isZero();
    }

    @Test
    void anUnloadThatFailsLeavesNothing() {
        TrainingSet set = TrainingSet.of(BY_HOUSEHOLD, key("'two'")).with(PointInTime.eventTime());

        assertThatThrownBy(() -> spark.unload(set, folder.resolve("set").toUri()))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageEndingWith("is not a whole number");
        assertThat(folder.resolve("set")).doesNotExist();
    }
}
