package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The faults of the store behind the emulator come out as the service's. */
class FaultyStoreTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String RECORD = Wire.record("card_id", "c1", "event_time", T0);

    private static final String READ =
            "{'Identifiers': [{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['c1']}]}";

    private static FeatureStoreEmulator faulty(FaultPlan plan) {
        FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
                .store(InMemoryFeatureStore.builder().faults(plan).build())
                .start();
        new Wire(emulator).control("CreateFeatureGroup", Groups.transactions("cards"));
        return emulator;
    }

    @Test
    void failuresOfReadsHaveTheServicesCodes() {
        FaultPlan plan = FaultPlan.script()
                .fail(Operation.GET, Fault.THROTTLED)
                .fail(Operation.GET, Fault.UNAVAILABLE)
                .fail(Operation.GET, Fault.GROUP_NOT_VISIBLE)
                .build();
        try (FeatureStoreEmulator emulator = faulty(plan)) {
            Wire wire = new Wire(emulator);

            assertThat(get(wire)).isEqualTo("400 ThrottlingException");
            assertThat(get(wire)).isEqualTo("503 ServiceUnavailable");
            assertThat(get(wire)).isEqualTo("404 ResourceNotFound");
            assertThat(get(wire)).isEqualTo("200 ");
        }
    }

    private static String get(Wire wire) {
        HttpResponse<String> response = wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "");
        return response.statusCode() + " "
                + response.headers().firstValue("x-amzn-errortype").orElse("");
    }

    @Test
    void aLostAnswerIsADroppedConnection() {
        FaultPlan plan =
                FaultPlan.script().fail(Operation.PUT, Fault.LOST_RESPONSE).build();
        try (FeatureStoreEmulator emulator = faulty(plan)) {
            Wire wire = new Wire(emulator);

            assertThatThrownBy(() -> wire.send("PUT", "/FeatureGroup/cards", Wire.text("{'Record': " + RECORD + "}")))
                    .isInstanceOf(IOException.class);
            assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                            .body())
                    .contains("c1");
        }
    }

    @Test
    void keysOfABatchFailOrAreLeft() {
        FaultPlan plan = FaultPlan.script()
                .fail(Operation.BATCH_GET, Fault.UNPROCESSED_KEYS)
                .fail(Operation.BATCH_GET, Fault.KEY_ERRORS)
                .build();
        try (FeatureStoreEmulator emulator = faulty(plan)) {
            Wire wire = new Wire(emulator);

            JsonNode left = Wire.json(wire.runtime("POST", "/BatchGetRecord", READ));
            JsonNode failed = Wire.json(wire.runtime("POST", "/BatchGetRecord", READ));

            assertThat(left.path("UnprocessedIdentifiers"))
                    .isEqualTo(Wire.json("[{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['c1']}]"));
            assertThat(failed.path("Errors").get(0).path("ErrorCode").asText()).isEqualTo("ServiceUnavailable");
        }
    }

    @Test
    void entriesThatMayPassLaterAreUnprocessed() {
        FaultPlan plan = FaultPlan.script().fail(Operation.PUT, Fault.THROTTLED).build();
        try (FeatureStoreEmulator emulator = faulty(plan)) {
            String entry = "{'FeatureGroupName': 'cards', 'Record': " + RECORD + "}";

            JsonNode body =
                    Wire.json(new Wire(emulator).runtime("POST", "/BatchWriteRecord", "{'Entries': [" + entry + "]}"));

            assertThat(body).isEqualTo(Wire.json("{'Errors': [], 'UnprocessedEntries': [" + entry + "]}"));
        }
    }
}
