package dev.featurestore.testkit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.ingest.Checkpoint;
import dev.featurestore.ingest.FailedRecord;
import dev.featurestore.ingest.FailedRecords;
import dev.featurestore.ingest.IngestProgress;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "up to {0} records in a request")
@ValueSource(ints = {1, 25})
class RecordIngestorTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> NUMBER = Feature.integral("number");
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(NUMBER)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final String TOO_LONG = "secret".repeat(500);

    /** Moves on only when a load pauses. */
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path folder;

    private final int recordsPerRequest;

    RecordIngestorTest(int recordsPerRequest) {
        this.recordsPerRequest = recordsPerRequest;
    }

    private static FeatureRecord row(String card, long number) {
        return CARDS.newRecord()
                .set(CARD, card)
                .set(TIME, NOON.plusSeconds(number))
                .set(NUMBER, number)
                .build();
    }

    /** Row n is of card n modulo 10. */
    private static List<FeatureRecord> rows(int count) {
        return IntStream.range(0, count).mapToObj(n -> row("card-" + n % 10, n)).toList();
    }

    private static InMemoryFeatureStore store(FaultPlan faults) {
        return InMemoryFeatureStore.builder().faults(faults).build();
    }

    /** Of every write, be it of one record or of several, so many fail. */
    private static FaultPlan.Script failing(Fault fault, int times) {
        FaultPlan.Script script = FaultPlan.script();
        for (int n = 0; n < times; n++) {
            script.fail(Operation.PUT, fault).fail(Operation.BATCH_WRITE, fault);
        }
        return script;
    }

    private RecordIngestor.Builder<FeatureRecord> ingestor(InMemoryFeatureStore store) {
        return RecordIngestor.to(store.group(CARDS))
                .concurrency(4)
                .recordsPerRequest(recordsPerRequest)
                .nanoTime(nanos::get)
                .sleeper(pause -> nanos.addAndGet(pause.toNanos()))
                .random(() -> 0.5);
    }

    private static List<Long> numbers(InMemoryFeatureStore store) {
        return store.history(CARDS).stream()
                .map(row -> row.record().decode(CARDS).getLong(NUMBER))
                .toList();
    }

    private static List<Long> upTo(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void everyRowIsWrittenOnce() {
        InMemoryFeatureStore store = store(FaultPlan.none());

        IngestReport report = ingestor(store).build().run(rows(1000));

        assertThat(report.isComplete()).isTrue();
        assertThat(report.read()).isEqualTo(1000);
        assertThat(report.written()).isEqualTo(1000);
        assertThat(report.resumeFrom()).isEqualTo(1000);
        assertThat(numbers(store)).containsExactlyInAnyOrderElementsOf(upTo(1000));
    }

    @Test
    void anEmptySourceIsComplete() {
        IngestReport report = ingestor(store(FaultPlan.none())).build().run(Stream.empty());

        assertThat(report.isComplete()).isTrue();
        assertThat(report.read()).isZero();
    }

    /** Whatever passes is repeated, an unknown outcome too; the rows of a card keep their order. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void faultsThatPassLoseNothingAndKeepTheOrderOfEachIdentifier(long seed) {
        InMemoryFeatureStore store = store(FaultPlan.seeded(seed, 0.2));
        Checkpoint checkpoint = Checkpoint.file(folder.resolve("checkpoint"), "seed-" + seed);

        // pauses of all threads move the same clock
        RecordIngestor<FeatureRecord> ingestor = ingestor(store)
                .checkpoint(checkpoint)
                .patience(Duration.ofDays(1))
                .build();
        IngestReport report = ingestor.run(rows(500));
        // only a group that was never there stops a run
        for (int runs = 0; report.stoppedBy().isPresent(); runs++) {
            assertThat(runs).as("seed %d", seed).isLessThan(100);
            assertThat(report.stoppedBy()).get().isInstanceOf(FeatureGroupNotFoundException.class);
            report = ingestor.run(rows(500));
        }

        assertThat(report.isComplete()).as("seed %d: %s", seed, report).isTrue();
        assertThat(new TreeSet<>(numbers(store))).as("seed %d", seed).containsExactlyElementsOf(upTo(500));
        Map<String, Long> last = new HashMap<>();
        for (var row : store.history(CARDS)) {
            FeatureRecord record = row.record().decode(CARDS);
            assertThat(record.getLong(NUMBER))
                    .as("seed %d: order of one card", seed)
                    .isGreaterThanOrEqualTo(last.getOrDefault(record.get(CARD), 0L));
            last.put(record.get(CARD), record.getLong(NUMBER));
        }
    }

    @Test
    void aBadRecordFailsAloneAndIsReportedWithoutItsValues() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        List<FeatureRecord> rows = new ArrayList<>(rows(20));
        rows.set(7, row(TOO_LONG, 7));

        IngestReport report = ingestor(store).build().run(rows);

        assertThat(report.isComplete()).isFalse();
        assertThat(report.stoppedBy()).isEmpty();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.written()).isEqualTo(19);
        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.position()).isEqualTo(7);
            assertThat(failure.code()).isEqualTo(ErrorCode.RECORD_MAPPING);
            assertThat(failure.identifierHash()).matches("[0-9a-f]{16}");
        });
        assertThat(report + " " + report.failures()).doesNotContain("secret");
    }

    @Test
    void whatFailedCanBeReadBackAndWrittenAgain() throws IOException {
        Path file = folder.resolve("failed.jsonl");
        InMemoryFeatureStore store = store(failing(Fault.THROTTLED, 2000).build());
        IngestReport report = ingestor(store)
                .concurrency(1)
                .patience(Duration.ofMillis(1))
                .failures(FailedRecords.file(file))
                .build()
                .run(rows(30));
        assertThat(report.failed()).isEqualTo(30);
        assertThat(report.failures()).extracting(FailedRecord::code).containsOnly(ErrorCode.THROTTLED);

        InMemoryFeatureStore healthy = store(FaultPlan.none());
        try (Stream<FeatureRecord> again = FailedRecords.file(file).rows(CARDS)) {
            assertThat(ingestor(healthy).build().run(again).isComplete()).isTrue();
        }

        assertThat(numbers(healthy)).containsExactlyInAnyOrderElementsOf(upTo(30));
        assertThat(Files.readAllLines(file).get(0))
                .startsWith("{\"position\":\"0\",\"identifierHash\":\"")
                .contains("\"code\":\"THROTTLED\"")
                .contains("\"record\":{\"card_id\":\"card-0\"");
    }

    @Test
    void aLineThatACrashCutIsRemoved() throws IOException {
        Path file = folder.resolve("failed.jsonl");
        Files.writeString(file, "{\"position\":\"1\"}\n{\"position\":\"2", StandardOpenOption.CREATE);

        ingestor(store(FaultPlan.none()))
                .failures(FailedRecords.file(file))
                .build()
                .run(List.of(row(TOO_LONG, 7)));

        assertThat(Files.readAllLines(file)).hasSize(2).last().asString().contains("RECORD_MAPPING");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "UNAVAILABLE", "LOST_RESPONSE", "LOST_REQUEST"})
    void whatDoesNotPassInTimeIsReportedForWhatItIs(Fault fault) {
        FaultPlan.Script script = failing(fault, 1000);
        boolean isUnknown = fault == Fault.LOST_RESPONSE || fault == Fault.LOST_REQUEST;

        IngestReport report = ingestor(store(script.build()))
                .patience(Duration.ofSeconds(10))
                .build()
                .run(List.of(row("a", 1)));

        assertThat(report.written()).isZero();
        assertThat(report.unsettled()).isZero();
        assertThat(report.unknown()).isEqualTo(isUnknown ? 1 : 0);
        assertThat(report.failed()).isEqualTo(isUnknown ? 0 : 1);
        assertThat(Duration.ofNanos(nanos.get())).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    /** One lost answer is enough, whatever the later attempts met. */
    @Test
    void aRecordThatMayHaveBeenStoredStaysUnknown() {
        FaultPlan.Script script = FaultPlan.script().fail(Operation.PUT, Fault.LOST_RESPONSE);
        for (int n = 0; n < 1000; n++) {
            script.fail(Operation.PUT, Fault.THROTTLED);
        }

        IngestReport report = ingestor(store(script.build())).build().run(List.of(row("a", 1)));

        assertThat(report.failures()).extracting(FailedRecord::code).containsExactly(ErrorCode.WRITE_OUTCOME_UNKNOWN);
    }

    @Test
    void aMissingGroupStopsTheRunAndLeavesTheRestUnsettled() {
        InMemoryFeatureStore store = store(failing(Fault.GROUP_NOT_VISIBLE, 1).build());

        IngestReport report = ingestor(store).concurrency(1).build().run(rows(100));

        assertThat(report.stoppedBy()).get().isInstanceOf(FeatureGroupNotFoundException.class);
        assertThat(report.written()).isZero();
        assertThat(report.failed()).isZero();
        assertThat(report.unsettled()).isEqualTo(report.read()).isPositive();
        assertThat(report.resumeFrom()).isZero();
        assertThat(report.toString()).contains("stopped by FEATURE_GROUP_NOT_FOUND");
    }

    /** Stops at seeded places, by a source that breaks or an interrupt, and goes on until all is there. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aStoppedLoadGoesOnFromItsCheckpoint(long seed) {
        Random random = new Random(seed);
        InMemoryFeatureStore store = store(FaultPlan.none());
        List<FeatureRecord> rows = new ArrayList<>(rows(1000));
        rows.set(500, row(TOO_LONG, 500));
        Checkpoint checkpoint = Checkpoint.file(folder.resolve("checkpoint"), "load");
        Path failed = folder.resolve("failed.jsonl");
        long resumeFrom = 0;
        IngestReport report = null;
        for (int stopAt = random.nextInt(300);
                report == null || report.stoppedBy().isPresent(); ) {
            report = ingestor(store)
                    .checkpoint(checkpoint)
                    .failures(FailedRecords.file(failed))
                    .build()
                    .run(breaking(rows, stopAt, random.nextBoolean()));
            assertThat(Thread.interrupted())
                    .isEqualTo(report.stoppedBy()
                            .filter(InterruptedException.class::isInstance)
                            .isPresent());
            assertThat(report.resumedFrom()).as("seed %d", seed).isEqualTo(resumeFrom);
            assertThat(report.written() + report.failed() + report.unknown() + report.unsettled())
                    .isEqualTo(report.read());
            resumeFrom = report.resumeFrom();
            stopAt += 1 + random.nextInt(300);
        }

        assertThat(new TreeSet<>(numbers(store)))
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        upTo(1000).stream().filter(n -> n != 500).toList());
        assertThat(report.failed()).as("seed %d", seed).isEqualTo(1);
        assertThat(report.written()).as("seed %d", seed).isEqualTo(999);
        assertThat(failed).content().contains("\"position\":\"500\"");
    }

    private static Iterator<FeatureRecord> breaking(List<FeatureRecord> rows, int at, boolean byInterrupt) {
        Iterator<FeatureRecord> all = rows.iterator();
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public FeatureRecord next() {
                if (next++ == at) {
                    if (!byInterrupt) {
                        throw new IllegalStateException("the source broke");
                    }
                    Thread.currentThread().interrupt();
                }
                return all.next();
            }
        };
    }

    @Test
    void aFinishedLoadIsNotDoneAgain() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        Checkpoint checkpoint = Checkpoint.file(folder.resolve("checkpoint"), "load");
        ingestor(store).checkpoint(checkpoint).build().run(rows(50));

        IngestReport report = ingestor(store).checkpoint(checkpoint).build().run(rows(50));

        assertThat(report.isComplete()).isTrue();
        assertThat(report.resumedFrom()).isEqualTo(50);
        assertThat(store.history(CARDS)).hasSize(50);
    }

    @Test
    void aShorterSourceThanTheCheckpointSaysIsNotTheSameSource() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        Checkpoint checkpoint = Checkpoint.file(folder.resolve("checkpoint"), "load");
        ingestor(store).checkpoint(checkpoint).build().run(rows(50));

        IngestReport report = ingestor(store).checkpoint(checkpoint).build().run(rows(20));

        assertThat(report.stoppedBy())
                .get()
                .asString()
                .contains("has 20 records")
                .contains("50 are settled");
        assertThat(report.unsettled()).isZero();
        assertThat(report.resumeFrom()).isEqualTo(50);
    }

    @Test
    void aCheckpointOfAnotherRunOrADamagedOneIsRefused() throws IOException {
        InMemoryFeatureStore store = store(FaultPlan.none());
        Path file = folder.resolve("checkpoint");
        ingestor(store).checkpoint(Checkpoint.file(file, "march")).build().run(rows(5));

        assertThatThrownBy(() -> ingestor(store)
                        .checkpoint(Checkpoint.file(file, "april"))
                        .build()
                        .run(rows(5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is of run 'march', not of 'april'");

        Files.writeString(file, "group=cards\nrun=march\nposition=x\n");
        assertThatThrownBy(() -> ingestor(store)
                        .checkpoint(Checkpoint.file(file, "march"))
                        .build()
                        .run(rows(5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void aRowThatCannotBecomeARecordFailsAlone() {
        InMemoryFeatureStore store = store(FaultPlan.none());

        IngestReport report = ingestor(store)
                .build()
                .run(Stream.of(row("a", 1), null, row("b", 2)).iterator());

        assertThat(report.written()).isEqualTo(2);
        assertThat(report.failures()).extracting(FailedRecord::position).containsExactly(1L);
    }

    @Test
    void theReportKeepsTheFirstThousandFailuresAndCountsAll() {
        List<FeatureRecord> bad = Collections.nCopies(1500, row(TOO_LONG, 1));

        IngestReport report = ingestor(store(FaultPlan.none())).build().run(bad);

        assertThat(report.failed()).isEqualTo(1500);
        assertThat(report.failures()).hasSize(IngestReport.MAX_FAILURES);
    }

    @Test
    void theListenerIsToldTheEndAndCannotBreakTheLoad() {
        List<IngestProgress> told = new ArrayList<>();

        IngestReport report = ingestor(store(FaultPlan.none()))
                .total(100)
                .progress(progress -> {
                    told.add(progress);
                    throw new IllegalStateException("no terminal");
                })
                .build()
                .run(rows(100));

        assertThat(report.isComplete()).isTrue();
        assertThat(told).last().satisfies(progress -> {
            assertThat(progress.done()).isEqualTo(100);
            assertThat(progress.isFinished()).isTrue();
        });
    }

    @Test
    void theRateIsKept() {
        IngestReport report = ingestor(store(FaultPlan.none()))
                .concurrency(1)
                .recordsPerSecond(10)
                .build()
                .run(rows(101));

        // the first records may use what was free just before, and those of the last request have nothing to wait for
        assertThat(report.elapsed())
                .isBetween(Duration.ofMillis(9900 - 100L * recordsPerRequest), Duration.ofSeconds(10));
        assertThat(report.isComplete()).isTrue();
    }
}
