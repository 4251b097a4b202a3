package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emulators that keep their state in a folder. */
class EmulatorDataTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String T1 = "2025-06-01T12:00:01Z";

    private static final String SENTINEL = "s3ntinel";

    private static final String NEW_FEATURE =
            "'FeatureAdditions': [{'FeatureName': 'fresh', 'FeatureType': 'Integral'}]";

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(Instant.parse(T0));

    private Path data() {
        return folder.resolve("data");
    }

    private static String get(Wire wire, String id) {
        return wire.runtime(
                        "GET",
                        "/FeatureGroup/cards?ExpirationTimeResponse=Enabled&RecordIdentifierValueAsString=" + id,
                        "")
                .body();
    }

    private static JsonNode describe(Wire wire) {
        return Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}"));
    }

    private static List<Path> parquet(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("offline"))) {
            return files.filter(file -> file.toString().endsWith("Z.parquet")
                            || file.toString().matches(".*Z_[A-Z0-9]{16}\\.parquet"))
                    .map(data::relativize)
                    .toList();
        }
    }

    @Test
    void aKilledEmulatorHasLostNothingThatItAnswered() throws Exception {
        String region = "eu-west-3";
        JsonNode before;
        try (EmulatorProcess first = EmulatorProcess.start(
                folder.resolve("errors"), List.of(), "--data", data().toString(), "--region", region)) {
            assertThat(first.ready()).endsWith("region eu-west-3, data in " + data().toRealPath());
            Wire wire = first.wire();
            wire.control("CreateFeatureGroup", Groups.transactions("cards"));
            wire.control("CreateFeatureGroup", Groups.transactions("other"));
            wire.control("DeleteFeatureGroup", "{'FeatureGroupName': 'other'}");
            for (int i = 0; i < 200; i++) {
                wire.put("cards", "card_id", "c" + i, "event_time", T0, "count", "" + i);
            }
            assertThat(wire.runtime(
                                    "DELETE",
                                    "/FeatureGroup/cards?RecordIdentifierValueAsString=c0&EventTime=" + T1,
                                    "")
                            .statusCode())
                    .isEqualTo(200);
            before = describe(wire);
            first.kill();
        }
        assertThat(parquet(data())).isEmpty();
        for (int run = 0; run < 2; run++) {
            try (EmulatorProcess again =
                    EmulatorProcess.start(folder.resolve("errors"), List.of(), "--data", data().toString())) {
                Wire wire = again.wire();
                assertThat(describe(wire)).isEqualTo(before);
                assertThat(Wire.json(wire.control("ListFeatureGroups", "{}")).path("FeatureGroupSummaries"))
                        .hasSize(1);
                assertThat(get(wire, "c0")).isEqualTo("{}");
                for (int i = 1; i < 200; i++) {
                    assertThat(get(wire, "c" + i)).contains("\"ValueAsString\":\"" + i + "\"");
                }
                assertThat(parquet(data())).isNotEmpty();
                if (run == 0) {
                    again.kill();
                } else {
                    assertThat(again.terminate()).isIn(0, 143);
                }
            }
        }
        assertThat(parquet(data()))
                .allSatisfy(file -> assertThat(file.toString().replace('\\', '/'))
                        .matches(
                                "offline/000000000000/sagemaker/local/offline-store/cards-\\d+/data/year=2025/month=06/"
                                        + "day=01/hour=12/20250601T12000[01]Z_[A-Z0-9]{16}\\.parquet"));
        try (InMemoryFeatureStore store =
                InMemoryFeatureStore.builder().data(data()).build()) {
            assertThat(store.admin().list()).containsExactly("cards");
        }
        assertThat(Files.readString(folder.resolve("errors"))).isEmpty();
    }

    @Test
    void noLogHasAValueAnIdentifierOrACredential() throws Exception {
        try (EmulatorProcess process = EmulatorProcess.start(
                folder.resolve("errors"),
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"),
                "--data",
                data().toString())) {
            Wire wire = process.wire();
            wire.control("CreateFeatureGroup", Groups.transactions("cards"));
            wire.put("cards", "card_id", SENTINEL, "event_time", T0);
            wire.send(
                    "GET",
                    "/FeatureGroup/cards?RecordIdentifierValueAsString=" + SENTINEL,
                    "",
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=" + SENTINEL);
            for (String body : List.of(
                    "{'Record': " + Wire.record("card_id", SENTINEL, "event_time", SENTINEL) + "}",
                    "{'Record': '" + SENTINEL + "'}",
                    "{'Record': " + SENTINEL)) {
                wire.runtime("PUT", "/FeatureGroup/cards", body);
            }
            wire.runtime("DELETE", "/FeatureGroup/cards?EventTime=x&RecordIdentifierValueAsString=" + SENTINEL, "");
            wire.runtime("POST", "/_emulator/faults", "{'fault': '" + SENTINEL + "'}");
            process.kill();
        }
        Path journal = data().resolve("journal.jsonl");
        String lines = Files.readString(journal);
        Files.writeString(journal, lines + "{\"write\":\"" + SENTINEL);
        try (EmulatorProcess process = EmulatorProcess.start(
                folder.resolve("errors"),
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"),
                "--data",
                data().toString())) {
            assertThat(get(process.wire(), SENTINEL)).contains(SENTINEL);
            process.terminate();
        }

        assertThat(Files.readString(folder.resolve("errors")))
                .contains("was cut off after")
                .doesNotContain(SENTINEL);
    }

    @Test
    void whatTheProgramCannotDoItSaysInOneLine() throws Exception {
        Files.createDirectories(data());
        try (InMemoryFeatureStore store =
                        InMemoryFeatureStore.builder().data(data()).build();
                ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThat(store.data()).isPresent();
            assertEnds(1, "in use by another feature store", "--data", data().toString());
            assertEnds(1, "choose another, or 0 for a free one", "--port", "" + taken.getLocalPort());
        }
        assertEnds(2, "--allow-remote lets other machines reach it", "--host", "0.0.0.0");
        assertEnds(2, "see --help", "--prot");
    }

    private void assertEnds(int status, String reason, String... args) throws Exception {
        Process process = EmulatorProcess.command(List.of(), args)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(status);
        assertThat(said).contains(reason).hasLineCount(1);
    }

    @Test
    void tagsMetadataAndAnUpdateThatRunsAreThereAgain() {
        JsonNode before;
        JsonNode notes;
        String feature = "{'FeatureGroupName': 'cards', 'FeatureName': 'amount'";
        String arn = "{'ResourceArn': 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/cards'";
        try (InMemoryFeatureStore store = store();
                FeatureStoreEmulator emulator = emulator(store)) {
            Wire wire = new Wire(emulator);
            wire.control("CreateFeatureGroup", Groups.transactions("cards"));
            clock.advance(Duration.ofMinutes(1));
            wire.control("AddTags", arn + ", 'Tags': [{'Key': 'team', 'Value': 'fraud'}]}");
            wire.control(
                    "UpdateFeatureMetadata",
                    feature + ", 'Description': 'In euro', 'ParameterAdditions': [{'Key': 'pii', 'Value': 'no'}]}");
            wire.control("UpdateFeatureGroup", "{'FeatureGroupName': 'cards', " + NEW_FEATURE + "}");
            before = describe(wire);
            notes = Wire.json(wire.control("DescribeFeatureMetadata", feature + "}"));
            assertThat(before.path("LastUpdateStatus").path("Status").asText()).isEqualTo("InProgress");
        }
        try (InMemoryFeatureStore store = store();
                FeatureStoreEmulator emulator = emulator(store)) {
            Wire wire = new Wire(emulator);
            assertThat(describe(wire)).isEqualTo(before);
            assertThat(Wire.json(wire.control("DescribeFeatureMetadata", feature + "}")))
                    .isEqualTo(notes);
            assertThat(wire.control("ListTags", arn + "}").body()).contains("fraud");
            clock.advance(Duration.ofMinutes(5));
            wire.put("cards", "card_id", "c1", "event_time", T0, "fresh", "1");
        }
        try (InMemoryFeatureStore store = store();
                FeatureStoreEmulator emulator = emulator(store)) {
            Wire wire = new Wire(emulator);
            assertThat(describe(wire).path("LastUpdateStatus")).isEqualTo(Wire.json("{'Status': 'Successful'}"));
            assertThat(describe(wire).path("FeatureDefinitions").findValuesAsText("FeatureName"))
                    .containsExactly("amount", "card_id", "event_time", "count", "fresh");
            assertThat(get(wire, "c1")).contains("fresh");
            emulator.reset();
        }
        try (InMemoryFeatureStore store = store();
                FeatureStoreEmulator emulator = emulator(store)) {
            assertThat(describe(new Wire(emulator)).path("__type").asText()).isEqualTo("ResourceNotFound");
        }
    }

    private InMemoryFeatureStore store() {
        return InMemoryFeatureStore.builder().clock(clock).data(data()).build();
    }

    private static FeatureStoreEmulator emulator(InMemoryFeatureStore store) {
        return FeatureStoreEmulator.builder()
                .store(store)
                .updateTime(Duration.ofMinutes(5))
                .start();
    }

    @Test
    void theRegionIsThatOfTheFolder() {
        FeatureStoreEmulator.builder().data(data()).region("eu-west-3").start().close();

        assertThatThrownBy(() -> FeatureStoreEmulator.builder()
                        .data(data())
                        .region("us-east-1")
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in region eu-west-3, not us-east-1");
        try (FeatureStoreEmulator emulator =
                FeatureStoreEmulator.builder().data(data()).start()) {
            assertThat(emulator.region()).isEqualTo("eu-west-3");
        }
        try (InMemoryFeatureStore store = store()) {
            assertThatThrownBy(() -> FeatureStoreEmulator.builder()
                            .store(store)
                            .data(folder.resolve("more"))
                            .start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("give the folder to that store");
        }
    }

    @Test
    void theProgramKeepsNothingUnlessItIsTold() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try (FeatureStoreEmulator emulator =
                Objects.requireNonNull(EmulatorServer.start(new String[] {"--host", "localhost"}, out))) {
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .isEqualTo("Feature store emulator ready at " + emulator.endpoint()
                            + ", region us-east-1, nothing is kept" + System.lineSeparator());
        }
    }

    @Test
    void aFileThatIsNotTheEmulatorsIsAnError() throws IOException {
        try (FeatureStoreEmulator emulator =
                FeatureStoreEmulator.builder().data(data()).start()) {
            new Wire(emulator).control("CreateFeatureGroup", Groups.transactions("cards"));
        }
        String whole = Files.readString(data().resolve("emulator.json"));
        for (String damage :
                List.of("{", "{}", whole.replace("CREATING", "GONE"), whole.replace("createdAt", "made"))) {
            Files.writeString(data().resolve("emulator.json"), damage);
            assertThatThrownBy(() -> FeatureStoreEmulator.builder().data(data()).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("emulator.json")
                    .hasMessageContaining("move");
        }
    }

    private static int status(HttpResponse<String> response) {
        return response.statusCode();
    }

    @Test
    void aCleanCloseLeavesNoRowsInTheJournal() throws IOException {
        try (FeatureStoreEmulator emulator =
                FeatureStoreEmulator.builder().data(data()).start()) {
            Wire wire = new Wire(emulator);
            wire.control("CreateFeatureGroup", Groups.transactions("cards"));
            for (int i = 0; i < 3; i++) {
                wire.put("cards", "card_id", "c1", "event_time", T0, "count", "" + i);
            }
            assertThat(Files.readAllLines(data().resolve("journal.jsonl"))).hasSize(5);
            assertThat(status(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")))
                    .isEqualTo(200);
        }
        assertThat(Files.readAllLines(data().resolve("journal.jsonl")))
                .hasSize(3)
                .noneMatch(line -> line.contains("offline\":{\"deleted"));
        assertThat(parquet(data())).hasSize(1);
    }
}
