package dev.featurestore.testkit.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.WriteOptions;
import dev.featurestore.micrometer.MicrometerFetchListener;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.serving.FileServingSink;
import dev.featurestore.serving.ServedComparison;
import dev.featurestore.serving.ServedVector;
import dev.featurestore.serving.ServedVectors;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.MarkdownPage;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on serving compiles and does what the page says. */
class ServingDocumentTest {
    private static final Path THIS = MarkdownPage.ROOT.resolve(
            "featurestore-testkit/src/test/java/dev/featurestore/testkit/serving/ServingDocumentTest.java");

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    /** As in the README. */
    private static final class Fraud {
        static final Feature<String> CARD_ID = Feature.string("card_id");
        static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
        static final Feature<Long> TXN_COUNT_60S =
                Feature.integral("txn_count_60s").withDefault(0L);
        static final Feature<Double> AMOUNT_RATIO_7D = Feature.fractional("amount_ratio_7d");

        static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card_features_v3")
                .recordIdentifier(CARD_ID)
                .eventTime(EVENT_TS)
                .features(TXN_COUNT_60S, AMOUNT_RATIO_7D)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .build();

        static final FeatureView MODEL = FeatureView.named("fraud_model_v7")
                .from(CARDS, select -> select.key("card_id").allFeatures())
                .build();
    }

    private static final FeatureGroup<FeatureRecord> MERCHANTS = FeatureGroup.named("merchants")
            .recordIdentifier(Feature.string("merchant_id"))
            .eventTime(Feature.eventTime("event_ts"))
            .features(Feature.fractional("risk"))
            .onlineStore()
            .build();

    private final ManualClock clock = ManualClock.startingAt(NOON);

    @TempDir
    Path folder;

    private static void put(FeatureStore store, String card, Instant time, long count) {
        store.group(Fraud.CARDS)
                .put(Fraud.CARDS
                        .newRecord()
                        .set(Fraud.CARD_ID, card)
                        .set(Fraud.EVENT_TS, time)
                        .set(Fraud.TXN_COUNT_60S, count)
                        .set(Fraud.AMOUNT_RATIO_7D, 1.25)
                        .build());
    }

    private static double[] input(FeatureStore store, MeterRegistry registry) {
        FetchOptions options = FetchOptions.defaults()
                .withOnFailure(FetchOptions.OnFailure.DEFAULTS)
                .withListener(new MicrometerFetchListener(registry));
        FeatureViewClient model = store.view(Fraud.MODEL, options);
        model.warmUp(Map.of("card_id", "card-1"), 1000);

        FeatureVector vector = model.fetch(Map.of("card_id", "card-1"), Duration.ofMillis(40));
        double[] input = vector.toDoubleArray();
        return input;
    }

    private static List<String> plans(FeatureViewClient model) {
        System.out.println(model);
        System.out.println(model.plan(40));
        return List.of(model.toString(), model.plan(40).toString());
    }

    private static FeatureView stale() {
        return FeatureView.named("stale")
                .from(
                        MERCHANTS,
                        select -> select.key("merchant_id").allFeatures().maxStaleness(Duration.ofMinutes(5)))
                .build();
    }

    private record Logged(FeatureViewClient model, FileServingSink sink) {}

    private static Logged logged(FeatureStore store, Path folder, String salt) throws IOException {
        FileServingSink sink = FileServingSink.in(folder);
        ServingLog log = ServingLog.to(sink, salt).withSampling(0.01);
        FeatureViewClient model =
                store.view(Fraud.MODEL, FetchOptions.defaults().withServingLog(log));
        return new Logged(model, sink);
    }

    private static ServedComparison compared(FeatureStore store, Path folder, String salt, Spine labels, Instant day) {
        ServedVectors log = ServedVectors.in(folder).withSalt(salt);
        TrainingSetClient training = store.view(Fraud.MODEL).trainingSet(labels);
        ServedComparison comparison =
                training.labelsBetween(day, day.plus(1, ChronoUnit.DAYS)).compareServed(log);
        System.out.println(comparison);
        return comparison;
    }

    private static Spine spine(ServedVectors log) {
        Spine labels = Spine.rows(log.labels(Fraud.MODEL));
        return labels;
    }

