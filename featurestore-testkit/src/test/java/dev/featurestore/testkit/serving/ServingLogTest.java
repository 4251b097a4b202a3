package dev.featurestore.testkit.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.FetchOptions.OnFailure;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.serving.ServedGroup;
import dev.featurestore.serving.ServedVector;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.serving.ServingSink;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of the vectors that callers are given is in the log. */
class ServingLogTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> AT = Feature.eventTime("event_ts");
    private static final Feature<Long> COUNT = Feature.integral("txns").withDefault(7L);
    private static final Feature<Double> RATIO = Feature.fractional("ratio");
    private static final Feature<List<String>> TAGS =
            Feature.list("tags", Feature.string("tag").codec());

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(AT)
            .features(COUNT, RATIO)
            .onlineStore()
            .build();

    private static final FeatureGroup<FeatureRecord> SHOPS = FeatureGroup.named("shops")
            .recordIdentifier(Feature.integral("shop_id"))
            .eventTime(AT)
            .features(Feature.fractional("risk"))
            .onlineStore()
            .build();

    private static final FeatureView MODEL = FeatureView.named("model")
            .from(CARDS, select -> select.key("card").features(COUNT, RATIO).maxAge(Duration.ofHours(1)))
            .from(SHOPS, select -> select.key("shop").allFeatures().maxStaleness(Duration.ofMinutes(5)))
            .build();

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private final List<ServedVector> logged = Collections.synchronizedList(new ArrayList<>());

    private final ServingLog log = ServingLog.to(logged::add, "salt").withKeys();

    private InMemoryFeatureStore store(FaultPlan plan) {
        InMemoryFeatureStore store =
                InMemoryFeatureStore.builder().clock(clock).faults(plan).build();
        store.group(CARDS)
                .put(CARDS.newRecord()
                        .set(CARD, "card-1")
                        .set(AT, NOON)
                        .set(RATIO, 0.1)
                        .build());
        store.group(SHOPS);
        return store;
    }

    private static Map<String, Object> keys(String card) {
        return Map.of("card", card, "shop", 5L);
    }

    @Test
    void hasWhatTheCallerWasGiven() {
        FeatureViewClient client =
                store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(log));
        clock.advance(Duration.ofSeconds(3));
        client.fetch(keys("card-1"));
        clock.advance(Duration.ofSeconds(2));

        client.fetch(keys("card-1"));

        assertThat(logged.get(1))
                .isEqualTo(new ServedVector(
                        "model",
                        MODEL.fingerprint(),
                        NOON.plusSeconds(5),
                        Map.of("card", "card-1", "shop", "5"),
                        null,
                        List.of(
                                new ServedGroup("cards", Status.FOUND, NOON, Duration.ZERO, null),
                                new ServedGroup("shops", Status.ABSENT, null, Duration.ofSeconds(2), null)),
                        Map.of("txns", "7", "ratio", "0.1")));
    }

    @Test
    void hasEveryVectorOfEveryKindOfFetchButWarmUp() {
        FeatureViewClient client =
                store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(log));

        client.warmUp(keys("warm"), 3);
        client.fetch(keys("one"));
        client.fetchAll(List.of(keys("two"), keys("three"), keys("two")), TIME);
        client.async().fetch(keys("four"), TIME).join();

        assertThat(logged)
                .extracting(vector -> vector.keys().get("card"))
                .containsExactly("one", "two", "three", "two", "four");
    }

    @Test
    void tellsAnAgeThatWasTooGreat() {
        FeatureViewClient client =
                store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(log));
        clock.advance(Duration.ofHours(2));

        client.fetch(keys("card-1"));

        assertThat(logged.get(0).groups().get(0))
                .isEqualTo(new ServedGroup("cards", Status.TOO_OLD, NOON, Duration.ZERO, null));
        assertThat(logged.get(0).values()).isEqualTo(Map.of("txns", "7"));
    }

    @Test
    void tellsAFailureAndWhatTheCallerHadInItsPlace() {
        for (OnFailure policy : OnFailure.values()) {
            logged.clear();
            FaultPlan.Script plan = FaultPlan.script();
            for (int i = 0; i < 3; i++) {
                plan.fail(Operation.BATCH_GET, Fault.THROTTLED);
            }
            FeatureViewClient client = store(plan.build())
                    .view(
                            MODEL,
                            FetchOptions.defaults()
                                    .withReads(FetchOptions.Reads.BATCH_GET_RECORD)
                                    .withOnFailure(policy)
                                    .withServingLog(log));

            if (policy == OnFailure.FAIL) {
                assertThatThrownBy(() -> client.fetch(keys("card-1"))).isInstanceOf(ThrottledException.class);
                assertThat(logged).as("nothing was served").isEmpty();
            } else {
                client.fetch(keys("card-1"));
                assertThat(logged.get(0).groups())
                        .extracting(ServedGroup::status, ServedGroup::failure)
                        .containsOnly(tuple(Status.FAILED, ErrorCode.THROTTLED));
                assertThat(logged.get(0).values())
                        .isEqualTo(policy == OnFailure.DEFAULTS ? Map.of("txns", "7") : Map.of());
            }
        }
    }

    @Test
    void aSinkThatFailsIsCountedAndFailsNoFetch() {
        ServingLog failing = ServingLog.to(
                vector -> {
                    throw new IllegalStateException("secret");
                },
                "salt");
        FeatureViewClient client =
                store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(failing));

        FeatureVector first = client.fetch(keys("card-1"));
        String errors = errors(() -> client.fetch(keys("card-1")));

        assertThat(first.isComplete()).isTrue();
        assertThat(failing.failures()).isEqualTo(2);
        assertThat(errors).doesNotContain("secret");
    }

    @Test
    void whatCannotBeLoggedIsCountedWhateverItIs() {
        for (Error error : List.of(new NoClassDefFoundError("any"), new AssertionError("any"))) {
            ServingLog failing = ServingLog.to(
                    vector -> {
                        throw error;
                    },
                    "salt");
            FeatureViewClient client =
                    store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(failing));

            assertThat(client.fetch(keys("card-1")).isComplete()).isTrue();
            failing.log(client.fetch(keys("card-1")), List.of("one", "two", "one too many"));

            assertThat(failing.failures()).isEqualTo(3);
        }
    }

    /** What goes to the console, which is where the loggers of these tests write. */
    private static String errors(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private List<ServedVector> fetch(ServingLog to, int cards, int times) {
        logged.clear();
        FeatureViewClient client =
                store(FaultPlan.none()).view(MODEL, FetchOptions.defaults().withServingLog(to));
        List<Map<String, Object>> requests =
                IntStream.range(0, cards).mapToObj(i -> keys("card-" + i)).toList();
        for (int i = 0; i < times; i++) {
            client.fetchAll(requests, TIME);
        }
        return List.copyOf(logged);
    }

    private static Set<Object> cards(List<ServedVector> vectors) {
        return vectors.stream().map(vector -> vector.keys().get("card")).collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void isASampleByKeyThatIsTheSameOnEveryHost() {
        List<ServedVector> one = fetch(log.withSampling(0.1), 5000, 2);
        List<ServedVector> other = fetch(log.withSampling(0.1), 5000, 2);
        List<ServedVector> more = fetch(log.withSampling(0.2), 5000, 1);
        List<ServedVector> salted =
                fetch(ServingLog.to(logged::add, "other").withKeys().withSampling(0.1), 5000, 1);

        // four standard deviations of 500 out of 5000
        assertThat(cards(one)).hasSizeBetween(415, 585);
        assertThat(one).as("both fetches of each").hasSize(2 * cards(one).size());
        assertThat(cards(other)).isEqualTo(cards(one));
        assertThat(cards(more)).hasSizeBetween(885, 1115).containsAll(cards(one));
        assertThat(cards(salted)).hasSizeBetween(415, 585).isNotEqualTo(cards(one));
    }

    @Test
    void hasAHashInPlaceOfTheKeysUnlessToldOtherwise() {
        List<ServedVector> hashed = fetch(ServingLog.to(logged::add, "salt"), 100, 2);
        List<ServedVector> salted = fetch(ServingLog.to(logged::add, "other"), 100, 1);
        Set<String> hashes = hashed.stream().map(ServedVector::keysHash).collect(Collectors.toSet());

        assertThat(hashed).allSatisfy(vector -> assertThat(vector.keys()).isEmpty());
        assertThat(hashes).hasSize(100).allMatch(hash -> hash.matches("[0-9a-f]{32}"));
        assertThat(salted).noneMatch(vector -> hashes.contains(vector.keysHash()));
    }

    @Test
    void hasCollectionsAsArraysOfTexts() {
        FeatureGroup<FeatureRecord> tagged = FeatureGroup.named("tagged")
                .recordIdentifier(CARD)
                .eventTime(AT)
                .features(TAGS)
                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
                .build();
        FeatureView view = FeatureView.named("tags")
                .from(tagged, select -> select.key("card").features(TAGS))
                .build();
        InMemoryFeatureStore store = InMemoryFeatureStore.create(clock);
        store.group(tagged)
                .put(tagged.newRecord()
                        .set(CARD, "c")
                        .set(AT, NOON)
                        .set(TAGS, List.of("a", "b \"c\""))
                        .build());

        store.view(view, FetchOptions.defaults().withServingLog(log)).fetch(Map.of("card", "c"));

        assertThat(logged.get(0).values()).isEqualTo(Map.of("tags", "[\"a\",\"b \\\"c\\\"\"]"));
    }

    @Test
    void goesToALoggerOnlyIfThatIsTheSink() {
        String nowhere = errors(() -> fetch(log, 1, 1));
        String printed = errors(
                () -> fetch(ServingLog.to(ServingSink.slf4j("dev.featurestore.testkit.serving.INFO"), "salt"), 1, 1));

        assertThat(nowhere).doesNotContain("card-0");
        assertThat(printed).contains("\"view\":\"model\"");
    }

    @Test
    void needsASaltAndAShareOfKeys() {
        assertThatThrownBy(() -> ServingLog.to(logged::add, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a salt");
        for (double share : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThatThrownBy(() -> log.withSampling(share))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("above 0 and up to 1");
        }
    }

    @Test
    void textHasNoSalt() {
        assertThat(ServingLog.to(logged::add, "secret").withSampling(0.5))
                .hasToString("serving log of 0.5 of all keys, with their hash");
        assertThat(log).hasToString("serving log of 1.0 of all keys, with the keys");
        assertThat(ServingLog.none()).hasToString("no serving log");
    }
}
