package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a leak check finds in sets that are wrong, and how the modes of a set differ, held up to an offline store. Extend it in a
 * test and supply the store. That nothing is found in sets that are right is part of the law.
 */
public abstract class LeakCheckContract {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<Long> COUNT = Feature.integral("txns").withDefault(0L);

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(AMOUNT, COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    /** Has a row of one card alone, that nobody was served. */
    private static final FeatureGroup<FeatureRecord> SHOPS = FeatureGroup.named("shops")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(AMOUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .stampWriteOrigin(Feature.string("origin"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card").features(AMOUNT, COUNT).maxAge(Duration.ofHours(2)))
            .from(SHOPS, select -> select.key("card").prefix("shop_").features(AMOUNT))
            .build();

    /** The labels by number: what each gets is written beside it, in both modes unless it says otherwise. */
    private static final List<SpineRow> LABELS = List.of(
            label(0, "a", "12:05:00"), // 1.0 of 12:00
            label(1, "a", "12:15:00"), // 2.0 of 12:10
            label(2, "b", "12:03:00"), // 1.0 of 12:00
            label(3, "b", "12:10:00"), // nothing: deleted at 12:05
            label(4, "a", "14:10:00.000000001"), // nothing: too old
            label(5, "late", "12:30:00"), // 1.0 of 12:00, served from 13:00
            label(6, "late", "13:30:00"), // 1.0 of 12:00
            label(7, "nobody", "12:00:00"), // nothing
            label(8, "twice", "12:30:00"), // 5.0 of 12:00, the correction
            label(9, "same", "12:30:00"), // 1.0 of 12:10, served from 13:00; before it 1.0 of 12:00
            label(10, "written", "12:30:00"), // 2.0 of 12:00, written last
            label(11, "a", "12:10:00"), // 2.0 of 12:10, served from 12:10:01; before it 1.0 of 12:00
            label(12, "undone", "12:30:00"), // 1.0 of 12:00, deleted as of the same time
            label(13, "arrived", "12:30:00"), // 2.0 of 12:00, arrived last and written first
            label(14, "repeated", "12:30:00"), // 1.0 of 12:00, there twice
            label(15, "backfilled", "12:30:00")); // a shop's 1.0 of 12:00, never served

    /** Of two records that differ in nothing but their amounts. */
    private static final SpineRow TIED = label(99, "tied", "12:30:00");

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(at("12:00:00"));

    private LocalOfflineStore local;

    private InMemoryFeatureStore memory;

    private OfflineStore store;

    /** For subclasses. */
    protected LeakCheckContract() {}

    private static Instant at(String time) {
        return Instant.parse("2025-03-10T" + time + "Z");
    }

    private static SpineRow label(long number, String card, String time) {
        return SpineRow.of(at(time), Map.of("card", card, "n", number));
    }

    /**
     * Called before each test.
     *
     * @param files has the rows, in files
     */
    protected abstract OfflineStore open(LocalOfflineStore files);

    /** Called after each test with what {@link #open} gave. */
    protected void close(OfflineStore opened) {}

    /**
     * Makes a training set, to be read again.
     *
     * @param target a folder or file that is not there yet; its name ends in {@code .parquet}
     * @return what stands behind FROM in a query of the engine
     */
    protected abstract String produce(OfflineStore opened, TrainingSet set, Path target);

    /** Writes the histories of the cards. */
    @BeforeEach
    final void write() {
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        memory = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        put("a", "12:00:00", 1.0);
        put("b", "12:00:00", 1.0);
        put("twice", "12:00:00", 1.0);
        put("same", "12:00:00", 1.0);
        append("tied", "1.0", 0, 0);
        append("tied", "2.0", 0, 0);
        append("written", "2.0", 0, 1);
        append("written", "1.0", 0, 0);
        append("undone", "1.0", 0, 0);
        append("undone", null, 5000, 5000);
        append("arrived", "2.0", 5000, 5000);
        append("arrived", "1.0", 0, 10_000);
        append("repeated", "1.0", 0, 0);
        append("repeated", "1.0", 0, 0);
        Instant noon = at("12:00:00");
        WireRecord shop = WireRecord.of(
                new String[] {"card_id", "event_ts", "amount", "origin"},
                new Object[] {"backfilled", "2025-03-10T12:00:00Z", "1.0", "backfill-1"});
        local.append(SHOPS, new OfflineRow(shop, false, noon, noon, noon));
        clock.set(at("12:05:00"));
        memory.group(CARDS).delete("b", at("12:05:00"), DeletionMode.SOFT_DELETE);
        clock.set(at("12:10:00"));
        put("a", "12:10:00", 2.0);
        clock.set(at("12:20:00"));
        put("twice", "12:00:00", 5.0);
        clock.set(at("13:00:00"));
        put("late", "12:00:00", 1.0);
        put("same", "12:10:00", 1.0);
        clock.set(at("23:00:00"));
        local.flush();
        store = open(local);
    }

    private void put(String card, String eventTime, double amount) {
        memory.group(CARDS)
                .put(CARDS.newRecord()
                        .set(CARD, card)
                        .set(TIME, at(eventTime))
                        .set(AMOUNT, amount)
                        .set(COUNT, 0L)
                        .build());
    }

    /** A record of noon, which arrived and was written some milliseconds later; without amount, a delete. */
    private void append(String card, @Nullable String amount, long arrived, long written) {
        Instant time = at("12:00:00");
        String eventTime = "2025-03-10T12:00:00Z";
        WireRecord record = amount == null
                ? WireRecord.of(new String[] {"card_id", "event_ts"}, new Object[] {card, eventTime})
                : WireRecord.of(new String[] {"card_id", "event_ts", "amount"}, new Object[] {card, eventTime, amount});
        Instant arrival = time.plusMillis(arrived);
        local.append(CARDS, new OfflineRow(record, amount == null, arrival, time.plusMillis(written), arrival));
    }

    /** Closes the stores. */
    @AfterEach
    final void close() {
        close(store);
        memory.close();
        local.close();
    }

    private static TrainingSet set(PointInTime rule) {
        return set(rule, LABELS);
    }

    private static TrainingSet set(PointInTime rule, List<SpineRow> labels) {
        return TrainingSet.of(VIEW, Spine.rows(labels).keep("n"))
                .withPointInTime(rule)
                .withAudit();
    }

    private Map<Long, Leak.Kind> leaks(TrainingSet set, Spine.Source produced) {
        Map<Long, Leak.Kind> found = new HashMap<>();
        store.leakCheck(set, produced, leak -> {
            assertThat(leak.label())
                    .isIn(Stream.concat(LABELS.stream(), Stream.of(TIED)).toList());
            assertThat(leak.groups()).containsOnlyKeys(number(leak.label()) == 15 ? "shops" : "cards");
            found.putAll(Map.of(
                    number(leak.label()), leak.groups().values().iterator().next()));
        });
        return found;
    }

    private static long number(SpineRow label) {
        return ((Number) Objects.requireNonNull(label.get("n"))).longValue();
    }

    /** Each wrong row is found, and no other. */
    @TestFactory
    Stream<DynamicTest> aWrongRowIsFoundAndNoOther() {
        String files = produce(store, set(PointInTime.eventTime()), folder.resolve("set.parquet"));
        return Stream.of(
                wrong("nothing", files, -1, "1e0", "0", "12:00:00", "12:00:00", null),
                wrong("a version of the future", files, 0, "2e0", "0", "12:10:00", "12:10:00", Leak.Kind.LATER),
                wrong("a stale version", files, 1, "1e0", "0", "12:00:00", "12:00:00", Leak.Kind.EARLIER),
                wrong("a deleted row", files, 3, "1e0", "0", "12:00:00", "12:00:00", Leak.Kind.UNEXPECTED),
                wrong("values without a row", files, 3, "1e0", "0", null, null, Leak.Kind.UNEXPECTED),
                wrong("a row that is too old", files, 4, "2e0", "0", "12:10:00", "12:10:00", Leak.Kind.UNEXPECTED),
                wrong(
                        "a row of nobody",
                        files,
                        7,
                        "CAST(NULL AS DOUBLE)",
                        "0",
                        "12:00:00",
                        "12:00:00",
                        Leak.Kind.UNEXPECTED),
                wrong("another value", files, 2, "9e0", "0", "12:00:00", "12:00:00", Leak.Kind.VALUES),
                wrong("no value", files, 2, "CAST(NULL AS DOUBLE)", "0", "12:00:00", "12:00:00", Leak.Kind.VALUES),
                wrong("no default", files, 2, "1e0", "CAST(NULL AS BIGINT)", "12:00:00", "12:00:00", Leak.Kind.VALUES),
                wrong("a value that was corrected", files, 8, "1e0", "0", "12:00:00", "12:20:00", Leak.Kind.VALUES),
                wrong("a value that was written over", files, 10, "1e0", "0", "12:00:00", "12:00:00", Leak.Kind.VALUES),
                wrong(
                        "another value of a row that is there twice",
                        files,
                        14,
                        "9e0",
                        "0",
                        "12:00:00",
                        "12:00:00",
                        Leak.Kind.VALUES),
                wrong("another arrival", files, 2, "1e0", "0", "12:00:00", "12:00:01", Leak.Kind.VALUES),
                wrong("no row", files, 0, "CAST(NULL AS DOUBLE)", "0", null, null, Leak.Kind.MISSING));
    }

    private DynamicTest wrong(
            String name,
            String files,
            long number,
            String amount,
            String count,
            @Nullable String eventTime,
            @Nullable String arrival,
            Leak.@Nullable Kind kind) {
        Map<Long, Leak.Kind> expected = kind == null ? Map.of() : Map.of(number, kind);
        Spine.Source tampered = tampered(files, number, amount, count, eventTime, arrival);
        return dynamicTest(
                name,
                () -> assertThat(leaks(set(PointInTime.eventTime()), tampered)).isEqualTo(expected));
    }

    private static Spine.Source tampered(
            String files,
            long number,
            String amount,
            String count,
            @Nullable String eventTime,
            @Nullable String arrival) {
        return Spine.Source.query("SELECT card, event_time, n, " + instead(number, amount, "amount") + ", "
                + instead(number, count, "txns") + ", " + instead(number, text(eventTime), "cards__event_time") + ", "
                + instead(number, text(arrival), "cards__arrival_time")
                + ", cards__age_seconds, shop_amount, shops__event_time, shops__arrival_time, shops__age_seconds FROM "
                + files);
    }

    private static String instead(long number, String expression, String column) {
        return "CASE WHEN n = " + number + " THEN " + expression + " ELSE " + column + " END AS " + column;
    }

    private static String text(@Nullable String time) {
        return time == null ? "CAST(NULL AS VARCHAR(40))" : "'2025-03-10T" + time + ".000000000Z'";
    }

    /** Nothing tells which of them is right, but both are of one time. */
    @Test
    void ofRowsThatTieInEverythingAnyIsRight() {
        TrainingSet set = set(PointInTime.eventTime(), List.of(TIED));
        String files = produce(store, set, folder.resolve("set.parquet"));

        assertThat(leaks(set, tampered(files, 99, "1e0", "0", "12:00:00", "12:00:00")))
                .isEmpty();
        assertThat(leaks(set, tampered(files, 99, "2e0", "0", "12:00:00", "12:00:00")))
                .isEmpty();
        assertThat(leaks(set, tampered(files, 99, "2e0", "0", "12:00:01", "12:00:00")))
                .isEqualTo(Map.of(99L, Leak.Kind.LATER));
    }

    /** What was not served yet is a leak where what was served is asked for. */
    @Test
    void aSetOfTheOtherModeLeaksWhereTheModesDiffer() {
        String files = produce(store, set(PointInTime.eventTime()), folder.resolve("set.parquet"));
        Spine.Source produced = Spine.Source.query(
                "SELECT card, event_time, n, amount, txns, cards__event_time, shop_amount, shops__event_time FROM "
                        + files);
        TrainingSet served = TrainingSet.of(VIEW, Spine.rows(LABELS).keep("n"));

        for (PointInTime rule : List.of(PointInTime.asServed(), PointInTime.eventTime())) {
            List<ModeDifference> differences = new ArrayList<>();
            store.compareModes(served.withPointInTime(rule), differences::add);
            assertThat(differences)
                    .as("%s", rule)
                    .containsExactlyInAnyOrder(
                            new ModeDifference(LABELS.get(5), Map.of("cards", List.of("amount"))),
                            new ModeDifference(LABELS.get(9), Map.of("cards", List.of())),
                            new ModeDifference(LABELS.get(11), Map.of("cards", List.of("amount"))),
                            new ModeDifference(LABELS.get(15), Map.of("shops", List.of("shop_amount"))));
        }
        assertThat(leaks(served, produced))
                .isEqualTo(Map.of(
                        5L, Leak.Kind.UNEXPECTED,
                        9L, Leak.Kind.LATER,
                        11L, Leak.Kind.LATER,
                        15L, Leak.Kind.UNEXPECTED));
        assertThat(leaks(served.labelsBetween(at("12:31:00"), at("23:00:00")), produced))
                .as("outside the range of labels")
                .isEmpty();
    }

    /** The check needs no copy of the set. */
    @Test
    void theStoresOwnQueryHasNoLeaks() {
        for (PointInTime rule : List.of(PointInTime.eventTime(), PointInTime.asServed())) {
            List<Leak> leaks = new ArrayList<>();
            store.leakCheck(set(rule), null, leaks::add);
            assertThat(leaks).as("%s", rule).isEmpty();
        }
    }
}
