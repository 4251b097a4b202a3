package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.HardDeleteCode;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.UnknownGroup;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireFaultsTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String GET = "/FeatureGroup/cards?RecordIdentifierValueAsString=c1";

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    private final FeatureStoreEmulator emulator =
            FeatureStoreEmulator.builder().sleeper(pauses::add).seed(7).start();

    private final Wire wire = new Wire(emulator);

    @BeforeEach
    void createGroup() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        emulator.clearRequests();
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    private static String record(String id) {
        return "{'Record': " + Wire.record("card_id", id, "event_time", T0) + "}";
    }

    private static void failed(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue(code);
        assertThat(Wire.json(response).path("Message").isTextual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ThrottleForm.class)
    void aThrottledWriteHasNoEffect(ThrottleForm form) {
        emulator.faults().next("PutRecord", 1, WireFault.throttled(form));

        failed(wire.runtime("PUT", "/FeatureGroup/cards", record("c1")), form.status(), "ThrottlingException");
        assertThat(wire.runtime("GET", GET, "").body()).isEqualTo("{}");
        assertThat(wire.runtime("PUT", "/FeatureGroup/cards", record("c1")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theBehaviourSaysHowThrottlingLooks() {
        EmulatorBehaviour behaviour = EmulatorBehaviour.defaults().withThrottleForm(ThrottleForm.TOO_MANY_REQUESTS);
        try (FeatureStoreEmulator other =
                FeatureStoreEmulator.builder().behaviour(behaviour).start()) {
            other.faults().next(WireFaults.ANY_OPERATION, 1, WireFault.throttled());

            HttpResponse<String> response = new Wire(other).control("ListFeatureGroups", "{}");

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.body()).isEqualTo("{\"__type\":\"ThrottlingException\",\"Message\":\"Rate exceeded\"}");
        }
    }

    @Test
    void theServiceFailsTheNextRequestsOfAnOperationOnly() {
        emulator.faults()
                .next("GetRecord", 2, WireFault.internalFailure())
                .next("GetRecord", 1, WireFault.serviceUnavailable());

        assertThat(wire.runtime("PUT", "/FeatureGroup/cards", record("c1")).statusCode())
                .isEqualTo(200);
        failed(wire.runtime("GET", GET, ""), 500, "InternalFailure");
        failed(wire.runtime("GET", GET, ""), 500, "InternalFailure");
        assertThat(emulator.faults().pending()).isEqualTo(1);
        failed(wire.runtime("GET", GET, ""), 503, "ServiceUnavailable");
        assertThat(wire.runtime("GET", GET, "").statusCode()).isEqualTo(200);
    }

    @Test
    void aGroupThatIsThereIsNotFoundForOnce() {
        emulator.faults().next(WireFaults.ANY_OPERATION, 2, WireFault.groupNotFound());

        HttpResponse<String> put = wire.runtime("PUT", "/FeatureGroup/cards", record("c1"));
        failed(put, 400, "ValidationError");
        assertThat(put.body()).contains("can't find a FeatureGroup with name [cards].");
        failed(wire.runtime("GET", GET, ""), 404, "ResourceNotFound");
    }

    @Test
    void aConnectionDropsBeforeTheWriteTookEffect() {
        emulator.faults().next("PutRecord", 1, WireFault.droppedBefore());

        assertThatThrownBy(() -> wire.send("PUT", "/FeatureGroup/cards", Wire.text(record("c1"))))
                .isInstanceOf(IOException.class);
        assertThat(wire.runtime("GET", GET, "").body()).isEqualTo("{}");
        assertThat(emulator.requests().get(0).status()).isZero();
    }

    @Test
    void aConnectionDropsAfterTheWriteTookEffect() {
        emulator.faults().next("PutRecord", 1, WireFault.droppedAfter());

        assertThatThrownBy(() -> wire.send("PUT", "/FeatureGroup/cards", Wire.text(record("c1"))))
                .isInstanceOf(IOException.class);
        assertThat(wire.runtime("GET", GET, "").body()).contains("c1");
    }

    @Test
    void theAnswerToARefusedRequestIsLostAsWell() {
        emulator.faults().next("PutRecord", 1, WireFault.droppedAfter());

        assertThatThrownBy(() -> wire.send("PUT", "/FeatureGroup/nowhere", Wire.text(record("c1"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void latencyIsDrawnFromItsDistribution() {
        emulator.faults().atRate("GetRecord", 1, WireFault.latency(Duration.ofMillis(10), Duration.ofMillis(100)));
        int requests = 400;
        for (int i = 0; i < requests; i++) {
            wire.runtime("GET", GET, "");
        }

        assertThat(pauses).hasSize(requests);
        List<Duration> sorted = pauses.stream().sorted().toList();
        assertThat(sorted.get(requests / 2)).isBetween(Duration.ofMillis(8), Duration.ofMillis(12));
        assertThat(sorted.get(requests * 99 / 100)).isBetween(Duration.ofMillis(60), Duration.ofMillis(180));
    }

    @Test
    void latencyMayGoByACurve() {
        emulator.faults().atRate("GetRecord", 1, WireFault.latency(LatencyCurve.PUBLISHED));
        int requests = 1000;
        for (int i = 0; i < requests; i++) {
            wire.runtime("GET", GET, "");
        }

        List<Duration> sorted = pauses.stream().sorted().toList();
        assertThat(sorted.get(requests / 2)).isBetween(Duration.ofMillis(7), Duration.ofMillis(9));
        assertThat(sorted.get(requests * 95 / 100)).isBetween(Duration.ofMillis(11), Duration.ofMillis(14));
        assertThat(sorted.get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(4));
        assertThat(sorted.get(requests - 1)).isLessThanOrEqualTo(Duration.ofMillis(40));
    }

    @Test
    void theCurvePassesThroughThePublishedPercentiles() {
        assertThat(LatencyCurve.PUBLISHED.at(0.5)).isEqualTo(Duration.ofMillis(8));
        assertThat(LatencyCurve.PUBLISHED.at(0.9)).isEqualTo(Duration.ofMillis(10));
        assertThat(LatencyCurve.PUBLISHED.at(0.95)).isEqualTo(Duration.ofMillis(12));
        assertThat(LatencyCurve.PUBLISHED.at(0.99)).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void aShardIsAlwaysTheSameIdentifiers() {
        for (int round = 0; round < 3; round++) {
            emulator.faults().clear();
            emulator.faults()
                    .atRate(
                            "GetRecord",
                            1,
                            WireFault.latency(Duration.ofMillis(7)).onShard(0.2));
            pauses.clear();
            for (int i = 0; i < 200; i++) {
                wire.runtime("GET", GET.replaceAll("=[^=&]*$", "=record-" + i), "");
            }
            assertThat(pauses).as("round %s", round).hasSize(onShard());
        }
        assertThat(onShard()).isBetween(20, 60);
    }

    private static int onShard() {
        return (int) IntStream.range(0, 200)
                .filter(i -> WireFaults.place("cards", "record-" + i) < 0.2)
                .count();
    }

    @Test
    void latencyAndAnErrorComeTogether() {
        emulator.faults()
                .atRate("GetRecord", 1, WireFault.latency(Duration.ofMillis(5)))
                .next("GetRecord", 1, WireFault.internalFailure());

        failed(wire.runtime("GET", GET, ""), 500, "InternalFailure");
        assertThat(pauses).containsExactly(Duration.ofMillis(5));
    }

    @Test
    void partOfABatchReadIsLeftUnprocessed() {
        for (int i = 0; i < 10; i++) {
            wire.put("cards", "card_id", "c" + i, "event_time", T0);
        }
        emulator.faults().next("BatchGetRecord", 1, WireFault.unprocessed(0.4));
        JsonNode body = Wire.json(wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'Identifiers': [{'FeatureGroupName': 'cards', 'FeatureNames': ['card_id'],"
                        + " 'RecordIdentifiersValueAsString': ['c0','c1','c2','c3','c4','c5','c6','c7','c8','c9']}]}"));

        JsonNode left = body.path("UnprocessedIdentifiers");
        assertThat(left).hasSize(1);
        assertThat(left.get(0).path("FeatureGroupName").asText()).isEqualTo("cards");
        assertThat(left.get(0).path("FeatureNames")).isEqualTo(Wire.json("['card_id']"));
        List<String> all = new ArrayList<>(body.path("Records").findValuesAsText("RecordIdentifierValueAsString"));
        assertThat(all).hasSizeBetween(1, 9);
        left.get(0).path("RecordIdentifiersValueAsString").forEach(id -> all.add(id.asText()));
        assertThat(all).containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
    }

    @Test
    void partOfABatchWriteIsLeftUnprocessed() {
        emulator.faults().next("BatchWriteRecord", 1, WireFault.unprocessed(1));
        String entry =
                "{'FeatureGroupName': 'cards', 'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}";

        HttpResponse<String> response = wire.runtime("POST", "/BatchWriteRecord", "{'Entries': [" + entry + "]}");

        assertThat(Wire.json(response)).isEqualTo(Wire.json("{'Errors': [], 'UnprocessedEntries': [" + entry + "]}"));
        assertThat(wire.runtime("GET", GET, "").body()).isEqualTo("{}");
    }

    @Test
    void theSameSeedMakesTheSameFaults() {
        List<Integer> first = statuses(7);

        assertThat(first).containsOnly(200, 500).contains(200, 500);
        assertThat(statuses(7)).isEqualTo(first);
        assertThat(statuses(8)).isNotEqualTo(first);
    }

    private static List<Integer> statuses(long seed) {
        try (FeatureStoreEmulator other =
                FeatureStoreEmulator.builder().seed(seed).start()) {
            other.faults().atRate("ListFeatureGroups", 0.3, WireFault.internalFailure());
            Wire there = new Wire(other);
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                statuses.add(there.control("ListFeatureGroups", "{}").statusCode());
            }
            return statuses;
        }
    }

    @Test
    void faultsThatCannotHappenAreRefused() {
        WireFaults faults = emulator.faults();

        assertThatIllegalArgumentException().isThrownBy(() -> faults.next("Put", 1, WireFault.throttled()));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.next("PutRecord", 0, WireFault.throttled()));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.atRate("PutRecord", 0, WireFault.throttled()));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.next("PutRecord", 1, WireFault.unprocessed(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.next("ListFeatureGroups", 1, WireFault.groupNotFound()));
        assertThatIllegalArgumentException().isThrownBy(() -> WireFault.unprocessed(0));
        assertThatIllegalArgumentException().isThrownBy(() -> WireFault.latency(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireFault.latency(Duration.ofMillis(2), Duration.ofMillis(1)));
    }

    @Test
    void faultsAreSetOverHttp() {
        String throttled = "{'operation':'GetRecord','fault':'throttled','status':503,'times':2}";
        String slow = "{'operation':'*','fault':'latency','medianMillis':2.5,'p99Millis':2.5,'rate':1.0}";
        HttpResponse<String> set = wire.runtime("POST", "/_emulator/faults", throttled);
        wire.runtime(
                "POST", "/_emulator/faults", "{'fault': 'latency', 'medianMillis': 2.5, 'p99Millis': 2.5, 'rate': 1}");

        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).isEqualTo(Wire.text("{'scripted':[" + throttled + "],'random':[]}"));
        failed(wire.runtime("GET", GET, ""), 503, "ThrottlingException");
        assertThat(pauses).containsExactly(Duration.ofNanos(2_500_000));
        assertThat(wire.runtime("GET", "/_emulator/faults", "").body())
                .isEqualTo(Wire.text("{'scripted':[" + throttled.replace("2}", "1}") + "],'random':[" + slow + "]}"));
        assertThat(wire.runtime("DELETE", "/_emulator/faults", "").body()).isEqualTo("{\"scripted\":[],\"random\":[]}");
        assertThat(wire.runtime("GET", GET, "").statusCode()).isEqualTo(200);
        assertThat(emulator.requests()).extracting(LoggedRequest::operation).containsExactly("GetRecord", "GetRecord");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'operation':'*','fault':'internal-failure','times':1}",
                "{'operation':'*','fault':'service-unavailable','times':1}",
                "{'operation':'*','fault':'throttled','times':1}",
                "{'operation':'*','fault':'throttled','status':429,'times':1}",
                "{'operation':'PutRecord','fault':'dropped-before','times':1}",
                "{'operation':'PutRecord','fault':'dropped-after','times':1}",
                "{'operation':'BatchWriteRecord','fault':'unprocessed','share':0.5,'times':1}",
                "{'operation':'*','fault':'group-not-found','times':1}",
                "{'operation':'GetRecord','fault':'latency','medianMillis':4.0,'p99Millis':30.5,'times':1}",
                "{'operation':'GetRecord','fault':'stale-read','times':1}",
                "{'operation':'BatchGetRecord','fault':'stale-read','lagMillis':500.0,'times':1}"
            })
    void whatIsListedCanBeSetAgain(String fault) {
        String listed = Wire.text("{'scripted':[" + fault + "],'random':[]}");

        assertThat(wire.runtime("POST", "/_emulator/faults", fault).body()).isEqualTo(listed);
        assertThat(wire.runtime("GET", "/_emulator/faults", "").body()).isEqualTo(listed);
        assertThat(emulator.faults().toString()).startsWith("faults [").contains("1 times");
    }

    private void putCount(String id, String time, String count) {
        wire.put("cards", "card_id", id, "event_time", time, "count", count);
    }

    /** The counts that a read and a batch read see; none where there is no record. */
    private List<String> counts(String id) {
        JsonNode one = Wire.json(
                wire.runtime("GET", "/FeatureGroup/cards?FeatureName=count&RecordIdentifierValueAsString=" + id, ""));
        JsonNode batch = Wire.json(wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'Identifiers': [{'FeatureGroupName': 'cards', 'FeatureNames': ['count'],"
                        + " 'RecordIdentifiersValueAsString': ['" + id + "']}]}"));
        List<String> counts = new ArrayList<>(one.findValuesAsText("ValueAsString"));
        counts.addAll(batch.findValuesAsText("ValueAsString"));
        return counts;
    }

    @Test
    void aStaleReadSeesWhatWasThereBeforeTheLatestChange() {
        putCount("c1", T0, "1");
        putCount("c1", T0, "2");
        putCount("c2", T0, "1");
        putCount("c3", T0, "1");
        wire.runtime(
                "DELETE", "/FeatureGroup/cards?RecordIdentifierValueAsString=c3&EventTime=2025-06-01T12:00:01Z", "");

        assertThat(counts("c1")).containsExactly("2", "2");
        emulator.faults().atRate(WireFaults.ANY_OPERATION, 1, WireFault.staleRead());
        assertThat(counts("c1")).containsExactly("1", "1");
        assertThat(counts("c2")).isEmpty();
        assertThat(counts("c3")).containsExactly("1", "1");
        emulator.faults().clear();
        assertThat(counts("c3")).isEmpty();
    }

    @Test
    void aStaleReadMayBeBehindByATime() {
        ManualClock clock = ManualClock.startingAt(Instant.parse(T0));
        try (FeatureStoreEmulator other = FeatureStoreEmulator.builder()
                .store(InMemoryFeatureStore.create(clock))
                .start()) {
            Wire there = new Wire(other);
            there.control("CreateFeatureGroup", Groups.transactions("cards"));
            there.put("cards", "card_id", "c1", "event_time", T0);
            other.faults().atRate("GetRecord", 1, WireFault.staleRead(Duration.ofMillis(500)));

            assertThat(there.runtime("GET", GET, "").body()).isEqualTo("{}");
            clock.advance(Duration.ofMillis(499));
            assertThat(there.runtime("GET", GET, "").body()).isEqualTo("{}");
            clock.advance(Duration.ofMillis(1));
            assertThat(there.runtime("GET", GET, "").body()).contains("c1");
        }
    }

    @Test
    void latencyIsPerOperationAndTheSameForTheSameSeed() {
        List<Duration> first = pauses(7);

        assertThat(first).hasSize(20).doesNotHaveDuplicates();
        assertThat(pauses(7)).isEqualTo(first);
        assertThat(pauses(8)).isNotEqualTo(first);
    }

    private static List<Duration> pauses(long seed) {
        List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
        try (FeatureStoreEmulator other =
                FeatureStoreEmulator.builder().seed(seed).sleeper(pauses::add).start()) {
            other.faults()
                    .atRate("ListFeatureGroups", 1, WireFault.latency(Duration.ofMillis(4), Duration.ofMillis(30)));
            Wire there = new Wire(other);
            for (int i = 0; i < 20; i++) {
                there.control("ListFeatureGroups", "{}");
                there.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}");
            }
            return pauses;
        }
    }

    @Test
    void partOfABatchWriteIsWrittenAndTheRestIsReturned() {
        emulator.faults().next("BatchWriteRecord", 1, WireFault.unprocessed(0.4));
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add("{'FeatureGroupName': 'cards', 'Record': " + Wire.record("card_id", "c" + i, "event_time", T0)
                    + "}");
        }

        JsonNode body = Wire.json(
                wire.runtime("POST", "/BatchWriteRecord", "{'Entries': [" + String.join(", ", entries) + "]}"));

        List<String> all = new ArrayList<>();
        body.path("UnprocessedEntries")
                .forEach(entry -> all.add(
                        entry.path("Record").get(0).path("ValueAsString").asText()));
        assertThat(all).hasSizeBetween(1, 9);
        for (String id : List.copyOf(all)) {
            assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=" + id, "")
                            .body())
                    .isEqualTo("{}");
        }
        JsonNode written = Wire.json(wire.runtime("POST", "/FeatureGroup/cards/ListRecords", "{}"));
        written.path("RecordIdentifiers").forEach(id -> all.add(id.asText()));
        assertThat(all).containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'fault': 'earthquake'} | There is no such fault",
                "{'fault': 'throttled', 'status': 418} | 400, 429 or 503",
                "{'fault': 'throttled', 'operation': 'Put'} | no operation of this name",
                "nothing | not JSON",
                "{'fault': 'throttled', 'time': 2} | no member 'time'",
                "{'fault': 'throttled', 'times': 'often'} | 'times' is not a number",
                "{'fault': 'throttled', 'times': 1, 'rate': 0.5} | not both",
                "{'fault': 'latency'} | positive median",
                "{'fault': 'stale-read', 'operation': 'PutRecord'} | does not happen to PutRecord",
                "{'fault': 'stale-read', 'lagMillis': 0} | positive time",
            })
    void aFaultThatIsNotOneIsRefusedOverHttp(String body, String reason) {
        HttpResponse<String> response = wire.runtime("POST", "/_emulator/faults", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.json(response).path("error").asText()).contains(reason);
        assertThat(wire.runtime("PATCH", "/_emulator/faults", "").statusCode()).isEqualTo(405);
        assertThat(wire.runtime("GET", "/_emulator/others", "").statusCode()).isEqualTo(404);
    }

    @Test
    void theCodesThatAreNotKnownAreSwitches() {
        EmulatorBehaviour behaviour = EmulatorBehaviour.defaults()
                .withHardDeleteTooOldCode(HardDeleteCode.VALIDATION_EXCEPTION)
                .withUnknownGroupOnWrite(UnknownGroup.RESOURCE_NOT_FOUND);
        try (FeatureStoreEmulator other =
                FeatureStoreEmulator.builder().behaviour(behaviour).start()) {
            Wire there = new Wire(other);
            there.control("CreateFeatureGroup", Groups.transactions("cards"));
            there.put("cards", "card_id", "c1", "event_time", T0);

            failed(
                    there.runtime("DELETE", GET + "&DeletionMode=HardDelete&EventTime=" + T0, ""),
                    400,
                    "ValidationException");
            failed(
                    there.runtime("DELETE", GET + "&DeletionMode=HardDelete&EventTime=yesterday", ""),
                    400,
                    "ValidationError");
            failed(there.runtime("PUT", "/FeatureGroup/nowhere", record("c1")), 404, "ResourceNotFound");
        }
    }
}
