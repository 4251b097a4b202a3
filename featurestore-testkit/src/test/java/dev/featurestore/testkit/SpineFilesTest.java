package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.SqlDialect;
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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels in a folder of files, read by the local offline store. */
class SpineFilesTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<String> CARD_ID = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD_ID)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card").features(COUNT))
            .build();

    private static final SpineColumn[] COLUMNS = {
        SpineColumn.of("card", ColumnType.STRING),
        SpineColumn.of("at", ColumnType.STRING),
        SpineColumn.of("is_fraud", ColumnType.BOOLEAN),
        SpineColumn.of("amount", ColumnType.DOUBLE)
    };

    @TempDir
    Path folder;

    private Path labels;

    private LocalOfflineStore local;

    private InMemoryFeatureStore store;

    @BeforeEach
    void write() throws IOException {
        labels = Files.createDirectories(folder.resolve("it's labels"));
        ManualClock clock = ManualClock.startingAt(NOON);
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        store = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        store.group(CARDS)
                .put(CARDS.newRecord()
                        .set(CARD_ID, "a")
                        .set(TIME, NOON)
                        .set(COUNT, 7L)
                        .build());
    }

    @AfterEach
    void close() {
        store.close();
        local.close();
    }

    private List<String> trained(Spine spine) {
        List<String> rows = new ArrayList<>();
        TrainingSet set = TrainingSet.of(
                        VIEW, spine.time("at", LabelTime.ISO_8601).keep("is_fraud", "amount"))
                .withPointInTime(PointInTime.eventTime());
        try (TrainingRows running = local.run(set)) {
            for (TrainingRow row : running) {
                rows.add(row.spine().values().get("card") + " "
                        + row.spine().values().get("is_fraud") + " "
                        + row.spine().values().get("amount") + " "
                        + row.vector().find(COUNT).orElse(null));
            }
        }
        return rows;
    }

    @Test
    void allVisibleParquetFilesBelowTheFolderAreRead() throws IOException, SQLException {
        Files.createDirectories(labels.resolve("day=1"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String file :
                    List.of("first.parquet", "day=1/without-an-ending", "_hidden.parquet", ".hidden.parquet")) {
                statement.execute("COPY (SELECT 'a' AS card, '2025-03-10T12:00:01Z' AS at, true AS is_fraud, "
                        + file.length() + "::DOUBLE AS amount) TO '"
                        + labels.resolve(file).toString().replace("'", "''") + "' (FORMAT parquet)");
            }
        }
        Files.writeString(labels.resolve("_SUCCESS"), "");

        assertThat(trained(Spine.parquet(labels.toUri(), COLUMNS)))
                .containsExactlyInAnyOrder("a true 13.0 7", "a true 23.0 7");
    }

    @Test
    void emptyFieldsOfCsvAreNullAndOthersHaveTheirType() throws IOException {
        Files.writeString(
                labels.resolve("labels.csv"),
                "card,at,is_fraud,amount\na,2025-03-10T12:00:01Z,true,1.5\n\"\",2025-03-10T12:00:01Z,,\n");

        assertThat(trained(Spine.csv(labels.toUri(), COLUMNS)))
                .containsExactlyInAnyOrder("a true 1.5 7", "null null null null");
    }

    @Test
    void aFieldOfCsvThatIsNotOfItsTypeFailsTheQueryWithoutItsValue() throws IOException {
        Files.writeString(
                labels.resolve("labels.csv"), "card,at,is_fraud,amount\na,2025-03-10T12:00:01Z,true,much4711\n");

        assertThatThrownBy(() -> trained(Spine.csv(labels.toUri(), COLUMNS)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageNotContaining("much4711");
    }

    @Test
    void filesElsewhereAreRefused() {
        assertThatThrownBy(() -> trained(Spine.parquet(URI.create("s3://bucket/labels/"), COLUMNS)))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageEndingWith("expected a file: location, got scheme s3");
    }

    @Test
    void athenasSqlAloneReadsTables() {
        TrainingSet set = TrainingSet.of(
                VIEW, Spine.parquet(URI.create("s3://bucket/labels/"), COLUMNS).time("at", LabelTime.ISO_8601));

        assertThatThrownBy(() -> SqlDialect.athena().render(set, group -> List.of("db", "cards")))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("Athena reads labels from tables");
    }

    @Test
    void sparksSqlReadsParquetByItsPathAndNoCsv() {
        Spine parquet = Spine.parquet(URI.create("s3://bucket/la%20bels/"), COLUMNS);
        Spine csv = Spine.csv(URI.create("s3://bucket/labels/"), COLUMNS);

        assertThat(rendered(parquet)).contains("FROM parquet.`s3://bucket/la bels/` AS f");
        assertThatThrownBy(() -> rendered(csv))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("name it with Spine.table");
    }

    private static String rendered(Spine spine) {
        return SqlDialect.spark()
                .render(TrainingSet.of(VIEW, spine.time("at", LabelTime.ISO_8601)), group -> List.of("cards"));
    }
}
