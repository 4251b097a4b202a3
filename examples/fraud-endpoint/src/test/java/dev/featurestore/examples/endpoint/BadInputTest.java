package dev.featurestore.examples.endpoint;

import static dev.featurestore.examples.endpoint.EndpointOnEmulator.PAYMENT;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.json;
import static dev.featurestore.examples.endpoint.EndpointOnEmulator.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
    /** Stands for a value that no answer may have in it. */
    private static final String SECRET = "s3cret";

    @SuppressWarnings("NullAway.Init")
    private static EndpointOnEmulator endpoint;

    @BeforeAll
    static void start() throws Exception {
        endpoint = EndpointOnEmulator.start(EndpointOnEmulator.AMPLE, WhenIncomplete.DEFAULTS);
    }

    @AfterAll
    static void stop() {
        endpoint.close();
    }

    static Stream<Arguments> bodies() {
        String merchantAndAmount = "\"merchant_id\": \"s3cret\", \"amount\": 1";
        String keys = "\"card_id\": \"s3cret\", \"merchant_id\": \"s3cret\"";
        return Stream.of(
                arguments("", "The body: expected a JSON object, got nothing."),
                arguments("s3cret", "The body is not JSON: see line 1, column 1."),
                arguments("{\n\"card_id\": s3cret", "The body is not JSON: see line 2, column 12."),
                arguments("[\"s3cret\"]", "The body: expected a JSON object, got array."),
                arguments("{} \"s3cret\"", "The body is not JSON: see line 1, column 4."),
                arguments("{\"s3cret\": 1, \"s3cret\": 2}", "The body is not JSON: see line 1, column 23."),
                arguments("{" + merchantAndAmount + "}", "card_id: expected a text, got nothing."),
                arguments("{\"card_id\": 1, " + merchantAndAmount + "}", "card_id: expected a text, got number."),
                arguments("{\"card_id\": null, " + merchantAndAmount + "}", "card_id: expected a text, got null."),
                arguments(
                        "{\"card_id\": \" \", " + merchantAndAmount + "}",
                        "card_id: expected a text of 1 to 128 characters, got 1 blank ones."),
                arguments(
                        "{\"card_id\": \"" + SECRET.repeat(22) + "\", " + merchantAndAmount + "}",
                        "card_id: expected a text of 1 to 128 characters, got 132."),
                arguments(
                        "{\"card_id\": \"s3cret\", \"merchant_id\": {}, \"amount\": 1}",
                        "merchant_id: expected a text, got object."),
                arguments("{" + keys + "}", "amount: expected a number, got nothing."),
                arguments("{" + keys + ", \"amount\": \"s3cret\"}", "amount: expected a number, got string."),
                arguments("{" + keys + ", \"amount\": -1}", "amount: expected a finite number, zero or more."),
                arguments("{" + keys + ", \"amount\": 1e999}", "amount: expected a finite number, zero or more."));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void tellsWhatWasExpectedAndQuotesNothing(String body, String detail) throws Exception {
        HttpResponse<String> response = endpoint.score(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("detail").textValue()).isEqualTo(detail);
        assertThat(response.body()).doesNotContain(SECRET);
    }

    @Test
    void passesOverWhatItDoesNotKnow() throws Exception {
        String body = "{\"currency\": \"EUR\", " + PAYMENT.substring(1);

        assertThat(endpoint.score(body).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesOtherMediaTypes() throws Exception {
        HttpResponse<String> response = endpoint.send(HttpRequest.newBuilder(endpoint.uri("score"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(PAYMENT)));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(json(response).get("detail").textValue()).contains("application/json");
    }

    @Test
    void refusesBodiesThatAreTooBig() throws Exception {
        HttpResponse<String> response = endpoint.score(payment(SECRET.repeat(10_000), "merchant", 1));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("16384").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, score, 'POST'",
        "POST, metrics, 'GET, HEAD'",
        "DELETE, health/live, 'GET, HEAD'",
        "PUT, health/ready, 'GET, HEAD'"
    })
    void refusesOtherMethods(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response =
                endpoint.send(HttpRequest.newBuilder(endpoint.uri(path)).method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
    }

    @Test
    void doesNotQuotePathsThatAreNotThere() throws Exception {
        HttpResponse<String> response = endpoint.get("score/s3cret?card=s3cret");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"s3cret", "GET /%s3cret HTTP/1.1", "GET /s3cret HTTP/1.1"})
    void answersWhatIsNotHttpInTheSameFormat(String line) throws IOException {
        try (Socket socket =
                new Socket(endpoint.uri("").getHost(), endpoint.uri("").getPort())) {
            socket.getOutputStream().write((line + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(response).startsWith("HTTP/1.1 400").doesNotContain(SECRET);
        }
    }
}
