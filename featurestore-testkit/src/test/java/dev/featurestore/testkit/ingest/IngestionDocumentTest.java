package dev.featurestore.testkit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureStore;
import dev.featurestore.WriteOptions;
import dev.featurestore.ingest.Backfill;
import dev.featurestore.ingest.BackfillPlan;
import dev.featurestore.ingest.BackfillReport;
import dev.featurestore.ingest.Checkpoint;
import dev.featurestore.ingest.FailedRecords;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.ProgressListener;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.MarkdownPage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on ingestion compiles and does what the page says. */
class IngestionDocumentTest {
    private static final Path THIS = MarkdownPage.ROOT.resolve(
            "featurestore-testkit/src/test/java/dev/featurestore/testkit/ingest/IngestionDocumentTest.java");
    private static final Path HANDLER = MarkdownPage.ROOT.resolve(
            "examples/kinesis-lambda/src/main/java/dev/featurestore/examples/kinesis/CardFeaturesHandler.java");

    private static final Path SPARK_JOB = MarkdownPage.ROOT.resolve(
            "examples/glue-training/src/test/java/dev/featurestore/examples/glue/OfflineBackfillTest.java");

    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    static final Feature<Double> DEVICE_RISK = Feature.fractional("device_risk").ownedBy("devices");

    private static final FeatureGroup<FeatureRecord> SHARED = FeatureGroup.named("shared")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(DEVICE_RISK)
            .onlineStore()
            .build();

    private final List<FeatureRecord> rows = IntStream.range(0, 30)
            .mapToObj(n -> CARDS.newRecord()
                    .set(CARD, n == 7 ? "x".repeat(3000) : "card-" + n)
                    .set(TIME, Instant.parse("2026-03-10T12:00:00Z").plusSeconds(n))
                    .build())
            .toList();

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create();

    private static IngestReport load(FeatureStore store, List<FeatureRecord> rows, Path folder) {
        IngestReport report = RecordIngestor.to(store.group(CARDS))
                .recordsPerSecond(2000)
                .checkpoint(Checkpoint.file(folder.resolve("cards.checkpoint"), "cards-2026-03-10"))
                .failures(FailedRecords.file(folder.resolve("cards.failed.jsonl")))
                .total(rows.size())
                .progress(ProgressListener.console(System.out))
                .build()
                .run(rows);
        if (!report.isComplete()) {
            System.err.println(report);
        }
        return report;
    }

    private static void loadAgain(FeatureStore store, Path folder) {
        try (Stream<FeatureRecord> again =
                FailedRecords.file(folder.resolve("cards.failed.jsonl")).rows(CARDS)) {
            RecordIngestor.to(store.group(CARDS)).build().run(again);
        }
    }

    private static BackfillReport backfill(FeatureStore store, List<FeatureRecord> rows) {
        Backfill<FeatureRecord> backfill =
                Backfill.of(RecordIngestor.to(store.group(CARDS)).recordsPerSecond(2000), "cards-2025");

        BackfillPlan<FeatureRecord> plan = backfill.dryRun(rows);
        System.out.println(plan);
        System.out.println(plan.timeAt(2000, 2000) + ", "
                + plan.costAt(new BigDecimal("1.25"))); // the price of a million units where you are

        BackfillReport report = plan.run(rows);
        System.out.println(report.ingest() + ", changed online: " + report.changedOnline());
        return report;
    }

    @Test
    void theLoadOfThePageReportsWhatFailed(@TempDir Path folder) {
        IngestReport report = load(store, rows, folder);

        assertThat(report.written()).isEqualTo(29);
        assertThat(report.failed()).isEqualTo(1);
        loadAgain(store, folder);
        assertThat(store.history(CARDS)).hasSize(29);
    }

    @Test
    void theBackfillOfThePageGoesOfflineAlone() {
        BackfillReport report = backfill(store, rows);

        assertThat(report.ingest().written()).isEqualTo(29);
        assertThat(report.changedOnline()).isZero();
        assertThat(store.group(CARDS).find("card-1")).isEmpty();
    }

    private static void put(FeatureStore store, FeatureRecord record) {
        store.group(SHARED).put(record, WriteOptions.defaults().withProducer("payments"));
    }

    @Test
    void thePutOfThePageMustCarryTheOtherProducersValue() {
        FeatureRecord.Builder record =
                SHARED.newRecord().set(CARD, "card-1").set(TIME, Instant.parse("2026-03-10T12:00:00Z"));

        put(store, record.set(DEVICE_RISK, 0.5).build());
        assertThat(store.group(SHARED).find("card-1")).isPresent();

        FeatureRecord without = SHARED.newRecord()
                .set(CARD, "card-1")
                .set(TIME, Instant.parse("2026-03-10T12:00:01Z"))
                .build();
        assertThatThrownBy(() -> put(store, without)).hasMessageContaining("'device_risk', owned by 'devices'");
    }

    @Test
    void theCodeOfThePageIsTheCodeOfTheProject() throws IOException {
        MarkdownPage page = MarkdownPage.read("docs/ingestion.md");

        assertThat(page.snippets("java")).hasSize(7);
        page.hasCodeOf(THIS, HANDLER, SPARK_JOB);
    }
}
