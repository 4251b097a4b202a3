package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import io.trino.jdbc.TrinoResultSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second table by partition projection, which Trino does as Athena does: the same rows as from the service's own, of fewer files. */
class ProjectionTest {
    private static final Instant NEW_YEAR = Instant.parse("2025-01-01T00:00:00Z");

    /** How far event times are ahead of the clock at most. */
    private static final Duration AHEAD = Duration.ofHours(2);

    private static final Feature<String> CARD = Feature.string("card");

    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    private static final Feature<Double> AMOUNT = Feature.fractional("amount");

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(AMOUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final ProjectedTable PROJECTED =
            ProjectedTable.of(CARDS, Year.of(2024), Year.of(2025), "by_hour").aheadAtMost(AHEAD);

    private static final Pattern PROPERTY = Pattern.compile("'([\\w.]+)' = '([^']*)'");

    private final String plain = Engine.TRINO.newTable();

    private final String byHour = Engine.TRINO.newTable();

    @TempDir
    Path folder;

    @AfterEach
    void dropTables() {
        Engine.TRINO.execute("DROP TABLE IF EXISTS " + plain);
        Engine.TRINO.execute("DROP TABLE IF EXISTS " + byHour);
    }

    /** What the statement for Athena says, in Trino's words. */
    private void createTables(Path files) {
        String columns = "card VARCHAR, event_ts VARCHAR, amount DOUBLE, write_time TIMESTAMP(3),"
                + " api_invocation_time TIMESTAMP(3), is_deleted BOOLEAN";
        String location = LocalTrino.location(files);
        Engine.TRINO.execute("CREATE TABLE " + plain + " (" + columns + ") WITH (external_location = '" + location
                + "', format = 'PARQUET')");
        Map<String, String> properties = properties(PROJECTED.ddl("s3://files"));
        StringBuilder partitions = new StringBuilder();
        for (String column : List.of("year", "month", "day", "hour")) {
            String property = "projection." + column + ".";
            partitions.append(", " + column + " VARCHAR WITH (partition_projection_type = '"
                    + properties.getOrDefault(property + "type", "") + "', partition_projection_range = ARRAY['"
                    + properties.getOrDefault(property + "range", "").replace(",", "', '")
                    + "'], partition_projection_digits = "
                    + properties.getOrDefault(property + "digits", "") + ")");
        }
        Engine.TRINO.execute("CREATE TABLE " + byHour + " (" + columns + partitions + ") WITH (external_location = '"
                + location + "', format = 'PARQUET', partitioned_by = ARRAY['year', 'month', 'day', 'hour'],"
                + " partition_projection_enabled = true, partition_projection_location_template = '"
                + properties.getOrDefault("storage.location.template", "").replace("s3://files", location) + "')");
    }

    private static Map<String, String> properties(String ddl) {
        Map<String, String> properties = new TreeMap<>();
        Matcher property = PROPERTY.matcher(ddl);
        while (property.find()) {
            properties.put(property.group(1), property.group(2));
        }
        return properties;
    }

    private TableNames names() {
        ProjectedTable table =
                ProjectedTable.of(CARDS, Year.of(2024), Year.of(2025), byHour).aheadAtMost(AHEAD);
        TableNames names = group -> List.of(plain);
        return names.with(table);
    }

    private record Answer(List<String> rows, long rowsRead) {}

    private static Answer run(TrainingSet set, TableNames names) {
        return run(SqlDialect.athena().render(set.withAudit(AuditColumn.EVENT_TIME), names));
    }

    private static Answer run(String sql) {
        List<String> rows = new ArrayList<>();
        try (Connection connection = Engine.TRINO.connect();
                Statement statement = asOnS3(connection);
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
                    row.append(result.getString(c)).append(' ');
                }
                rows.add(row.toString());
            }
            var stats = result.unwrap(TrinoResultSet.class).getStats();
            return new Answer(rows, stats.getProcessedRows());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On S3 there are no folders that could be absent, and Athena's catalog is asked for no file of each partition. */
    private static Statement asOnS3(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.execute("SET SESSION " + LocalTrino.CATALOG + ".statistics_enabled = false");
        statement.execute("SET SESSION " + LocalTrino.CATALOG + ".ignore_absent_partitions = true");
        return statement;
    }

    private static TrainingSet set(PointInTime rule, Duration maxAge, List<SpineRow> labels) {
        FeatureView view = FeatureView.named("v")
                .from(CARDS, select -> select.key("card").allFeatures().maxAge(maxAge))
                .build();
        return TrainingSet.of(view, Spine.rows(labels).keep("n")).with(rule);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void theSameRowsAsFromTheServicesOwnTable(long seed) {
        Random random = new Random(seed);
        ManualClock clock = ManualClock.startingAt(NEW_YEAR.minus(Duration.ofDays(2)));
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            writeFourDays(local, clock, random);
            createTables(local.dataOf(CARDS));
            for (int i = 0; i < 6; i++) {
                PointInTime rule = i % 2 == 0 ? PointInTime.eventTime() : PointInTime.asServed();
                Duration age = i == 0 ? Duration.ofDays(4000) : Duration.ofMinutes(1 + random.nextInt(2000));
                TrainingSet set = set(rule, age, labels(random));

                Answer projected = run(set, names());

                assertThat(SqlDialect.athena().render(set, names()))
                        .contains(byHour)
                        .doesNotContain(plain);
                assertThat(projected.rows())
                        .as("seed %d, set %d", seed, i)
                        .containsExactlyInAnyOrderElementsOf(
                                run(set, group -> List.of(plain)).rows());
                assertThat(projected.rows()).anyMatch(row -> !row.contains("null"));
            }
        }
    }

    /** Late rows, deletes, and event times ahead of the clock. */
    private static void writeFourDays(LocalOfflineStore local, ManualClock clock, Random random) {
        try (InMemoryFeatureStore store =
                InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build()) {
            FeatureGroupClient<FeatureRecord> cards = store.group(CARDS);
            for (int i = 0; i < 300; i++) {
                clock.advance(Duration.ofSeconds(random.nextInt(2300)));
                Instant time = random.nextInt(10) < 8
                        ? clock.instant()
                        : clock.instant().plusSeconds(random.nextInt(2 * 3600 * 24) - 3600 * 46);
                String card = "card-" + random.nextInt(6);
                if (random.nextInt(12) == 0) {
                    cards.delete(card, time);
                } else {
                    cards.put(CARDS.newRecord()
                            .set(CARD, card)
                            .set(TIME, time)
                            .setDouble(AMOUNT, i)
                            .build());
                }
            }
            clock.advance(Duration.ofDays(1));
            local.flush();
        }
    }

    private static List<SpineRow> labels(Random random) {
        Instant start = NEW_YEAR.plusSeconds(random.nextInt(3600 * 72) - 3600 * 36);
        List<SpineRow> labels = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("card", "card-" + random.nextInt(7));
            values.put("n", (long) n);
            labels.add(SpineRow.of(start.plusSeconds(random.nextInt(20_000)), values));
        }
        return labels;
    }