    @Test
    void theFetchOfThePageGivesTheInput() {
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            put(store, "card-1", NOON, 3);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();

            assertThat(input(store, registry)).containsExactly(3, 1.25);
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter -> assertThat(meter.getId().getName()).startsWith("featurestore.fetch"));
        }
    }

    @Test
    void theClientPrintsWhatThePageSays() throws IOException {
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            List<String> plans = plans(store.view(Fraud.MODEL));
            String page = MarkdownPage.read("docs/serving.md").text();

            assertThat(page).containsPattern("println\\(model\\); +// " + Pattern.quote(plans.get(0)) + "\n");
            assertThat(page)
                    .containsPattern("println\\(model.plan\\(40\\)\\); +// " + Pattern.quote(plans.get(1)) + "\n");
        }
    }

    @Test
    void theStalenessOfThePageIsOfTheView() {
        assertThat(stale().selections().get(0).maxStaleness()).contains(Duration.ofMinutes(5));
    }

    @Test
    void theLogOfThePageIsASample() throws IOException {
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            store.group(Fraud.CARDS);
            Logged logged = logged(store, folder, "salt");
            for (int card = 0; card < 2000; card++) {
                logged.model().fetch(Map.of("card_id", "card-" + card));
            }
            logged.sink().close();

            // five standard deviations of 20 out of 2000
            assertThat(logged.sink().written()).isBetween(1L, 43L);
        }
    }

    /** Three vectors with a label, one without; one of them was in the online store alone. */
    @Test
    void theComparisonOfThePageSaysWhatDiffers() throws IOException {
        Path log = folder.resolve("log");
        try (LocalOfflineStore offline = LocalOfflineStore.at(folder.resolve("store"), clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(offline)
                        .build()) {
            put(store, "card-1", NOON, 3);
            store.group(Fraud.CARDS)
                    .put(
                            Fraud.CARDS
                                    .newRecord()
                                    .set(Fraud.CARD_ID, "card-2")
                                    .set(Fraud.EVENT_TS, NOON)
                                    .set(Fraud.TXN_COUNT_60S, 9L)
                                    .build(),
                            WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE));
            clock.advance(Duration.ofMinutes(5));
            List<SpineRow> labels = new ArrayList<>();
            try (FileServingSink sink = FileServingSink.in(log)) {
                FeatureViewClient model =
                        store.view(Fraud.MODEL, FetchOptions.defaults().withServingLog(ServingLog.to(sink, "salt")));
                for (int card = 1; card <= 4; card++) {
                    FeatureVector vector = model.fetch(Map.of("card_id", "card-" + card));
                    labels.add(SpineRow.of(vector.asOf(), Map.of("card_id", "card-" + card)));
                }
            }
            clock.advance(Duration.ofMinutes(15));

            ServedComparison comparison =
                    compared(store, log, "salt", Spine.rows(labels.subList(0, 3)), NOON.truncatedTo(ChronoUnit.DAYS));

            assertThat(comparison.toString())
                    .startsWith("4 vectors, 3 with a label, 1 differ, by column {txn_count_60s={DEFECT=1}};");
            assertThat(MarkdownPage.read("docs/serving.md").text())
                    .contains("// "
                            + comparison
                                    .toString()
                                    .substring(0, comparison.toString().indexOf(';') + 1) + " …");
        }
    }

    @Test
    void aLogWithKeysIsItsOwnSpine() {
        List<ServedVector> served = new ArrayList<>();
        try (InMemoryFeatureStore store = InMemoryFeatureStore.create(clock)) {
            store.group(Fraud.CARDS);
            store.view(
                            Fraud.MODEL,
                            FetchOptions.defaults()
                                    .withServingLog(
                                            ServingLog.to(served::add, "salt").withKeys()))
                    .fetch(Map.of("card_id", "card-1"));
        }

        assertThat(spine(ServedVectors.of(served)).source())
                .isEqualTo(new Spine.Rows(List.of(SpineRow.of(NOON, Map.of("card_id", "card-1")))));
    }

    @Test
    void theCodeOfThePageIsTheCodeOfThisTest() throws IOException {
        String here = code(Files.readString(THIS));
        List<String> snippets = MarkdownPage.read("docs/serving.md").snippets("java");

        assertThat(snippets)
                .hasSize(6)
                .allSatisfy(snippet -> assertThat(here.contains(code(snippet)))
                        .as("the code of a snippet stands together: %s", snippet)
                        .isTrue());
    }

    /** Without comments behind the code, and without space. */
    private static String code(String text) {
        return text.replaceAll("; +//.*", ";").replaceAll("\\s", "");
    }
}
