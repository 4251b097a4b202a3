package dev.featurestore.examples.endpoint;

import static dev.featurestore.examples.endpoint.EndpointOnEmulator.AMPLE;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.PAYMENT;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.SLOW;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that do not send their bodies, and more of them than can be served. */
@Timeout(60)
class SlowCallersTest {
    private static final String BEGUN =
            "POST /score HTTP/1.1\r\nHost: any\r\nContent-Type: application/json\r\n" + "Content-Length: 100\r\n\r\n{";

    @Test
    void doNotKeepOthersFromBeingServed() throws Exception {
        List<Socket> callers = new ArrayList<>();
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            for (int i = 0; i < 4 * FraudEndpoint.PAYMENTS_AT_ONCE; i++) {
                callers.add(begun(endpoint));
            }

            assertThat(endpoint.get("health/live").statusCode()).isEqualTo(200);
            assertThat(endpoint.score(PAYMENT).statusCode()).isEqualTo(200);
        } finally {
            for (Socket caller : callers) {
                caller.close();
            }
        }
    }

    @Test
    void areToldThatTheirTimeIsOver() throws Exception {
        try (EndpointOnEmulator endpoint =
                        EndpointOnEmulator.start(Duration.ofMillis(500), AMPLE, WhenIncomplete.DEFAULTS);
                Socket caller = begun(endpoint)) {
            assertThat(answer(caller)).startsWith("HTTP/1.1 408").contains("application/problem+json");
            assertThat(endpoint.get("metrics").body()).contains("fraud_score_seconds_count{outcome=\"timeout\"} 1");
        }
    }

    @Test
    void mayNotEndHalfway() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS);
                Socket caller = begun(endpoint)) {
            caller.shutdownOutput();

            assertThat(answer(caller)).startsWith("HTTP/1.1 400").contains("application/problem+json");
            assertThat(endpoint.get("metrics").body()).contains("fraud_score_seconds_count{outcome=\"bad_request\"} 1");
        }
    }

    @Test
    void mayNotSendMoreThanIsReadEvenIfTheyDoNotSayHowMuch() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            HttpResponse<String> response = endpoint.send(endpoint.scoring(PAYMENT)
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(20_000)))));

            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void tooManyPaymentsAreRefusedWhileHealthIsAnswered() throws Exception {
        try (EndpointOnEmulator endpoint = EndpointOnEmulator.start(AMPLE, WhenIncomplete.DEFAULTS)) {
            endpoint.faults().atRate("GetRecord", 1, SLOW);
            List<CompletableFuture<HttpResponse<String>>> begun = new ArrayList<>();
            for (int i = 0; i <= FraudEndpoint.PAYMENTS_AT_ONCE; i++) {
                begun.add(endpoint.scoreLater(PAYMENT));
            }
            CompletableFuture.anyOf(begun.toArray(CompletableFuture<?>[]::new)).get();
            HttpResponse<String> refused = begun.stream()
                    .filter(CompletableFuture::isDone)
                    .findFirst()
                    .orElseThrow()
                    .get();

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).get("detail").textValue()).isEqualTo("Too many payments at once.");
            assertThat(endpoint.get("health/live").statusCode()).isEqualTo(200);
            assertThat(endpoint.get("metrics").body()).contains("fraud_score_seconds_count{outcome=\"overloaded\"} 1");

            endpoint.letTheStoreAnswer();
            for (CompletableFuture<HttpResponse<String>> each : begun) {
                assertThat(each.get().statusCode()).isIn(200, 503);
            }
        }
    }

    private static Socket begun(EndpointOnEmulator endpoint) throws IOException {
        Socket socket = new Socket(endpoint.uri("").getHost(), endpoint.uri("").getPort());
        socket.getOutputStream().write(BEGUN.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket caller) throws IOException {
        return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
