package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.emulator.WireFaults;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** A load through the SDK, whatever goes wrong on the way, with a record in its middle that the service refuses. */
class FaultyLoadTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final int ROWS = 400;
    private static final int CARDS = 30;
    private static final int BAD = 200;
    private static final String PUT = "PutRecord";

    private static final FeatureGroup<FeatureRecord> DEPLOYED = FaultyService.group("cards");

    /** Has one feature that the deployed group lacks, which only one record has a value of. */
    private static final FeatureGroup<FeatureRecord> NEWER =
            DEPLOYED.toBuilder().features(Feature.string("not_deployed")).build();

    /** Moves on only when the load pauses. */
    private final AtomicLong nanos = new AtomicLong();

    private static FeatureRecord row(int n) {
        return NEWER.newRecord()
                .set(FaultyService.ID, "card-" + n % CARDS)
                .set(FaultyService.TIME, NOON.plusSeconds(n))
                .set(FaultyService.COUNT, (long) n)
                .set("not_deployed", n == BAD ? "x" : null)
                .build();
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("a throttle storm", faults -> faults.next(PUT, 300, WireFault.throttled())),
                trouble("errors of the service", faults -> faults.atRate(PUT, 0.3, WireFault.internalFailure())),
                trouble("a service that is not there", faults -> faults.next(PUT, 100, WireFault.serviceUnavailable())),
                trouble("lost requests", faults -> faults.atRate(PUT, 0.3, WireFault.droppedBefore())),
                trouble("lost answers", faults -> faults.atRate(PUT, 0.3, WireFault.droppedAfter())),
                trouble(
                        "everything",
                        faults -> faults.atRate(PUT, 0.1, WireFault.throttled())
                                .atRate(PUT, 0.1, WireFault.internalFailure())
                                .atRate(PUT, 0.1, WireFault.serviceUnavailable())
                                .atRate(PUT, 0.1, WireFault.droppedBefore())
                                .atRate(PUT, 0.1, WireFault.droppedAfter())));
    }

    private static Arguments trouble(String name, Consumer<WireFaults> faults) {
        return Arguments.of(name, faults);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void everyRecordButTheRefusedOneIsThere(String name, Consumer<WireFaults> faults) {
        try (SdkHttpClient http = UrlConnectionHttpClient.create();
                FaultyService service = new FaultyService(http, 1)) {
            service.truth().group(DEPLOYED);
            faults.accept(service.emulator().faults());

            IngestReport report = RecordIngestor.to(
                            service.open(RetryPolicy.never(), pause -> {}).group(NEWER))
                    .concurrency(4)
                    .patience(Duration.ofDays(100))
                    .nanoTime(nanos::get)
                    .sleeper(pause -> nanos.addAndGet(pause.toNanos()))
                    .build()
                    .run(IntStream.range(0, ROWS).mapToObj(FaultyLoadTest::row));

            assertThat(report.stoppedBy()).isEmpty();
            assertThat(report.written()).isEqualTo(ROWS - 1);
            assertThat(report.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.position()).isEqualTo(BAD);
                assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            });
            assertAllIsThere(service);
        }
    }

    /** A lost answer leaves a record twice. */
    private static void assertAllIsThere(FaultyService service) {
        TreeSet<Long> offline = new TreeSet<>();
        service.truth()
                .history(DEPLOYED)
                .forEach(row -> offline.add(row.record().decode(DEPLOYED).getLong(FaultyService.COUNT)));
        assertThat(offline)
                .containsExactlyElementsOf(
                        LongStream.range(0, ROWS).filter(n -> n != BAD).boxed().toList());
        Map<String, Long> latest = new HashMap<>();
        IntStream.range(0, ROWS).filter(n -> n != BAD).forEach(n -> latest.put("card-" + n % CARDS, (long) n));
        latest.forEach((card, count) -> assertThat(
                        service.truth().group(DEPLOYED).find(card).orElseThrow().getLong(FaultyService.COUNT))
                .isEqualTo(count));
    }
}
