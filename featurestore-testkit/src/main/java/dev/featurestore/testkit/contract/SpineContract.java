package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the columns of a spine may hold on an engine: keys of other types, times in every form, and those that are none. Extend
 * it in a test and supply the store. What is refused is unloaded to a file, since some drivers keep the reason of a streamed
 * query to themselves.
 */
public abstract class SpineContract {
    /** When the two records were written: household 2 with a count of 7, and {@code 2025-03-10} with one of 8. */
    protected static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> HOUSEHOLD = Feature.integral("household");
    private static final Feature<String> NAME = Feature.string("name");
    private static final Feature<Instant> TIME = Feature.eventTime("ts");
    private static final Feature<Long> COUNT = Feature.integral("count");

    private static final FeatureGroup<FeatureRecord> HOUSEHOLDS = group("households", HOUSEHOLD);
    private static final FeatureGroup<FeatureRecord> NAMES = group("names", NAME);

    /** By the spine's column {@code key}. */
    protected static final FeatureView BY_HOUSEHOLD = view(HOUSEHOLDS);

    /** By the spine's column {@code key}. */
    protected static final FeatureView BY_NAME = view(NAMES);

    @TempDir
    Path folder;

    private LocalOfflineStore local;

    private OfflineStore engine;

    private InMemoryFeatureStore store;

    /** For subclasses. */
    protected SpineContract() {}

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

    /**
     * Called before each test.
     *
     * @param files has the rows, in files that are flushed before each query
     */
    protected abstract OfflineStore open(LocalOfflineStore files);

    /** Called after each test with what {@link #open} gave. */
    protected void close(OfflineStore opened) {}

    /**
     * A timestamp of the engine without zone.
     *
     * @param time such as {@code 2025-03-10 12:00:00.123}
     */
    protected String timestamp(String time) {
        return "TIMESTAMP '" + time + "'";
    }

    /** A timestamp of the engine at an offset such as {@code +01:00}. */
    protected String timestamp(String time, String offset) {
        return "TIMESTAMP '" + time + " " + offset + "'";
    }

    /** Writes the two records. */
    @BeforeEach
    final void write() {
        ManualClock clock = ManualClock.startingAt(NOON);
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        engine = open(local);
        store = InMemoryFeatureStore.builder()
                .clock(clock)
                .offlineStore(local, engine)
                .build();
        store.group(HOUSEHOLDS)
                .put(HOUSEHOLDS
                        .newRecord()
                        .set(HOUSEHOLD, 2L)
                        .set(TIME, NOON)
                        .set(COUNT, 7L)
                        .build());
        putName("2025-03-10", 8);
    }

    /** One more record of the names. */
    protected final void putName(String name, long count) {
        store.group(NAMES)
                .put(NAMES.newRecord()
                        .set(NAME, name)
                        .set(TIME, NOON)
                        .set(COUNT, count)
                        .build());
    }

    /** Closes the stores. */
    @AfterEach
    final void close() {
        store.close();
        close(engine);
        local.close();
    }

    /** The count of the one row that the spine's one label gets. */
    protected final Optional<Long> trained(FeatureView view, Spine spine) {
        try (TrainingRows rows = engine.run(set(view, spine))) {
            List<TrainingRow> all = rows.toList();
            assertThat(all).hasSize(1);
            return all.get(0).vector().find(COUNT);
        }
    }

    private static TrainingSet set(FeatureView view, Spine spine) {
        return TrainingSet.of(view, spine).withPointInTime(PointInTime.eventTime());
    }

    /**
     * Where a set is unloaded to.
     *
     * @param location in the store's terms
     * @param file the same on this machine
     */
    public record Target(URI location, Path file) {}

    /**
     * A place where nothing is yet, and whose folder is.
     *
     * @param opened what {@link #open} gave
     * @param folder of the test's own
     */
    protected Target target(OfflineStore opened, Path folder) {
        Path file = folder.resolve("set.parquet");
        return new Target(file.toUri(), file);
    }

    /** A label a second after the records. */
    protected final Spine key(String key) {
        return Spine.query("SELECT " + key + " AS key, " + timestamp("2025-03-10 12:00:01.000") + " AS t")
                .time("t", LabelTime.TIMESTAMP);
    }

