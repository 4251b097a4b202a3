package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels in files, in tables that come and go on Athena's engine. */
class AthenaSpineFilesTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<String> NAME = Feature.string("name");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> NAMES = group("names", NAME);

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
        List<TrainingRow> all;
        try (TrainingRows rows = athena.run(TrainingSet.of(BY_NAME, spine).withPointInTime(PointInTime.eventTime()))) {
            all = rows.toList();
        }
        assertThat(athena.athena.athena().queries())
                .last()
                .satisfies(query -> assertThat(query.substatementType()).isEqualTo("DROP_TABLE"));
        return all;
    }
}
