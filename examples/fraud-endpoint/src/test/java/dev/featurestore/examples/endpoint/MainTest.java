package dev.featurestore.examples.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featurestore.examples.fraud.Fraud;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program, in a process of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MainTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern LISTENING = Pattern.compile("Listening on port (\\d+) ");

    private static JsonNode answerOfThePage() throws IOException {
        String page = Files.readString(Path.of("README.md"));
        Matcher block = Pattern.compile("(?s)```json\\R(.*?)```").matcher(page);
        assertThat(block.find()).isTrue();
        return JSON.readTree(block.group(1));
    }

    @Test
    void servesUntilItIsToldToEnd(@TempDir Path folder) throws Exception {
        Process process = start(
                Map.of("FRAUD_SERVING_LOG_SALT", "any", "FRAUD_SERVING_LOG_SHARE", "1"),
                "--emulator",
                "--emulator-port",
                "0",
                "--port",
                "0",
                "--fingerprint",
                Fraud.MODEL_V1.fingerprint(),
                "--serving-log",
                folder.toString());
        try (BufferedReader log = process.inputReader()) {
            URI uri = listening(log);
            awaitLine(log, "Ready, after");
            HttpRequest request = HttpRequest.newBuilder(uri.resolve("/score"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(EndpointOnEmulator.PAYMENT))
                    .build();
            JsonNode answer = JSON.readTree(HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body());
            JsonNode said = answerOfThePage();
            assertThat(answer.fieldNames()).toIterable().containsExactlyElementsOf(said::fieldNames);
            assertThat(answer.get("groups").fieldNames())
                    .toIterable()
                    .containsExactlyElementsOf(said.get("groups")::fieldNames);
            assertThat(answer.get("view")).isEqualTo(said.get("view"));
            assertThat(answer.get("fingerprint").textValue())
                    .startsWith(said.get("fingerprint").textValue().replace("…", ""));

            process.toHandle().destroy(); // SIGTERM; unlike that of the process it leaves the log open

            assertThat(log.lines().toList()).last().asString().endsWith("Ended");
            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(Files.readAllLines(folder.resolve("served-000001.jsonl")))
                    .singleElement()
                    .asString()
                    .contains(Fraud.MODEL_V1.fingerprint())
                    .doesNotContain(SampleData.card(1));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void refusesAViewThatTheModelWasNotTrainedOn() throws Exception {
        Process process = start(Map.of(), "--emulator", "--port", "0", "--fingerprint", "of-another-view");
        try (BufferedReader log = process.inputReader()) {
            assertThat(log.lines().toList()).singleElement().asString().contains("Cannot start: ", "fingerprint");
            assertThat(process.waitFor()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsIfItCanNeverBecomeWarm() throws Exception {
        Process process = start(
                Map.of("AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any", "AWS_REGION", "us-east-1"),
                "--port",
                "0",
                "--warm-up-card",
                "");
        try (BufferedReader log = process.inputReader()) {
            awaitLine(log, "Cannot start: --warm-up-card");
            assertThat(log.lines().toList()).last().asString().endsWith("Ended");
            assertThat(process.waitFor()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void closesWhatItOpenedIfItCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start(
                    Map.of(), "--emulator", "--emulator-port", "0", "--port", Integer.toString(taken.getLocalPort()));
            try (BufferedReader log = process.inputReader()) {
                awaitLine(log, "Cannot start: Cannot listen on port");
                assertThat(log.lines().toList()).last().asString().endsWith("Ended");
                assertThat(process.waitFor()).isEqualTo(1);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--deadline, 0, Option --deadline: expected a positive number of milliseconds.",
        "--serving-log, target/none, Option --serving-log: set the variable FRAUD_SERVING_LOG_SALT as well."
    })
    void refusesOptionsThatCannotBeUsed(String option, String value, String message) throws Exception {
        Process process = start(Map.of(), option, value);
        try (BufferedReader log = process.inputReader()) {
            assertThat(log.lines().toList()).startsWith(message);
            assertThat(process.waitFor()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Map<String, String> variables, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("FRAUD_"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static URI listening(BufferedReader log) throws IOException {
        Matcher matcher = LISTENING.matcher(awaitLine(log, "Listening on"));
        assertThat(matcher.find()).isTrue();
        return URI.create("http://127.0.0.1:" + matcher.group(1) + "/");
    }

    private static String awaitLine(BufferedReader log, String part) throws IOException {
        List<String> read = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            read.add(line);
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("The program ended without '" + part + "': " + read);
    }
}