    @Test
    void onlyTheHoursThatLabelsCanSeeAreRead() {
        ManualClock clock = ManualClock.startingAt(NEW_YEAR.minus(Duration.ofDays(2)));
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            writeFourDays(local, clock, new Random(5));
            createTables(local.dataOf(CARDS));
            SpineRow label = SpineRow.of(NEW_YEAR.plusSeconds(1800), Map.of("card", "card-1", "n", 1L));
            TrainingSet set = set(PointInTime.eventTime(), Duration.ofHours(2), List.of(label));

            long all = run("SELECT event_ts FROM " + plain).rowsRead();

            // the label itself is read as well
            assertThat(run(set, names()).rowsRead()).isGreaterThan(1).isLessThan(all / 8);
        }
    }

    /** Trino keeps what it is told in its own words as Athena's properties, and reads these. */
    @Test
    void trinoHasTheSamePropertiesForIt() throws IOException {
        Files.createDirectories(folder.resolve("files"));
        createTables(folder.resolve("files"));
        String template = LocalTrino.location(folder.resolve("files"));

        Map<String, String> expected = properties(PROJECTED.ddl("s3://files"));
        expected.replaceAll((name, value) -> value.replace("s3://files", template));

        assertThat(parameters()).containsAllEntriesOf(expected);
    }

    private Map<String, String> parameters() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target", "trino-metadata"))) {
            Path schema = files.filter(file -> file.endsWith(Path.of(byHour, ".trinoSchema")))
                    .max((one, other) -> Long.compare(
                            one.toFile().lastModified(), other.toFile().lastModified()))
                    .orElseThrow();
            JsonNode parameters = new ObjectMapper().readTree(schema.toFile()).get("parameters");
            Map<String, String> texts = new TreeMap<>();
            parameters
                    .fields()
                    .forEachRemaining(
                            entry -> texts.put(entry.getKey(), entry.getValue().asText()));
            return texts;
        }
    }
}