    private static Spine time(String time, LabelTime form) {
        return Spine.query("SELECT 2 AS key, " + time + " AS t").time("t", form);
    }

    /** The identifier is a whole number. */
    @TestFactory
    Stream<DynamicTest> aWholeNumberIsFoundWhateverTheColumnsType() {
        return Stream.of(
                        "2",
                        "CAST(2 AS SMALLINT)",
                        "CAST(2 AS DOUBLE)",
                        "CAST(2 AS REAL)",
                        "'2'",
                        "'002'",
                        "CAST(2 AS DECIMAL(5, 2))")
                .map(key -> dynamicTest(
                        key, () -> assertThat(trained(BY_HOUSEHOLD, key(key))).contains(7L)));
    }

    /** It is not rounded to somebody else's. */
    @TestFactory
    Stream<DynamicTest> aKeyThatIsNoWholeNumberIsNobodyElses() {
        return Stream.of(
                        "CAST(1.5 AS DOUBLE)",
                        "CAST(1.6 AS DECIMAL(5, 2))",
                        "CAST(2.4 AS REAL)",
                        "'two'",
                        "''",
                        "CAST('NaN' AS DOUBLE)",
                        "CAST('Infinity' AS DOUBLE)",
                        "1e300",
                        "'99999999999999999999'")
                .map(key -> refused(BY_HOUSEHOLD, key, key(key), "key \"key\" is not a whole number"));
    }

    /** The identifier is text. */
    @TestFactory
    Stream<DynamicTest> aDateIsFoundByItsStoredText() {
        return Stream.of("DATE '2025-03-10'", "'2025-03-10'")
                .map(key -> dynamicTest(
                        key, () -> assertThat(trained(BY_NAME, key(key))).contains(8L)));
    }

    /** 5 would be 5.0 on one engine and 5 on the other. */
    @TestFactory
    Stream<DynamicTest> aNumberWithAPointIsNoText() {
        return Stream.of("CAST(5 AS DOUBLE)", "CAST(5 AS DECIMAL(5, 1))")
                .map(key -> refused(BY_NAME, key, key(key), "key \"key\" is not a whole number or text"));
    }

