package dev.featurestore.testkit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.WriteOptions;
import dev.featurestore.ingest.Backfill;
import dev.featurestore.ingest.BackfillPlan;
import dev.featurestore.ingest.BackfillReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<String> NOTE = Feature.string("note");
    private static final Feature<String> ORIGIN = Feature.string("write_origin");
    private static final FeatureGroup<FeatureRecord> PLAIN = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(NOTE)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();
    private static final FeatureGroup<FeatureRecord> MARKED = FeatureGroup.named("marked-cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(NOTE)
            .stampWriteOrigin(ORIGIN)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private static FeatureRecord row(FeatureGroup<FeatureRecord> group, String card, Instant time, String note) {
        return group.newRecord().set(CARD, card).set(TIME, time).set(NOTE, note).build();
    }

    private static List<FeatureRecord> history(FeatureGroup<FeatureRecord> group) {
        return IntStream.range(0, 50)
                .mapToObj(n -> row(group, "card-" + n % 5, NOON.plusSeconds(n), "old"))
                .toList();
    }

    private static Backfill<FeatureRecord> backfill(InMemoryFeatureStore store, FeatureGroup<FeatureRecord> group) {
        return Backfill.of(RecordIngestor.to(store.group(group)).concurrency(4), "history-1");
    }

    @Test
    void theDryRunCountsAndWritesNothing() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();
        List<FeatureRecord> rows = new ArrayList<>(history(PLAIN));
        rows.add(row(PLAIN, "big", NOON.minusSeconds(1), "x".repeat(2500)));
        rows.add(null);

        BackfillPlan<FeatureRecord> plan = backfill(store, PLAIN).dryRun(rows);

        assertThat(plan.records()).isEqualTo(51);
        assertThat(plan.invalid()).isEqualTo(1);
        assertThat(plan.writeUnits()).isEqualTo(53);
        assertThat(plan.firstEventTime()).contains(NOON.minusSeconds(1));
        assertThat(plan.lastEventTime()).contains(NOON.plusSeconds(49));
        assertThat(plan.timeAt(1000, 10)).isEqualTo(Duration.ofMillis(5300));
        assertThat(plan.timeAt(10, 1000)).isEqualTo(Duration.ofMillis(5100));
        assertThat(plan.costAt(new BigDecimal("2"))).isEqualByComparingTo("0.000106");
        assertThat(plan.toString()).contains("51 records").doesNotContain("card-");
        assertThat(store.history(PLAIN)).isEmpty();
    }

    @Test
    void historyGoesOfflineMarkedAndNothingOnlineChanges() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();
        store.group(MARKED).put(row(MARKED, "card-0", NOON, "live"));

        BackfillReport report = backfill(store, MARKED).dryRun(history(MARKED)).run(history(MARKED));

        assertThat(report.isComplete()).isTrue();
        assertThat(report.sampled()).isEqualTo(5);
        assertThat(report.changedOnline()).isZero();
        assertThat(report.unchecked()).isZero();
        assertThat(store.group(MARKED).find("card-0").orElseThrow().get(NOTE)).isEqualTo("live");
        assertThat(store.group(MARKED).find("card-1")).isEmpty();
        assertThat(store.history(MARKED)).hasSize(51);
        assertThat(store.history(MARKED).stream()
                        .filter(row -> "history-1".equals(row.record().text(ORIGIN.name()))))
                .hasSize(50);
    }

    /** Rows that also write online while they are read stand for a leak, and for a live writer. */
    @Test
    void aChangeOnlineIsSeen() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();
        Iterable<FeatureRecord> leaking = () ->
                history(PLAIN).stream().peek(row -> store.group(PLAIN).put(row)).iterator();

        BackfillReport report = backfill(store, PLAIN).dryRun(history(PLAIN)).run(leaking);

        assertThat(report.changedOnline()).isEqualTo(5);
        assertThat(report.isComplete()).isFalse();
    }

    @Test
    void whereOriginsAreMarkedLiveWritersDoNotCount() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();
        Iterable<FeatureRecord> busy = () -> history(MARKED).stream()
                .peek(row -> store.group(MARKED).put(row))
                .iterator();

        BackfillReport report = backfill(store, MARKED).dryRun(history(MARKED)).run(busy);

        assertThat(report.changedOnline()).isZero();
        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void whatCannotBeReadIsNotCalledUnchanged() {
        InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                .faults(FaultPlan.script()
                        .fail(Operation.BATCH_GET, Fault.UNAVAILABLE)
                        .build())
                .build();

        BackfillReport report = backfill(store, PLAIN).dryRun(history(PLAIN)).run(history(PLAIN));

        assertThat(report.sampled()).isEqualTo(5);
        assertThat(report.unchecked()).isEqualTo(5);
    }

    @Test
    void theSampleHasTheSizeAskedFor() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();
        List<FeatureRecord> rows = IntStream.range(0, 500)
                .mapToObj(n -> row(PLAIN, "card-" + n, NOON, "old"))
                .toList();

        assertThat(backfill(store, PLAIN)
                        .withSample(20, 7)
                        .dryRun(rows)
                        .run(rows)
                        .sampled())
                .isEqualTo(20);
        assertThat(backfill(store, PLAIN)
                        .withSample(0, 7)
                        .dryRun(rows)
                        .run(rows)
                        .sampled())
                .isZero();
    }

    @Test
    void anIngestorThatWritesOnlineIsRefused() {
        InMemoryFeatureStore store = InMemoryFeatureStore.create();

        assertThatThrownBy(() -> Backfill.of(
                        RecordIngestor.to(store.group(PLAIN))
                                .options(WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE)),
                        "history-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offline store only");
    }
}
