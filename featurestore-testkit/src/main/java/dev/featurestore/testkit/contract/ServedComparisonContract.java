package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.WriteOptions;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.serving.ServedComparison;
import dev.featurestore.serving.ServedDifference;
import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.serving.ServedGroup;
import dev.featurestore.serving.ServedVector;
import dev.featurestore.serving.ServedVectors;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why what was served differs from what is trained on, held up to an offline store: each reason is made to happen, and found.
 * Extend it in a test and supply the store. That nothing is a defect in random histories is part of the law.
 */
public abstract class ServedComparisonContract {
    private static final String SALT = "salt";

    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_ts");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<Long> COUNT = Feature.integral("txns").withDefault(0L);

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(AMOUNT, COUNT)
            .stampWriteOrigin(Feature.string("write_origin"))
            .onlineStore(online -> online.ttl(Duration.ofHours(1)))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView VIEW = view("amount");

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(at("12:00:00"));

    private final List<ServedVector> logged = new ArrayList<>();

    private LocalOfflineStore local;

    private InMemoryFeatureStore memory;

    private FeatureViewClient client;

    private @Nullable OfflineStore store;

    /** For subclasses. */
    protected ServedComparisonContract() {}

    private static FeatureView view(String amount) {
        return FeatureView.named("model")
                .from(
                        CARDS,
                        select -> select.key("card")
                                .feature(AMOUNT, amount)
                                .features(COUNT)
                                .maxStaleness(Duration.ofMinutes(1)))
                .build();
    }

    private static Instant at(String time) {
        return Instant.parse("2025-03-10T" + time + "Z");
    }

    /**
     * Called once in each test.
     *
     * @param files has the rows, in files
     */
    protected abstract OfflineStore open(LocalOfflineStore files);

    /** Called after each test with what {@link #open} gave. */
    protected void close(OfflineStore opened) {}

    /** Makes stores that are empty. */
    @BeforeEach
    final void begin() {
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        memory = InMemoryFeatureStore.builder()
                .clock(clock)
                .offlineStore(local)
                .behaviour(ServiceBehaviour.defaults().withExpiredRead(ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED))
                .build();
        memory.group(CARDS);
        client = memory.view(VIEW, options(ServingLog.to(logged::add, SALT).withKeys()));
    }

    private static FetchOptions options(ServingLog log) {
        return FetchOptions.defaults()
                .withOnFailure(FetchOptions.OnFailure.DEFAULTS)
                .withServingLog(log);
    }

    /** Closes the stores. */
    @AfterEach
    final void close() {
        if (store != null) {
            close(store);
        }
        memory.close();
        local.close();
    }

    private void put(String card, String arrival, String eventTime, double amount, WriteOptions how) {
        clock.set(at(arrival));
        memory.group(CARDS)
                .put(
                        CARDS.newRecord()
                                .set(CARD, card)
                                .set(TIME, at(eventTime))
                                .set(AMOUNT, amount)
                                .build(),
                        how);
    }

    private void put(String card, String arrival, String eventTime, double amount) {
        put(card, arrival, eventTime, amount, WriteOptions.defaults());
    }

    private void delete(String card, String arrival, String eventTime, DeletionMode mode) {
        clock.set(at(arrival));
        memory.group(CARDS).delete(card, at(eventTime), mode);
    }

    private void fetch(String card, String time) {
        clock.set(at(time));
        client.fetch(Map.of("card", card));
    }

    private TrainingSet set(PointInTime rule, List<SpineRow> labels) {
        return TrainingSet.of(VIEW, Spine.rows(labels)).withPointInTime(rule);
    }

    private OfflineStore queries() {
        if (store == null) {
            clock.set(at("23:00:00"));
            local.flush();
            store = open(local);
        }
        return store;
    }

    private ServedComparison compare(PointInTime rule) {
        ServedVectors log = ServedVectors.of(logged);
        return TrainingSetClient.of(set(rule, log.labels(VIEW)), queries()).compareServed(log);
    }

    /** By card, why its vectors differ. */
    private Map<Object, Kind> kinds(PointInTime rule) {
        Map<Object, Kind> kinds = new LinkedHashMap<>();
        ServedVectors log = ServedVectors.of(logged);
        TrainingSetClient.of(set(rule, log.labels(VIEW)), queries()).compareServed(log, difference -> {
            assertThat(difference.groups()).containsOnlyKeys("cards");
            kinds.put(
                    Objects.requireNonNull(difference.label().get("card")),
                    Objects.requireNonNull(difference.groups().get("cards")).kind());
        });
        return kinds;
    }

