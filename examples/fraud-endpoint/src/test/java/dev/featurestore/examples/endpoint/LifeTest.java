package dev.featurestore.examples.endpoint;

import static dev.featurestore.examples.endpoint.EndpointOnEmulator.AMPLE;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.PAYMENT;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.SLOW;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.json;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LifeTest {
    @Test
    void isReadyOnceTheStoreHasAnswered() throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.startWithoutStore(pause -> {
            paused.countDown();
            goOn.await();
        })) {
            paused.await();
            assertThat(endpoint.get("health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> notYet = endpoint.get("health/ready");
            assertThat(notYet.statusCode()).isEqualTo(503);
            assertThat(notYet.body()).isEqualTo("{\"status\":\"warming up\"}");

            endpoint.faults().clear();
            goOn.countDown();

            HttpResponse<String> ready = endpoint.get("health/ready");
            while (ready.statusCode() != 200) {
                ready = endpoint.get("health/ready");
            }
            assertThat(ready.body()).isEqualTo("{\"status\":\"ready\"}");
        }
    }

    @Test
    void countsWhatItDid() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            endpoint.score(PAYMENT);
            endpoint.score(payment("card-of-nobody", SampleData.merchant(1), 1));
            endpoint.score("{}");

            HttpResponse<String> metrics = endpoint.get("metrics");

            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            String card = "group=\"fraud_cards_v1\",result=\"%s\",selection=\"card\",view=\"fraud_model_v1\"";
            assertThat(metrics.body().lines())
                    .contains(
                            "featurestore_fetch_groups_total{" + String.format(card, "found") + "} 1.0",
                            "featurestore_fetch_groups_total{" + String.format(card, "absent") + "} 1.0",
                            "featurestore_fetch_vectors_total{view=\"fraud_model_v1\"} 2.0",
                            "fraud_score_seconds_count{outcome=\"complete\"} 2",
                            "fraud_score_seconds_count{outcome=\"bad_request\"} 1")
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                    .anyMatch(line -> line.startsWith("jetty_threads_busy"));
            assertThat(metrics.body()).doesNotContain(SampleData.card(1), "card-of-nobody");
        }
    }

    @Test
    void finishesWhatItHasBegunAndTakesNothingNew() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            endpoint.faults().next("GetRecord", 1, SLOW);
            CompletableFuture<HttpResponse<String>> begun = endpoint.scoreLater(PAYMENT);
            endpoint.awaitThatStoreIsAsked();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(endpoint::closeEndpoint);
            while (isLive(endpoint)) {
                assertThat(closed).isNotDone();
            }
            assertThat(begun).isNotDone();
            endpoint.letTheStoreAnswer();

            assertThat(begun.get().statusCode()).isEqualTo(200);
            assertThat(json(begun.get()).get("complete").booleanValue()).isTrue();
            closed.get();
            assertThatThrownBy(() -> endpoint.get("health/live")).isInstanceOf(ConnectException.class);
        }
    }

    private static boolean isLive(EndpointOnEmulator endpoint) throws InterruptedException {
        try {
            return endpoint.get("health/live").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
