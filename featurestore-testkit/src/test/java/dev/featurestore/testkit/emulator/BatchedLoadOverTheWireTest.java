package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A load by BatchWriteRecord over HTTP, whatever goes wrong on the way, with a record in its middle that is refused. */
class BatchedLoadOverTheWireTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> NUMBER = Feature.integral("number");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final int ROWS = 1000;
    private static final int CARDS = 150;
    private static final int BAD = 500;
    private static final String WRITE = "BatchWriteRecord";

    /** What the load writes: its amounts are texts to it, so that one can be no number. */
    private static final FeatureGroup<FeatureRecord> GROUP = group(Feature.string("amount"));

    private final FeatureStoreEmulator emulator =
            FeatureStoreEmulator.builder().seed(1).start();

    private final InMemoryFeatureStore truth = emulator.store();

    private final FeatureGroup<FeatureRecord> deployed = group(Feature.fractional("amount"));

    /** Moves on only when the load pauses. */
    private final AtomicLong nanos = new AtomicLong();

    private static FeatureGroup<FeatureRecord> group(Feature<?> amount) {
        return FeatureGroup.named("cards")
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .features(NUMBER, amount)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .roleArn("arn:aws:iam::123456789012:role/features")
                .build();
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    private static FeatureRecord row(int n) {
        return GROUP.newRecord()
                .set(CARD, "card-" + n % CARDS)
                .set(TIME, NOON.plusSeconds(n))
                .set(NUMBER, (long) n)
                .set("amount", n == BAD ? "no number" : "1.5")
                .build();
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("none", faults -> {}),
                trouble("parts left out", faults -> faults.atRate(WRITE, 0.5, WireFault.unprocessed(0.4))),
                trouble("all left out at first", faults -> faults.next(WRITE, 20, WireFault.unprocessed(1))),
                trouble("a throttle storm", faults -> faults.next(WRITE, 60, WireFault.throttled())),
                trouble("errors of the service", faults -> faults.atRate(WRITE, 0.3, WireFault.internalFailure())),
                trouble("lost requests", faults -> faults.atRate(WRITE, 0.3, WireFault.droppedBefore())),
                trouble("lost answers", faults -> faults.atRate(WRITE, 0.3, WireFault.droppedAfter())),
                trouble(
                        "everything",
                        faults -> faults.atRate(WRITE, 0.1, WireFault.unprocessed(0.4))
                                .atRate(WRITE, 0.1, WireFault.throttled())
                                .atRate(WRITE, 0.1, WireFault.serviceUnavailable())
                                .atRate(WRITE, 0.1, WireFault.droppedBefore())
                                .atRate(WRITE, 0.1, WireFault.droppedAfter())
                                .atRate("PutRecord", 0.2, WireFault.droppedAfter())));
    }

    private static Arguments trouble(String name, Consumer<WireFaults> faults) {
        return Arguments.of(name, faults);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void everyRecordButTheRefusedOneIsThere(String name, Consumer<WireFaults> faults) {
        truth.admin().apply(deployed);
        faults.accept(emulator.faults());

        IngestReport report = RecordIngestor.to(FeatureStore.builder()
                        .onlineStore(new WireOnlineStore(emulator))
                        .offlineStore(truth.offlineStore())
                        .admin(truth.admin().backend())
                        .build()
                        .group(GROUP))
                .concurrency(4)
                .patience(Duration.ofDays(100))
                .nanoTime(nanos::get)
                .sleeper(pause -> nanos.addAndGet(pause.toNanos()))
                .build()
                .run(IntStream.range(0, ROWS).mapToObj(BatchedLoadOverTheWireTest::row));

        assertThat(report.stoppedBy()).isEmpty();
        assertThat(report.written()).isEqualTo(ROWS - 1);
        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.position()).isEqualTo(BAD);
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        });
        // a lost answer leaves a record twice
        TreeSet<Long> offline = new TreeSet<>();
        truth.history(deployed)
                .forEach(row -> offline.add(row.record().decode(deployed).getLong(NUMBER)));
        assertThat(offline)
                .containsExactlyElementsOf(
                        LongStream.range(0, ROWS).filter(n -> n != BAD).boxed().toList());
        Map<String, Long> latest = new HashMap<>();
        for (int n = 0; n < ROWS; n++) {
            if (n != BAD) {
                latest.put("card-" + n % CARDS, (long) n);
            }
        }
        latest.forEach((card, number) -> assertThat(
                        truth.group(deployed).find(card).orElseThrow().getLong(NUMBER))
                .isEqualTo(number));
        assertThat(emulator.requests()).extracting(LoggedRequest::operation).contains(WRITE);
    }
}
