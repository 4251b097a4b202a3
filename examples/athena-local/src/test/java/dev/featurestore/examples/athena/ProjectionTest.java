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
import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;

/**
 * A second table by partition projection, made and queried through Athena's API; Trino does the projection as Athena does. It
 * gives the same rows as the service's own, of fewer files.
 */
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

    private static final Pattern PROPERTY = Pattern.compile("'([\\w.]+)' = '([^']*)'");

    private final String plain = Engine.TRINO.newTable();

    private final ProjectedTable byHour = ProjectedTable.of(
                    CARDS, Year.of(2024), Year.of(2025), "default", Engine.TRINO.newTable())
            .aheadAtMost(AHEAD);

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NEW_YEAR.minus(Duration.ofDays(2)));

    private LocalOfflineStore local;

    private LocalAthena aws;

    private GroupTables tables;

    /** The bucket holds the files of the group. */
    @BeforeEach
    void start() {
        local = LocalOfflineStore.at(folder.resolve("features"), clock);
        aws = LocalAthena.start(new TrinoAthenaEngine(Engine.TRINO, local::flush), folder);
        tables = new GroupTables(Engine.TRINO, local::dataOf, group -> List.of("default", plain));
    }

    @AfterEach
    void stop() {
        execute("DROP TABLE IF EXISTS `" + String.join("`.`", byHour.name()) + "`");
        tables.close();
        aws.close();
        local.close();
    }

    private String location() {
        return LocalAthena.s3(folder.relativize(local.dataOf(CARDS)).toString()).toString();
    }

    /** By the official client, as a user does in Athena's console. */
    private void execute(String sql) {
        String query = aws.client()
                .startQueryExecution(start -> start.queryString(sql)
                        .resultConfiguration(result ->
                                result.outputLocation(LocalAthena.s3("results/").toString())))
                .queryExecutionId();
        QueryExecutionStatus status;
        do {
            status = aws.client()
                    .getQueryExecution(get -> get.queryExecutionId(query))
                    .queryExecution()
                    .status();
        } while (status.state() == QueryExecutionState.QUEUED || status.state() == QueryExecutionState.RUNNING);
        assertThat(status.state()).as(status.stateChangeReason()).isEqualTo(QueryExecutionState.SUCCEEDED);
    }

    /** Through the API, by the second table where the store is told of it. */
    private List<TrainingRow> run(TrainingSet set, ProjectedTable... second) {
        List<TrainingRow> rows = new ArrayList<>();
        try (TrainingRows running =
                aws.store().tables(tables).projectedTables(second).build().run(set)) {
            running.forEach(rows::add);
        }
        return rows;
    }

    private String lastQuery() {
        List<QueryExecution> queries = aws.athena().queries();
        return queries.get(queries.size() - 1).request().sql();
    }

    private static TrainingSet set(PointInTime rule, Duration maxAge, List<SpineRow> labels) {
        FeatureView view = FeatureView.named("v")
                .from(CARDS, select -> select.key("card").allFeatures().maxAge(maxAge))
                .build();
        return TrainingSet.of(view, Spine.rows(labels).keep("n")).withPointInTime(rule);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void theSameRowsAsFromTheServicesOwnTable(long seed) {
        Random random = new Random(seed);
        writeFourDays(random);
        execute(byHour.ddl(location()));
        for (int i = 0; i < 6; i++) {
            PointInTime rule = i % 2 == 0 ? PointInTime.eventTime() : PointInTime.asServed();
            Duration age = i == 0 ? Duration.ofDays(4000) : Duration.ofMinutes(1 + random.nextInt(2000));
            TrainingSet set = set(rule, age, labels(random));

            List<TrainingRow> projected = run(set, byHour);

            assertThat(lastQuery()).contains(byHour.name().get(1)).doesNotContain(plain);
            assertThat(projected).as("seed %d, set %d", seed, i).containsExactlyInAnyOrderElementsOf(run(set));
            assertThat(lastQuery()).contains(plain).doesNotContain(byHour.name().get(1));
            assertThat(projected).anyMatch(row -> row.vector().find(AMOUNT).isPresent());
        }
    }

    /** Late rows, deletes, and event times ahead of the clock. */
    private void writeFourDays(Random random) {
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
    void onlyTheHoursThatLabelsCanSeeAreRead() throws SQLException {
        writeFourDays(new Random(5));
        execute(byHour.ddl(location()));
        SpineRow label = SpineRow.of(NEW_YEAR.plusSeconds(1800), Map.of("card", "card-1", "n", 1L));
        TrainingSet set = set(PointInTime.eventTime(), Duration.ofHours(2), List.of(label));

        assertThat(splits(set, tables.with(byHour))).isPositive().isLessThan(splits(set, tables) / 4);
    }

    /** How many pieces of work a query is, which Athena does not tell: each file is one at least. */
    private static int splits(TrainingSet set, TableNames names) throws SQLException {
        try (Connection connection = Engine.TRINO.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(SqlDialect.athena().render(set, names))) {
            assertThat(result.next()).isTrue();
            while (result.next()) {
                // to the end
            }
            return result.unwrap(TrinoResultSet.class).getStats().getTotalSplits();
        }
    }

    @Test
    void theStatementDoesNothingWhereTheTableIsThere() {
        writeFourDays(new Random(6));
        execute(byHour.ddl(location()));
        execute(byHour.ddl(location()));
        TrainingSet set = set(PointInTime.eventTime(), Duration.ofHours(2), labels(new Random(6)));

        assertThat(run(set, byHour)).hasSize(40);
    }

    /** Trino keeps what it is told in its own words as Athena's properties, and reads these. */
    @Test
    void trinoHasTheSamePropertiesForIt() throws IOException {
        String ddl = byHour.ddl(location());
        execute(ddl);

        Map<String, String> expected = new TreeMap<>();
        Matcher property = PROPERTY.matcher(ddl);
        while (property.find()) {
            expected.put(
                    property.group(1), property.group(2).replace(location(), LocalTrino.location(local.dataOf(CARDS))));
        }
        assertThat(expected).hasSize(14);
        assertThat(parameters()).containsAllEntriesOf(expected);
    }

    private Map<String, String> parameters() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target", "trino-metadata"))) {
            Path schema = files.filter(
                            file -> file.endsWith(Path.of(byHour.name().get(1), ".trinoSchema")))
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