    /** Of rows in memory an identifier may be a number or its stored text. */
    @Test
    void rowsInMemoryNameIdentifiersByTheirStoredText() {
        for (Object key : new Object[] {2, 2L, "2", "002"}) {
            assertThat(trained(BY_HOUSEHOLD, Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", key))))))
                    .contains(7L);
        }
        assertThat(trained(BY_NAME, Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", "2025-03-10"))))))
                .contains(8L);
    }

    /** Labels without a key find nothing, and are there. */
    @Test
    void labelsWithoutAKeyHaveARowEach() {
        List<SpineRow> labels = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
            Map<String, Object> values = new HashMap<>(Map.of("n", n));
            if (n % 4 == 0) {
                values.put("key", 2);
            }
            labels.add(SpineRow.of(NOON.plusSeconds(n % 3), values));
        }

        try (TrainingRows rows = engine.run(set(BY_HOUSEHOLD, Spine.rows(labels).keep("n")))) {
            assertThat(rows.toList())
                    .extracting(row -> Map.entry(
                            row.spine().get("n"), row.vector().find(COUNT).orElse(-1L)))
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 12)
                            .mapToObj(n -> Map.<Object, Long>entry(n, n % 4 == 0 ? 7L : -1L))
                            .toList());
        }
    }

    /** Texts and names with whatever an engine escapes or replaces. */
    @Test
    void textsWithEscapesAndSubstitutionsAreTaken() {
        String text = "${spark.app.name} \\n 'x' $ \"";
        putName(text, 9);

        assertThat(trained(BY_NAME, Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", text))))))
                .contains(9L);
    }

    /** Times up to the record's, and from it on; a timestamp without zone, and a date, are UTC. */
    @TestFactory
    Stream<DynamicTest> labelTimesAreReadInTheirForm() {
        return Stream.of(
                label(timestamp("2025-03-10 12:00:00"), LabelTime.TIMESTAMP, true),
                label(timestamp("2025-03-10 12:00:00.000001"), LabelTime.TIMESTAMP, true),
                label(timestamp("2025-03-10 11:59:59.999999"), LabelTime.TIMESTAMP, false),
                label(timestamp("2025-03-10 13:00:00", "+01:00"), LabelTime.TIMESTAMP, true),
                label(timestamp("2025-03-10 12:59:59.999999", "+01:00"), LabelTime.TIMESTAMP, false),
                label(timestamp("2025-03-10 06:30:00", "-05:30"), LabelTime.TIMESTAMP, true),
                label(timestamp("2025-03-10 06:29:59.999", "-05:30"), LabelTime.TIMESTAMP, false),
                label("DATE '2025-03-11'", LabelTime.TIMESTAMP, true),
                label("DATE '2025-03-10'", LabelTime.TIMESTAMP, false),
                label("'2025-03-10T12:00:00Z'", LabelTime.ISO_8601, true),
                label("'2025-03-10T11:59:59.99999Z'", LabelTime.ISO_8601, false),
                label("'2025-03-10T11:59:59.999999999Z'", LabelTime.ISO_8601, false),
                label("1741608000000", LabelTime.EPOCH_MILLIS, true),
                label("1741607999999", LabelTime.EPOCH_MILLIS, false),
                label("1741608000", LabelTime.EPOCH_SECONDS, true),
                label("CAST(1741607999.999999 AS DOUBLE)", LabelTime.EPOCH_SECONDS, false));
    }

    private DynamicTest label(String time, LabelTime form, boolean isFound) {
        return dynamicTest(
                form + " " + time,
                () -> assertThat(trained(BY_HOUSEHOLD, time(time, form)).isPresent())
                        .isEqualTo(isFound));
    }

    /** A label without a time belongs nowhere. */
    @TestFactory
    Stream<DynamicTest> aLabelTimeThatIsNoneFailsTheQuery() {
        String noTime = "label time is not a UTC time such as 2025-01-31T23:59:59.123Z";
        return Stream.of(
                refusedTime("CAST(NULL AS TIMESTAMP)", LabelTime.TIMESTAMP, "label time is null"),
                refusedTime("CAST(NULL AS VARCHAR(30))", LabelTime.ISO_8601, "label time is null"),
                refusedTime("CAST(NULL AS BIGINT)", LabelTime.EPOCH_MILLIS, "label time is null"),
                refusedTime("CAST(NULL AS DOUBLE)", LabelTime.EPOCH_SECONDS, "label time is null"),
                refusedTime("'2025-03-10T12:00:00+00:00'", LabelTime.ISO_8601, noTime),
                refusedTime("'2025-03-10T12:00:00.Z'", LabelTime.ISO_8601, noTime),
                refusedTime("'2025-03-10 12:00:00Z'", LabelTime.ISO_8601, noTime),
                refusedTime("'2025-13-10T12:00:00Z'", LabelTime.ISO_8601, noTime),
                refusedTime(
                        "CAST(1741608000000.7 AS DOUBLE)",
                        LabelTime.EPOCH_MILLIS,
                        "label time is not a whole number of milliseconds"));
    }

    private DynamicTest refusedTime(String time, LabelTime form, String complaint) {
        return refused(BY_HOUSEHOLD, form + " " + time, time(time, form), complaint);
    }

    private DynamicTest refused(FeatureView view, String name, Spine spine, String complaint) {
        return dynamicTest(name, () -> {
            Target target = target(engine, folder);
            assertThatThrownBy(() -> engine.unload(set(view, spine), target.location()))
                    .isInstanceOf(QueryFailedException.class)
                    .hasMessageContaining("The spine's " + complaint);
            assertThat(target.file()).doesNotExist();
        });
    }

    /** A training set is complete or not there. */
    @Test
    void aTrainingSetIsUnloadedWhereNothingIsYet() {
        TrainingSet set = set(BY_HOUSEHOLD, key("2"));
        Target target = target(engine, folder);

        assertThat(engine.unload(set, target.location())).isEqualTo(1);
        assertThat(target.file()).exists();
        assertThatThrownBy(() -> engine.unload(set, target.location())).isInstanceOf(FeatureStoreException.class);
    }
}
