package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UpdateRecord and ListRecords. */
class UpdateRecordTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String T1 = "2025-06-01T12:00:01Z";

    private final ManualClock clock = ManualClock.startingAt(Instant.parse(T1));

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .store(InMemoryFeatureStore.create(clock))
            .start();

    private final Wire wire = new Wire(emulator);

    @BeforeEach
    void createGroup() {
        wire.control(
                "CreateFeatureGroup",
                Groups.transactions("cards").replace("true}", "true, 'StorageType': 'Standard_V2'}"));
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    private HttpResponse<String> update(String id, String features, String... more) {
        return wire.runtime(
                "POST",
                "/FeatureGroup/cards/Record",
                "{'RecordIdentifierValueAsString': '" + id + "', 'Features': " + features + String.join("", more)
                        + "}");
    }

    private HttpResponse<String> get(String id) {
        return wire.runtime(
                "GET", "/FeatureGroup/cards?ExpirationTimeResponse=Enabled&RecordIdentifierValueAsString=" + id, "");
    }

    @Test
    void anUpdateReplacesTheFeaturesItHasAndKeepsTheOthers() {
        wire.put("cards", "card_id", "c1", "event_time", T0, "amount", "1.5");

        HttpResponse<String> updated = update("c1", Wire.record("count", "2"));

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(updated.body()).isEmpty();
        assertThat(Wire.json(get("c1")))
                .isEqualTo(Wire.json("{'Record': "
                        + Wire.record("amount", "1.5", "card_id", "c1", "event_time", T0, "count", "2") + "}"));
        assertThat(emulator.store().history(emulator.store().definition("cards").orElseThrow()))
                .satisfiesExactly(
                        first -> assertThat(first.record().size()).isEqualTo(3),
                        second -> assertThat(second.record().size()).isEqualTo(4));
    }

    @Test
    void anOlderUpdateIsAConflictAndAnEqualOneIsNot() {
        wire.put("cards", "card_id", "c1", "event_time", T1);

        HttpResponse<String> older = update("c1", Wire.record("event_time", T0, "count", "1"));
        HttpResponse<String> equal = update("c1", Wire.record("event_time", T1, "count", "2"));

        assertThat(older.statusCode()).isEqualTo(409);
        assertThat(older.headers().firstValue("x-amzn-errortype")).hasValue("ConflictException");
        assertThat(older.body())
                .isEqualTo(
                        Wire.text("{'Message':'The event time feature named [event_time] is older than the record#s'}")
                                .replace('#', '\''));
        assertThat(equal.statusCode()).isEqualTo(200);
        assertThat(get("c1").body()).contains("\"2\"");
    }

    @Test
    void aRecordThatIsAbsentOrDeletedOrOnlyOfflineCannotBeUpdated() {
        wire.put("cards", "card_id", "gone", "event_time", T0);
        wire.runtime("DELETE", "/FeatureGroup/cards?RecordIdentifierValueAsString=gone&EventTime=" + T1, "");
        wire.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': " + Wire.record("card_id", "off", "event_time", T0)
                        + ", 'TargetStores': ['OfflineStore']}");

        for (String id : List.of("nobody", "gone", "off")) {
            HttpResponse<String> response = update(id, Wire.record("count", "2"));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFound");
            assertThat(response.body()).doesNotContain(id);
        }
    }

    @Test
    void theTimeToLiveIsKeptUnlessAnEventTimeBringsAnother() {
        wire.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': " + Wire.record("card_id", "c1", "event_time", T0)
                        + ", 'TtlDuration': {'Unit': 'Minutes', 'Value': 1}}");

        update("c1", Wire.record("count", "1"));
        assertThat(Wire.json(get("c1")).path("ExpiresAt").asText()).isEqualTo("2025-06-01T12:01:00Z");
        update("c1", Wire.record("event_time", T1));
        assertThat(Wire.json(get("c1")).path("ExpiresAt").asText()).isEqualTo("2025-06-01T12:01:01Z");
        update("c1", Wire.record("event_time", T1), ", 'TtlDuration': {'Unit': 'Hours', 'Value': 1}");
        assertThat(Wire.json(get("c1")).path("ExpiresAt").asText()).isEqualTo("2025-06-01T13:00:01Z");

        clock.advance(Duration.ofHours(1));
        assertThat(update("c1", Wire.record("count", "1")).statusCode()).isEqualTo(404);
    }

    @Test
    void updatesThatBreakARuleAreRefused() {
        wire.put("cards", "card_id", "c1", "event_time", T0);
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            names.add("f" + i);
            names.add("1");
        }

        refused(update("c1", Wire.record("card_id", "c2")), "[card_id] cannot be changed");
        refused(update("c1", Wire.record("other", "1")), "[other] is not in");
        refused(update("c1", Wire.record("count", "1", "count", "2")), "[count] is there more than once");
        refused(update("c1", Wire.record("count", "one")), "[count]");
        refused(update("c1", "[{'FeatureName': 'count'}]"), "[count] must have exactly one");
        refused(update("c1", Wire.record(names.toArray(String[]::new))), "at most 100 features, got 101");
        refused(
                update("c1", Wire.record("count", "1"), ", 'TtlDuration': {'Unit': 'Hours', 'Value': 1}"),
                "needs an event time");
        refused(update("c1", Wire.record("count", "1"), ", 'TargetStores': ['OfflineStore']"), "online store");
        wire.control("CreateFeatureGroup", Groups.transactions("standard"));
        wire.put("standard", "card_id", "c1", "event_time", T0);
        refused(
                wire.runtime(
                        "POST",
                        "/FeatureGroup/standard/Record",
                        "{'RecordIdentifierValueAsString': 'c1', 'Features': " + Wire.record("count", "1") + "}"),
                "Standard_V2 or InMemory");
        assertThat(get("c1").body()).doesNotContain("count");
    }

    private static void refused(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(Wire.json(response).path("Message").asText()).contains(reason);
    }

    @Test
    void identifiersAreListedPageByPageInNoOrder() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add("c" + i);
            wire.put("cards", "card_id", "c" + i, "event_time", T0);
        }
        wire.runtime("DELETE", "/FeatureGroup/cards?RecordIdentifierValueAsString=c3&EventTime=" + T1, "");

        List<String> listed = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            JsonNode page = Wire.json(wire.runtime(
                    "POST",
                    "/FeatureGroup/cards/ListRecords",
                    "{'MaxResults': 4, 'IncludeSoftDeletedRecords': true"
                            + (token.isEmpty() ? "" : ", 'NextToken': '" + token + "'") + "}"));
            page.path("RecordIdentifiers").forEach(id -> listed.add(id.asText()));
            token = page.path("NextToken").asText();
            pages++;
        } while (!token.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(ids).isNotEqualTo(ids);
        assertThat(Wire.json(wire.runtime("POST", "/FeatureGroup/cards/ListRecords", ""))
                        .path("RecordIdentifiers"))
                .hasSize(9);
        assertThat(wire.runtime("POST", "/FeatureGroup/nowhere/ListRecords", "{}")
                        .statusCode())
                .isEqualTo(404);
    }
}
