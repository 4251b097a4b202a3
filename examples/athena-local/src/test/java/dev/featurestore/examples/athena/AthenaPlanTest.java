package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How Trino runs the join, whatever it knows of the sizes: the history is on the build side, sorted. Were the labels there, each
 * row would walk through all labels of its identifier.
 */
class AthenaPlanTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

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

    private static final FeatureView TWICE = FeatureView.named("v")
            .from(CARDS, select -> select.key("card").allFeatures())
            .from(
                    CARDS,
                    select ->
                            select.named("other").key("other").prefix("other_").allFeatures())
            .build();

    private static final Spine ROWS =
            Spine.rows(List.of(SpineRow.of(NOON, Map.of("card", "card-1", "other", "card-2"))));

    private static final String ANALYSED = Engine.TRINO.newTable();

    private static final Spine TABLE = Spine.table(ANALYSED).time("t", LabelTime.ISO_8601);

    /** Trino sorts the build side by its symbol in a comparison. Both ends of the gap are to bound that one. */
    private static final Pattern SORTED_BUILD = Pattern.compile(
            "LeftJoin\\[criteria = \\(\"\\w+\" = \"card\\w*\"\\), filter = \\(\\((\"\\w+\") > \"lag\\w*\"\\) AND \\(\\1 <= \"\\w+\"\\)\\)");

    @TempDir
    Path folder;

    private LocalOfflineStore local;

    private GroupTables tables;

    @BeforeEach
    void write() {
        ManualClock clock = ManualClock.startingAt(NOON);
        local = LocalOfflineStore.at(folder.resolve("features"), clock);
        tables = Engine.tables(local);
        try (InMemoryFeatureStore store =
                InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build()) {
            for (int i = 0; i < 200; i++) {
                store.group(CARDS)
                        .put(CARDS.newRecord()
                                .set(CARD, "card-" + i)
                                .set(TIME, NOON)
                                .setDouble(AMOUNT, i)
                                .build());
            }
            local.flush();
        }
        Engine.TRINO.execute("CREATE TABLE " + ANALYSED + " AS SELECT 'card-1' AS card, 'card-2' AS other,"
                + " '2025-03-10T12:00:00Z' AS t");
    }

    @AfterEach
    void drop() {
        Engine.TRINO.execute("DROP TABLE " + ANALYSED);
        tables.close();
        local.close();
    }

    static Stream<Arguments> sets() {
        return Stream.of(ROWS, TABLE)
                .flatMap(spine -> Stream.of(PointInTime.eventTime(), PointInTime.asServed())
                        .flatMap(rule -> Stream.of(true, false).map(known -> Arguments.of(spine, rule, known))));
    }

    @ParameterizedTest(name = "{0}, {1}, size of the history known: {2}")
    @MethodSource("sets")
    void theHistoryIsSortedHoweverFewTheLabelsAre(Spine spine, PointInTime rule, boolean isKnown) throws SQLException {
        String sql = SqlDialect.athena().render(TrainingSet.of(TWICE, spine).withPointInTime(rule), tables);

        try (Connection connection = Engine.TRINO.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION " + LocalTrino.CATALOG + ".statistics_enabled = true");
            statement.execute("ANALYZE " + ANALYSED);
            if (isKnown) {
                statement.execute("ANALYZE " + LocalTrino.quoted(tables.of(CARDS)));
            }

            String plan = plan(statement, sql);

            assertThat(SORTED_BUILD.matcher(plan).results()).as(plan).hasSize(2);
            assertThat(plan).doesNotContain("RightJoin", "InnerJoin", "FullJoin");
        }
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        try (ResultSet plan = statement.executeQuery("EXPLAIN " + sql)) {
            plan.next();
            return plan.getString(1);
        }
    }
}
