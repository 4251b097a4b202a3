package dev.featurestore.aws;

import static dev.featurestore.aws.FaultyService.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.FaultyCall.Subject;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import dev.featurestore.testkit.emulator.WireFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * What the caller sees, what the service gets and what is stored if something goes wrong: every row of the table in
 * {@code docs/aws.md}, over one HTTP client.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class FaultContract {
    private static final String LATENCY = "latency beyond the deadline";

    private static final String NEW_CLIENT = "group not found, never seen";

    /** Each fault of the table in all the forms it has. */
    private static final Map<String, List<WireFault>> FAULTS = new LinkedHashMap<>();

    static {
        FAULTS.put(
                "throttled",
                Stream.of(ThrottleForm.values()).map(WireFault::throttled).toList());
        FAULTS.put("internal failure", List.of(WireFault.internalFailure()));
        FAULTS.put("service unavailable", List.of(WireFault.serviceUnavailable()));
        FAULTS.put(LATENCY, List.of(WireFault.latency(Duration.ofDays(1))));
        FAULTS.put("dropped before", List.of(WireFault.droppedBefore()));
        FAULTS.put("dropped after", List.of(WireFault.droppedAfter()));
        FAULTS.put("group not found", List.of(WireFault.groupNotFound()));
        FAULTS.put(NEW_CLIENT, List.of(WireFault.groupNotFound()));
        FAULTS.put("unprocessed", List.of(WireFault.unprocessed(1), WireFault.unprocessed(0.34)));
    }

    private final SdkHttpClient http;

    private final FaultyService service;

    private int cases;

    /** @param http closed when the tests are over */
    FaultContract(SdkHttpClient http) {
        this.http = http;
        this.service = new FaultyService(http, 1);
    }

    @BeforeAll
    void readTable() {
        assertThat(FaultTable.read()).hasSizeGreaterThan(10);
    }

    @AfterAll
    void close() {
        service.close();
        http.close();
    }

    /** What the HTTP client makes of a number of the table. */
    abstract int expected(FaultTable.Count count);

    @Test
    void theTableHasEachCallThatAFaultCanHappenToOnce() {
        List<String> told = FaultTable.read().stream()
                .flatMap(row -> row.calls().stream().map(call -> row.fault() + ": " + call))
                .toList();
        TreeSet<String> wanted = new TreeSet<>();
        FAULTS.forEach((fault, forms) -> {
            for (FaultyCall call : FaultyCall.values()) {
                if (applies(call, forms.get(0))) {
                    wanted.add(fault + ": " + call.label());
                }
            }
        });

        assertThat(told).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private boolean applies(FaultyCall call, WireFault fault) {
        try {
            service.emulator().faults().next(call.operation(), 1, fault);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        } finally {
            service.emulator().faults().clear();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyRowOfTheTable() {
        List<DynamicTest> tests = new ArrayList<>();
        for (FaultTable.Row row : FaultTable.read()) {
            for (String label : row.calls()) {
                FaultyCall call = FaultyCall.ofLabel(label);
                for (WireFault fault : FAULTS.getOrDefault(row.fault(), List.of())) {
                    tests.add(DynamicTest.dynamicTest(
                            row.fault() + " (" + fault + ") once: " + label,
                            () -> check(row.fault(), fault, call, false, row.once())));
                    tests.add(DynamicTest.dynamicTest(
                            row.fault() + " (" + fault + ") always: " + label,
                            () -> check(row.fault(), fault, call, true, row.always())));
                }
            }
        }
        return tests.stream();
    }

    private void check(String name, WireFault fault, FaultyCall call, boolean always, FaultTable.Outcome expected) {
        Subject subject = subject();
        boolean slow = name.equals(LATENCY);
        FeatureStore store = slow ? service.openImpatient(Duration.ofMillis(500)) : service.open(pause -> {});
        if (!slow && !name.equals(NEW_CLIENT)) {
            meet(store, subject);
        }
        service.emulator().clearRequests();
        if (always) {
            service.emulator().faults().atRate(call.operation(), 1, fault);
        } else {
            service.emulator().faults().next(call.operation(), 1, fault);
        }
        String verdict;
        try {
            verdict = call.make(store, subject);
        } catch (FeatureStoreException e) {
            verdict = e.code().name();
        } finally {
            service.emulator().faults().clear();
            service.release();
        }
        assertThat(verdict).isEqualTo(expected.verdict());
        if (slow) {
            service.awaitRequests(call.operation(), expected(expected.requests()));
        }
        assertThat(service.requests(call.operation())).as("requests").isEqualTo(expected(expected.requests()));
        assertThat(call.effects(service, subject)).as("effects").isEqualTo(expected(expected.effects()));
        service.forget(subject);
        assertThat(service.emulator().requests())
                .as("requests of another kind")
                .allSatisfy(request -> assertThat(request.operation()).isIn(call.operation(), "DescribeFeatureGroup"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatWasReportedIsThere(long seed) {
        FaultCampaign.run(http, seed);
    }

    /** Every group that is there has answered this store. */
    private static void meet(FeatureStore store, Subject subject) {
        assertThat(store.group(subject.cards()).find(subject.id())).isPresent();
        assertThat(store.group(subject.devices()).find(subject.id())).isPresent();
    }

    private Subject subject() {
        int number = ++cases;
        FeatureGroup<FeatureRecord> cards = FaultyService.group("cards-" + number);
        FeatureGroup<FeatureRecord> devices = FaultyService.group("devices-" + number);
        Subject subject = new Subject(cards, devices, "new-" + number, "one", "other");
        for (FeatureGroup<FeatureRecord> group : List.of(cards, devices)) {
            for (String id : List.of(subject.id(), subject.otherId())) {
                service.truth().group(group).put(record(group, id, FaultyCall.EARLIER, FaultyCall.OLD));
            }
        }
        return subject;
    }
}
