package dev.featurestore.examples.endpoint;

import static dev.featurestore.examples.endpoint.EndpointOnEmulator.AMPLE;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.PAYMENT;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.SLOW;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.json;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.payment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.fraud.Score;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.view.FeatureVector;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreTest {
    /** What a store that does not answer costs a test. */
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void scoresWhatTheStoreHas() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            HttpResponse<String> response = endpoint.score(PAYMENT);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            JsonNode answer = json(response);
            FeatureVector vector = endpoint.emulator()
                    .store()
                    .view(Fraud.MODEL_V1)
                    .fetch(Map.of("card_id", SampleData.card(1), "merchant_id", SampleData.merchant(1)));
            assertThat(vector.result(Fraud.CARD).eventTime()).isNotNull();
            assertThat(answer.get("score").doubleValue()).isEqualTo(Score.of(vector, 25));
            assertThat(answer.get("complete").booleanValue()).isTrue();
            assertThat(answer.get("view").textValue()).isEqualTo("fraud_model_v1");
            assertThat(answer.get("fingerprint").textValue()).isEqualTo(Fraud.MODEL_V1.fingerprint());
            for (String group : List.of("card", "merchant")) {
                assertThat(answer.at("/groups/" + group + "/status").textValue())
                        .as(group)
                        .isEqualTo("FOUND");
                assertThat(answer.at("/groups/" + group + "/age_millis").longValue())
                        .as(group)
                        .isNotNegative();
            }
        }
    }

    @Test
    void scoresACardThatTheStoreDoesNotHave() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.REFUSE)) {
            HttpResponse<String> response = endpoint.score(payment("card-of-nobody", SampleData.merchant(1), 25));

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode answer = json(response);
            assertThat(answer.at("/groups/card").toString()).isEqualTo("{\"status\":\"ABSENT\"}");
            assertThat(answer.at("/groups/merchant/status").textValue()).isEqualTo("FOUND");
            assertThat(answer.get("complete").booleanValue()).isTrue();
            assertThat(answer.get("score").doubleValue()).isBetween(0.0, 1.0);
        }
    }

    /** The store answers after the test: an answer at all is one by the deadline. */
    @Test
    void scoresByDefaultsAtTheDeadline() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(SHORT, WhenIncomplete.DEFAULTS)) {
            endpoint.faults().atRate("GetRecord", 1, SLOW);

            HttpResponse<String> response = endpoint.score(PAYMENT);

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode answer = json(response);
            assertThat(answer.get("complete").booleanValue()).isFalse();
            assertThat(answer.get("score").doubleValue()).isBetween(0.0, 1.0);
            assertFailed(answer, "card", "DEADLINE_EXCEEDED");
            assertFailed(answer, "merchant", "DEADLINE_EXCEEDED");
        }
    }

    @Test
    void refusesAtTheDeadline() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(SHORT, WhenIncomplete.REFUSE)) {
            endpoint.faults().atRate("GetRecord", 1, SLOW);

            HttpResponse<String> response = endpoint.score(PAYMENT);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
            JsonNode answer = json(response);
            assertThat(answer.has("score")).isFalse();
            assertFailed(answer, "card", "DEADLINE_EXCEEDED");
            assertFailed(answer, "merchant", "DEADLINE_EXCEEDED");
        }
    }

    @Test
    void usesWhatCameInTime() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(Duration.ofSeconds(2), WhenIncomplete.DEFAULTS)) {
            endpoint.faults().next("GetRecord", 1, SLOW);

            JsonNode answer = json(endpoint.score(PAYMENT));

            assertThat(answer.get("complete").booleanValue()).isFalse();
            assertThat(answer.get("groups").findValuesAsText("status")).containsExactlyInAnyOrder("FOUND", "FAILED");
        }
    }

    @Test
    void aThrottledCardIsNotAnAbsentOne() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            endpoint.faults().atRate("GetRecord", 1, WireFault.throttled());

            JsonNode answer = json(endpoint.score(payment("card-of-nobody", SampleData.merchant(1), 25)));

            assertThat(answer.get("complete").booleanValue()).isFalse();
            assertFailed(answer, "card", "THROTTLED");
            assertFailed(answer, "merchant", "THROTTLED");
        }
    }

    private static void assertFailed(JsonNode answer, String group, String code) {
        assertThat(answer.at("/groups/" + group).toString())
                .isEqualTo("{\"status\":\"FAILED\",\"failure\":\"" + code + "\"}");
    }
}
