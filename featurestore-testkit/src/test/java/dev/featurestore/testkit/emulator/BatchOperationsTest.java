package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchOperationsTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String ARN = "arn:aws:sagemaker:us-east-1:000000000000:feature-group/users";

    private final ManualClock clock = ManualClock.startingAt(Instant.parse(T0));

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .store(InMemoryFeatureStore.create(clock))
            .start();

    private final Wire wire = new Wire(emulator);

    @BeforeEach
    void createGroups() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        wire.control(
                "CreateFeatureGroup",
                Groups.group("users", Groups.online(", 'TtlDuration': {'Unit': 'Hours', 'Value': 1}")));
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void aBatchReadEchoesTheNamesSentAndLeavesOutWhatIsAbsent() {
        wire.put("cards", "card_id", "c1", "event_time", T0, "count", "1");
        wire.put("users", "card_id", "u1", "event_time", T0, "count", "2");

        HttpResponse<String> response = wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'ExpirationTimeResponse': 'Enabled', 'Identifiers': ["
                        + "{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['c1', 'c2']},"
                        + "{'FeatureGroupName': '" + ARN + "', 'RecordIdentifiersValueAsString': ['u1'],"
                        + " 'FeatureNames': ['count']}]}");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = Wire.json(response);
        assertThat(body.path("Records"))
                .containsExactlyInAnyOrder(
                        Wire.json("{'FeatureGroupName': 'cards', 'RecordIdentifierValueAsString': 'c1', 'Record': "
                                + Wire.record("card_id", "c1", "event_time", T0, "count", "1") + "}"),
                        Wire.json("{'FeatureGroupName': '" + ARN + "', 'RecordIdentifierValueAsString': 'u1', 'Record':"
                                + " [{'FeatureName': 'count', 'ValueAsString': '2'}],"
                                + " 'ExpiresAt': '2025-06-01T13:00:00Z'}"));
        assertThat(body.path("Errors")).isEqualTo(Wire.json("[]"));
        assertThat(body.path("UnprocessedIdentifiers")).isEqualTo(Wire.json("[]"));
    }

    @Test
    void keysOfAnUnknownGroupAreErrorsOfTheirOwn() {
        wire.put("cards", "card_id", "c1", "event_time", T0);

        JsonNode body = Wire.json(wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'Identifiers': [{'FeatureGroupName': 'nowhere', 'RecordIdentifiersValueAsString': ['a', 'b']},"
                        + "{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['c1']}]}"));

        assertThat(body.path("Records")).hasSize(1);
        assertThat(body.path("Errors")).hasSize(2);
        assertThat(body.path("Errors").get(0))
                .isEqualTo(
                        Wire.json("{'FeatureGroupName': 'nowhere', 'RecordIdentifierValueAsString': 'a', 'ErrorCode':"
                                + " 'ResourceNotFound', 'ErrorMessage': '"
                                + body.path("Errors")
                                        .get(0)
                                        .path("ErrorMessage")
                                        .asText()
                                        .replace("'", "\\u0027") + "'}"));
    }

    @Test
    void recordsComeInNoOrderUnlessTheStoreIsToldOtherwise() {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            wanted.add("c" + i);
            wire.put("cards", "card_id", "c" + i, "event_time", T0);
        }

        assertThat(read(wire, wanted))
                .containsExactlyInAnyOrderElementsOf(wanted)
                .isNotEqualTo(wanted);

        InMemoryFeatureStore ordered = InMemoryFeatureStore.builder()
                .clock(clock)
                .behaviour(ServiceBehaviour.defaults().withBatchGetOrder(ServiceBehaviour.BatchGetOrder.REQUEST))
                .build();
        try (FeatureStoreEmulator other =
                FeatureStoreEmulator.builder().store(ordered).start()) {
            Wire there = new Wire(other);
            there.control("CreateFeatureGroup", Groups.transactions("cards"));
            wanted.forEach(id -> there.put("cards", "card_id", id, "event_time", T0));
            assertThat(read(there, wanted)).isEqualTo(wanted);
        }
    }

    private static List<String> read(Wire wire, List<String> ids) {
        return Wire.json(wire.runtime(
                        "POST",
                        "/BatchGetRecord",
                        "{'Identifiers': [{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['"
                                + String.join("', '", ids) + "']}]}"))
                .path("Records")
                .findValuesAsText("RecordIdentifierValueAsString");
    }

    @Test
    void moreThanAHundredRecordsInAllAreRefused() {
        String ids = "['" + String.join("', '", java.util.Collections.nCopies(51, "x")) + "']";

        HttpResponse<String> response = wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'Identifiers': [{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': " + ids + "},"
                        + "{'FeatureGroupName': 'users', 'RecordIdentifiersValueAsString': " + ids + "}]}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(response.body()).contains("at most 100 record identifiers in all its groups, got 102");
    }

    @Test
    void entriesThatFailDoNotStopTheOthers() {
        String bad = "{'FeatureGroupName': 'users', 'Record': " + Wire.record("event_time", T0, "count", "7")
                + ", 'TargetStores': ['OnlineStore']}";

        HttpResponse<String> response = wire.runtime(
                "POST",
                "/BatchWriteRecord",
                "{'Entries': [{'FeatureGroupName': 'cards', 'Record': "
                        + Wire.record("card_id", "c1", "event_time", T0) + "}, " + bad
                        + ", {'FeatureGroupName': '" + ARN + "', 'Record': "
                        + Wire.record("card_id", "u1", "event_time", T0) + "}]}");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = Wire.json(response);
        assertThat(body.path("UnprocessedEntries")).isEqualTo(Wire.json("[]"));
        assertThat(body.path("Errors"))
                .containsExactly(Wire.json("{'Entry': " + bad + ", 'ErrorCode': 'ValidationError', 'ErrorMessage':"
                        + " 'The record identifier feature named [card_id] is missing'}"));
        assertThat(found("cards", "c1")).isTrue();
        assertThat(found("users", "u1")).isTrue();
    }

    @Test
    void theTimeToLiveOfAnEntryGoesBeforeTheRequestsAndThatBeforeTheGroups() {
        String record = "'Record': ";
        wire.runtime(
                "POST",
                "/BatchWriteRecord",
                "{'TtlDuration': {'Unit': 'Minutes', 'Value': 30}, 'Entries': ["
                        + "{'FeatureGroupName': 'users', " + record + Wire.record("card_id", "own", "event_time", T0)
                        + ", 'TtlDuration': {'Unit': 'Minutes', 'Value': 10}},"
                        + "{'FeatureGroupName': 'users', " + record + Wire.record("card_id", "all", "event_time", T0)
                        + "}]}");
        wire.put("users", "card_id", "group", "event_time", T0);

        clock.advance(Duration.ofMinutes(10));
        assertThat(found("users", "own")).isFalse();
        assertThat(found("users", "all")).isTrue();
        clock.advance(Duration.ofMinutes(20));
        assertThat(found("users", "all")).isFalse();
        assertThat(found("users", "group")).isTrue();
        clock.advance(Duration.ofMinutes(30));
        assertThat(found("users", "group")).isFalse();
    }

    @Test
    void anUnknownGroupFailsABatchOfWritesBeforeAnythingIsWritten() {
        HttpResponse<String> response = wire.runtime(
                "POST",
                "/BatchWriteRecord",
                "{'Entries': [{'FeatureGroupName': 'cards', 'Record': "
                        + Wire.record("card_id", "c1", "event_time", T0)
                        + "}, {'FeatureGroupName': 'nowhere', 'Record': "
                        + Wire.record("card_id", "c1", "event_time", T0) + "}]}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFound");
        assertThat(found("cards", "c1")).isFalse();
    }

    private boolean found(String group, String id) {
        return wire.runtime("GET", "/FeatureGroup/" + group + "?RecordIdentifierValueAsString=" + id, "")
                .body()
                .contains("Record");
    }
}
