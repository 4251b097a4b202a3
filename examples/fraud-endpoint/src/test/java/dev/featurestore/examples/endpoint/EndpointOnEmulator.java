package dev.featurestore.examples.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.Sleeper;
import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.emulator.WireFaults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * An endpoint over an emulator with the sample data, called over HTTP. Where the emulator is told to be slow, it does not
 * answer before {@link #letTheStoreAnswer}.
 */
final class EndpointOnEmulator implements AutoCloseable {
    /** Longer than any test waits. */
    static final WireFault SLOW = WireFault.latency(Duration.ofHours(1));

    /** For tests in which nothing is slow. */
    static final Duration AMPLE = Duration.ofSeconds(20);

    static final String PAYMENT = payment(SampleData.card(1), SampleData.merchant(1), 25);

    private final CountDownLatch storeAsked = new CountDownLatch(1);

    private final CountDownLatch storeAnswers = new CountDownLatch(1);

    private final FeatureStoreEmulator emulator;

    private final HttpClient http = HttpClient.newHttpClient();

    private final StoreConnection connection;

    private final FraudEndpoint endpoint;

    private final URI uri;

    private EndpointOnEmulator(
            Duration idle, Duration deadline, WhenIncomplete policy, boolean storeIsDown, Sleeper warmUpPauses) {
        this.emulator = FeatureStoreEmulator.builder()
                .sleeper(pause -> {
                    storeAsked.countDown();
                    storeAnswers.await();
                })
                .start();
        SampleData.fill(emulator.store(), Instant.now());
        if (storeIsDown) {
            emulator.faults().atRate(WireFaults.ANY_OPERATION, 1, WireFault.serviceUnavailable());
        }
        this.connection = StoreConnection.to(emulator);
        this.endpoint = FraudEndpoint.start(
                connection.store(),
                new EndpointSettings("127.0.0.1", 0, idle, deadline, policy, SampleData.keys(), 3, ServingLog.none()),
                warmUpPauses);
        this.uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/");
    }

    /** One that is ready. */
    static EndpointOnEmulator start(Duration deadline, WhenIncomplete policy) throws Exception {
        return start(AMPLE, deadline, policy);
    }

    static EndpointOnEmulator start(Duration idle, Duration deadline, WhenIncomplete policy) throws Exception {
        EndpointOnEmulator started = new EndpointOnEmulator(idle, deadline, policy, false, Sleeper.system());
        while (started.get("health/ready").statusCode() != 200) {
            Thread.onSpinWait();
        }
        return started;
    }

    /** One whose store answers no request, until its faults are cleared. */
    static EndpointOnEmulator startWithoutStore(Sleeper warmUpPauses) {
        return new EndpointOnEmulator(AMPLE, AMPLE, WhenIncomplete.DEFAULTS, true, warmUpPauses);
    }

    static String payment(String card, String merchant, double amount) {
        return "{\"card_id\": \"" + card + "\", \"merchant_id\": \"" + merchant + "\", \"amount\": " + amount + "}";
    }

    FeatureStoreEmulator emulator() {
        return emulator;
    }

    WireFaults faults() {
        return emulator.faults();
    }

    void awaitThatStoreIsAsked() throws InterruptedException {
        storeAsked.await();
    }

    void letTheStoreAnswer() {
        storeAnswers.countDown();
    }

    URI uri(String path) {
        return uri.resolve(path);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    HttpResponse<String> score(String body) throws IOException, InterruptedException {
        return send(scoring(body));
    }

    CompletableFuture<HttpResponse<String>> scoreLater(String body) {
        return http.sendAsync(scoring(body).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder scoring(String body) {
        return HttpRequest.newBuilder(uri("score"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.MAPPER.readTree(response.body());
    }

    void closeEndpoint() {
        endpoint.close();
    }

    @Override
    public void close() {
        letTheStoreAnswer();
        endpoint.close();
        connection.close();
        emulator.close();
    }
}