    private Map<Object, Kind> served() {
        return kinds(PointInTime.asServed());
    }

    private Map<Object, Kind> happened() {
        return kinds(PointInTime.eventTime());
    }

    /** Found, absent, too old for its time to live: the same in both. */
    @Test
    void whatIsTheSameIsNoDifference() {
        put("a", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:02:00");
        fetch("a", "14:00:00");
        fetch("nobody", "14:00:00");

        ServedComparison comparison = compare(PointInTime.asServed());

        assertThat(comparison.examples()).isEmpty();
        assertThat(happened()).isEmpty();
        assertThat(comparison)
                .hasToString("3 vectors, 3 with a label, 0 differ, by column {};"
                        + " 0 of 3 labels without a vector, 0 vectors of other views, 0 unreadable lines");
    }

    /** Defaults because the store was throttled. */
    @Test
    void aGroupThatFailedWasDefaulted() {
        put("a", "12:01:00", "12:01:00", 1.0);
        clock.set(at("12:02:00"));
        try (InMemoryFeatureStore throttled = InMemoryFeatureStore.builder()
                .clock(clock)
                .faults(FaultPlan.seeded(1, 1.0, Fault.THROTTLED))
                .build()) {
            throttled.view(VIEW, client.options()).fetch(Map.of("card", "a"));
        }

        assertThat(served()).isEqualTo(Map.of("a", Kind.DEFAULTED));
        assertThat(happened()).isEqualTo(Map.of("a", Kind.DEFAULTED));
    }

    /** A time to live of the record's own, which no offline store knows. */
    @Test
    void aRecordWithAnotherTimeToLiveExpired() {
        put("longer", "12:01:00", "12:01:00", 1.0, WriteOptions.defaults().withTtl(Duration.ofHours(9)));
        put("shorter", "12:01:00", "12:01:00", 1.0, WriteOptions.defaults().withTtl(Duration.ofMinutes(1)));
        fetch("shorter", "12:10:00");
        fetch("longer", "14:00:00");

        Map<String, Kind> expired = Map.of("shorter", Kind.EXPIRED, "longer", Kind.EXPIRED);
        assertThat(served()).isEqualTo(expired);
        assertThat(happened()).isEqualTo(expired);
    }

    /** The cache had a record, or none, of half a minute before. */
    @Test
    void aRecordOfTheCacheWasStale() {
        put("a", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:02:00");
        fetch("new", "12:02:00");
        put("a", "12:02:10", "12:02:10", 2.0);
        put("new", "12:02:10", "12:02:10", 2.0);
        fetch("a", "12:02:30");
        fetch("new", "12:02:30");

        Map<String, Kind> stale = Map.of("a", Kind.STALE, "new", Kind.STALE);
        assertThat(served()).isEqualTo(stale);
        assertThat(happened()).isEqualTo(stale);
    }

    /** Offline alone, and declared so. */
    @Test
    void aBackfillWasNotServed() {
        fetch("a", "12:30:00");
        put("a", "13:00:00", "12:01:00", 1.0, WriteOptions.defaults().withBackfillId("b-1"));

        assertThat(served()).isEmpty();
        assertThat(happened()).isEqualTo(Map.of("a", Kind.BACKFILLED));
    }

    /** It had happened before the label, and arrived after it. */
    @Test
    void aLateRowWasNotServed() {
        put("a", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:30:00");
        put("a", "12:40:00", "12:20:00", 2.0);

        assertThat(served()).isEmpty();
        assertThat(happened()).isEqualTo(Map.of("a", Kind.LATE));
    }

    /** Served as soon as it was there, though it was to happen later. */
    @Test
    void aRowAheadOfTheClockWasServed() {
        put("a", "12:01:00", "12:50:00", 1.0);
        fetch("a", "12:30:00");

        assertThat(served()).isEmpty();
        assertThat(happened()).isEqualTo(Map.of("a", Kind.AHEAD));
    }

    /** The marker came late, or ahead, or within the label's second, or hides what was put after a hard delete. */
    @Test
    void aDeleteIsTrainedOrServedAndNotBoth() {
        put("late", "12:01:00", "12:01:00", 1.0);
        put("second", "12:01:00", "12:01:00", 1.0);
        put("hard", "12:02:00", "12:02:00", 1.0);
        delete("hard", "12:03:00", "12:03:00", DeletionMode.HARD_DELETE);
        put("hard", "12:04:00", "12:01:00", 2.0);
        put("ahead", "12:05:00", "12:05:00", 1.0);
        delete("ahead", "12:06:00", "12:50:00", DeletionMode.SOFT_DELETE);
        fetch("hard", "12:30:00");
        fetch("late", "12:30:00");
        fetch("ahead", "12:30:00");
        delete("second", "12:40:00.200", "12:30:00", DeletionMode.SOFT_DELETE);
        fetch("second", "12:40:00.500");
        delete("late", "12:41:00", "12:20:00", DeletionMode.SOFT_DELETE);

        assertThat(served()).isEqualTo(Map.of("second", Kind.DELETED, "hard", Kind.DELETED));
        assertThat(happened()).isEqualTo(Map.of("late", Kind.DELETED, "hard", Kind.DELETED, "ahead", Kind.DELETED));
    }

    /** The service's times of arrival do not tell what came first. */
    @Test
    void aRowOfTheLabelsSecondMayHaveBeenServed() {
        put("a", "12:01:00", "12:01:00", 1.0);
        put("a", "12:30:00.200", "12:30:00", 2.0);
        put("a", "12:30:00.300", "12:30:00", 3.0);
        fetch("a", "12:30:00.400");
        put("a", "12:30:00.500", "12:30:00", 4.0);

        assertThat(served()).isEqualTo(Map.of("a", Kind.ARRIVAL_UNIT));
    }

    /** A card's first row is no delete, though one of the two has a record and the other none. */
    @Test
    void aFirstRowOfTheLabelsSecondWasNotDeleted() {
        fetch("a", "12:30:00.400");
        put("a", "12:30:00.700", "12:29:59", 1.0);

        assertThat(served()).isEmpty();
        assertThat(happened()).isEqualTo(Map.of("a", Kind.ARRIVAL_UNIT));
    }

    /** Served by the online store before the offline store had got it, and not deleted since. */
    @Test
    void aRecordThatArrivedLaterWasNotDeleted() {
        put("online", "12:01:00", "12:01:00", 1.0, WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE));
        fetch("online", "12:30:00");
        put("online", "12:40:00", "12:01:00", 1.0, WriteOptions.defaults().withTargetStores(TargetStore.OFFLINE_STORE));

        assertThat(served()).isEqualTo(Map.of("online", Kind.DEFECT));
    }

    /** What has no such reason is told as what it is. */
    @Test
    void anythingElseIsADefect() {
        put("online", "12:01:00", "12:01:00", 1.0, WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE));
        put("other", "12:01:00", "12:01:00", 1.0);
        put("older", "12:01:00", "12:01:00", 1.0);
        put("older", "12:02:00", "12:02:00", 2.0);
        fetch("online", "12:30:00");
        fetch("other", "12:30:00");
        fetch("older", "12:30:00");
        tamper(1, "9.0", at("12:01:00"));
        tamper(2, "1.0", at("12:01:00"));

        Map<String, Kind> defects = Map.of("online", Kind.DEFECT, "other", Kind.DEFECT, "older", Kind.DEFECT);
        assertThat(served()).isEqualTo(defects);
        assertThat(happened()).isEqualTo(defects);
    }

    /** As a fault of the service or the library would have it. */
    private void tamper(int i, String amount, Instant eventTime) {
        ServedVector vector = logged.get(i);
        Map<String, String> values = new LinkedHashMap<>(vector.values());
        values.put("amount", amount);
        logged.set(
                i,
                new ServedVector(
                        vector.view(),
                        vector.fingerprint(),
                        vector.time(),
                        vector.keys(),
                        vector.keysHash(),
                        List.of(new ServedGroup(
                                "cards", vector.groups().get(0).status(), eventTime, Duration.ZERO, null)),
                        values));
    }

    /** By column, and the first of them one by one. */
    @Test
    void theReportCountsByColumn() {
        put("a", "12:01:00", "12:01:00", 1.0);
        put("b", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:30:00");
        fetch("b", "12:30:00");
        put("a", "12:40:00", "12:20:00", 2.0);
        put("b", "12:40:00", "12:20:00", 2.0);

        ServedComparison comparison = compare(PointInTime.eventTime());

        assertThat(comparison.columns()).isEqualTo(Map.of("amount", Map.of(Kind.LATE, 2L)));
        assertThat(comparison.count(Kind.LATE)).isEqualTo(2);
        assertThat(comparison.count(Kind.DEFECT)).isZero();
        assertThat(comparison.differing()).isEqualTo(2);
        assertThat(comparison.examples())
                .extracting(ServedDifference::groups)
                .containsOnly(Map.of("cards", new ServedDifference.Part(Kind.LATE, List.of("amount"))));
        assertThat(comparison.examples().get(0))
                .hasToString("served otherwise: {cards=Part[kind=LATE, columns=[amount]]}");
    }

    /** Hundreds of differences are explained in several goes. */
    @Test
    void everyDifferenceIsExplained() {
        for (int card = 0; card < 450; card++) {
            fetch("card-" + card, "12:30:00");
        }
        for (int card = 0; card < 450; card++) {
            put("card-" + card, "12:40:00", "12:20:00", 2.0);
        }

        ServedComparison comparison = compare(PointInTime.eventTime());

        assertThat(comparison.columns()).isEqualTo(Map.of("amount", Map.of(Kind.LATE, 450L)));
        assertThat(comparison.examples()).hasSize(ServedComparison.MAX_EXAMPLES);
    }

    /** The labels have the keys, the log their hash. */
    @Test
    void hashedKeysAreFoundByTheirHash() {
        client = memory.view(VIEW, options(ServingLog.to(logged::add, SALT)));
        put("a", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:30:00");
        fetch("b", "12:30:00");
        put("a", "12:40:00", "12:20:00", 2.0);
        ServedVectors log = ServedVectors.of(logged);
        TrainingSet set = set(
                PointInTime.eventTime(),
                List.of(
                        SpineRow.of(at("12:30:00"), Map.of("card", "a")),
                        SpineRow.of(at("12:30:00"), Map.of("card", "b"))));

        ServedComparison comparison = TrainingSetClient.of(set, queries()).compareServed(log.withSalt(SALT));

        assertThat(comparison.matched()).isEqualTo(2);
        assertThat(comparison.columns()).isEqualTo(Map.of("amount", Map.of(Kind.LATE, 1L)));
        assertThat(TrainingSetClient.of(set, queries()).compareServed(log.withSalt("another")))
                .extracting(ServedComparison::matched, ServedComparison::missing, ServedComparison::unlogged)
                .containsExactly(0L, 2L, 2L);
        assertThatThrownBy(() -> TrainingSetClient.of(set, queries()).compareServed(log))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("are hashed: give it the salt");
        assertThatThrownBy(() -> log.labels(VIEW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has hashed keys");
    }

    /** What one side lacks, and what is there several times. */
    @Test
    void whatIsOnOneSideAloneIsCounted() {
        put("a", "12:01:00", "12:01:00", 1.0);
        fetch("a", "12:30:00");
        fetch("a", "12:30:00");
        fetch("b", "12:31:00");
        fetch("outside", "13:30:00");
        FeatureView other = view("another_version");
        memory.view(other, options(ServingLog.to(logged::add, SALT).withKeys())).fetch(Map.of("card", "a"));
        Map<String, @Nullable Object> nobody = new LinkedHashMap<>();
        nobody.put("card", null);
        List<SpineRow> labels = List.of(
                SpineRow.of(at("12:30:00"), Map.of("card", "a")),
                SpineRow.of(at("12:30:00"), Map.of("card", "a")),
                SpineRow.of(at("12:30:00.000000001"), Map.of("card", "a")),
                SpineRow.of(at("12:30:00"), nobody));
        TrainingSet set = set(PointInTime.asServed(), labels).labelsBetween(at("12:30:00"), at("13:00:00"));

        ServedComparison comparison = TrainingSetClient.of(set, queries()).compareServed(ServedVectors.of(logged));

        assertThat(comparison)
                .hasToString("3 vectors, 2 with a label, 0 differ, by column {};"
                        + " 2 of 4 labels without a vector, 1 vectors of other views, 0 unreadable lines");
        assertThat(comparison.examples()).isEmpty();
        assertThat(comparison.missing()).isEqualTo(1);
    }
}
