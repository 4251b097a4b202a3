package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.law.PointInTimeLaw;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's code compiles and does what the README says, and its links lead somewhere. */
@SuppressWarnings("ClassCanBeStatic") // the README's classes as they stand there
class ReadmeTest {
    private static final Path THIS =
            MarkdownPage.ROOT.resolve("featurestore-testkit/src/test/java/dev/featurestore/testkit/ReadmeTest.java");

    public final class Fraud {
        public static final Feature<String> CARD_ID = Feature.string("card_id");
        public static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
        public static final Feature<Long> TXN_COUNT_60S =
                Feature.integral("txn_count_60s").withDefault(0L);
        public static final Feature<Double> AMOUNT_RATIO_7D = Feature.fractional("amount_ratio_7d");

        public static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card_features_v3")
                .recordIdentifier(CARD_ID)
                .eventTime(EVENT_TS)
                .features(TXN_COUNT_60S, AMOUNT_RATIO_7D)
                .onlineStore(online -> online.ttl(Duration.ofDays(90)))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .build();

        public static final FeatureView MODEL = FeatureView.named("fraud_model_v7")
                .from(CARDS, select -> select.key("card_id").allFeatures().maxAge(Duration.ofDays(30)))
                .build();
    }

    public final class Example {
        public static void main(String[] args) throws IOException {
            run(Files.createTempDirectory("example"));
        }

        static void run(Path folder) {
            ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-31T12:00:00Z"));
            try (LocalOfflineStore offline = LocalOfflineStore.at(folder);
                    FeatureStore store = InMemoryFeatureStore.builder()
                            .clock(clock)
                            .offlineStore(offline)
                            .build()) {
                store.group(Fraud.CARDS)
                        .put(Fraud.CARDS
                                .newRecord()
                                .set(Fraud.CARD_ID, "card-1")
                                .set(Fraud.EVENT_TS, clock.instant())
                                .setLong(Fraud.TXN_COUNT_60S, 3)
                                .setDouble(Fraud.AMOUNT_RATIO_7D, 1.25)
                                .build());
                clock.advance(Duration.ofSeconds(5));

                // kept with the model since it was trained
                String fingerprint = Fraud.MODEL.fingerprint();
                FeatureVector served = store.view(Fraud.MODEL)
                        .fetch(Map.of("card_id", "card-1"), Duration.ofMillis(10))
                        .requireFingerprint(fingerprint);
                System.out.println("served  " + Arrays.toString(served.toDoubleArray()));

                // the offline store has the record some minutes later, and the label is known some days later
                clock.advance(Duration.ofDays(7));
                SpineRow label = SpineRow.of(served.asOf(), Map.of("card_id", "card-1", "is_fraud", 1L));
                TrainingSetClient training = store.view(Fraud.MODEL)
                        .trainingSet(Spine.rows(List.of(label)).keep("is_fraud"));
                try (TrainingRows rows = training.run()) {
                    for (TrainingRow row : rows) {
                        System.out.println(
                                "trained " + Arrays.toString(row.vector().toDoubleArray())
                                        + ", is_fraud " + row.spine().get("is_fraud")
                                        + ", same as served: " + row.vector().equals(served));
                    }
                }
            }
        }
    }

    @Test
    void exampleTrainsOnWhatItServed(@TempDir Path folder) throws IOException {
        String printed = printedBy(() -> Example.run(folder));

        assertThat(printed).isEqualToNormalizingNewlines("""
                        served  [3.0, 1.25]
                        trained [3.0, 1.25], is_fraud 1, same as served: true
                        """);
        assertThat(MarkdownPage.read("README.md").snippets("")).contains(printed.replace("\r", ""));
    }

    @Test
    void queryCanBeLookedAt(@TempDir Path folder) {
        try (LocalOfflineStore offline = LocalOfflineStore.at(folder);
                FeatureStore store =
                        InMemoryFeatureStore.builder().offlineStore(offline).build()) {
            TrainingSetClient training =
                    store.view(Fraud.MODEL).trainingSet(Spine.table("labels").keep("is_fraud"));

            String printed = printedBy(() -> {
                System.out.println(training.sql(SqlDialect.duckDb(), offline.tables()));
            });

            assertThat(printed).contains("SELECT", "\"is_fraud\"", "\"amount_ratio_7d\"");
        }
    }

    @Test
    void trainingRowsAreWhatWasServed(@TempDir Path folder) {
        new PointInTimeLaw(Fraud.MODEL, PointInTimeLaw.Arrival.EXACT).check(42, folder);
    }

    @Test
    void javaInTheReadmeIsTheCodeHere() throws IOException {
        String here = withoutSpace(Files.readString(THIS));
        List<String> snippets = MarkdownPage.read("README.md").snippets("java");

        assertThat(snippets).hasSize(4);
        assertThat(snippets).allSatisfy(snippet -> {
            assertThat(snippet.lines().filter(line -> line.startsWith("import ")))
                    .allSatisfy(line -> Class.forName(line.substring("import ".length(), line.length() - 1)));
            String code = snippet.replaceAll("(?m)^import .*$", "");
            // line by line first, for a message that shows where they part
            assertThat(code.lines()).allSatisfy(line -> assertThat(here).contains(withoutSpace(line)));
            assertThat(here.contains(withoutSpace(code)))
                    .as("lines of one snippet stand together")
                    .isTrue();
        });
    }

    @Test
    void relativeLinksLeadToFiles() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(MarkdownPage.ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.walk(MarkdownPage.ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        int links = 0;
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            String text = Files.readString(document).replaceAll("(?ms)^```.*?^```$", "");
            for (String link : Pattern.compile("\\]\\(([^)\\s]+)\\)")
                    .matcher(text)
                    .results()
                    .map(match -> match.group(1).replaceFirst("#.*", ""))
                    .filter(target -> !target.isEmpty() && !target.matches("[a-z]+:.*"))
                    .toList()) {
                links++;
                if (!Files.exists(document.resolveSibling(link))) {
                    broken.add(MarkdownPage.ROOT.relativize(document) + " -> " + link);
                }
            }
        }

        assertThat(links).isGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    private static String printedBy(Runnable code) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            code.run();
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }
}
