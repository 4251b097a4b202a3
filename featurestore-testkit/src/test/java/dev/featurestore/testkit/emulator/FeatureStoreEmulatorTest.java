package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeatureStoreEmulatorTest {
    private static final String SENTINEL = "s3cr3t";

    private static final String T0 = "2025-06-01T12:00:00Z";

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.start();

    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void itListensOnTheLoopbackAddressOnly() throws IOException {
        InetAddress all = new InetSocketAddress(0).getAddress();

        assertThat(InetAddress.getByName(emulator.endpoint().getHost()).isLoopbackAddress())
                .isTrue();
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> FeatureStoreEmulator.builder().bindAddress(all).start())
                .withMessageContaining("allowRemote()");
        assertThatIllegalStateException()
                .isThrownBy(() -> FeatureStoreEmulator.builder()
                        .bindAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}))
                        .start());
    }

    @Test
    void itListensElsewhereWhenAllowedTo() {
        try (FeatureStoreEmulator other = FeatureStoreEmulator.builder()
                .bindAddress(new InetSocketAddress(0).getAddress())
                .allowRemote()
                .start()) {
            assertThat(new Wire(other).control("ListFeatureGroups", "{}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aPortThatIsTakenIsRefused() {
        assertThatThrownBy(() -> FeatureStoreEmulator.builder()
                        .port(emulator.endpoint().getPort())
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("choose another");
    }

    @Test
    void nothingListensOnceItIsClosed() {
        emulator.close();

        assertThatThrownBy(() -> wire.send("GET", "/", "")).isInstanceOf(ConnectException.class);
    }

    @Test
    void requestsAreLoggedWithoutValuesIdentifiersOrCredentials() throws Exception {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        wire.put("cards", "card_id", SENTINEL, "event_time", T0);
        wire.send(
                "GET",
                "/FeatureGroup/cards?RecordIdentifierValueAsString=" + SENTINEL,
                "",
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + SENTINEL);
        wire.runtime(
                "POST",
                "/BatchGetRecord",
                "{'Identifiers': [{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': ['" + SENTINEL
                        + "']}, {'FeatureGroupName': 'other', 'RecordIdentifiersValueAsString': ['" + SENTINEL
                        + "']}]}");
        wire.runtime("GET", "/" + SENTINEL, "");

        assertThat(emulator.requests())
                .extracting(request -> request.operation() + " '" + request.group() + "' " + request.status())
                .containsExactly(
                        "CreateFeatureGroup 'cards' 200",
                        "PutRecord 'cards' 200",
                        "GetRecord 'cards' 200",
                        "BatchGetRecord '' 200",
                        "Unknown '' 501");
        assertThat(emulator.requests())
                .allSatisfy(request -> assertThat(request.duration()).isPositive());
        assertThat(emulator.requests().toString()).doesNotContain(SENTINEL);

        emulator.clearRequests();
        assertThat(emulator.requests()).isEmpty();
    }

    @Test
    void theLogKeepsTheLatestRequests() {
        RequestLog log = new RequestLog();
        for (int i = 0; i <= RequestLog.CAPACITY; i++) {
            log.add(new LoggedRequest("Operation" + i, "", 200, java.time.Duration.ZERO));
        }

        assertThat(log.all()).hasSize(RequestLog.CAPACITY);
        assertThat(log.all().get(0).operation()).isEqualTo("Operation1");
    }

    @Test
    void aConnectionServesManyRequests() throws IOException {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        String body = Wire.text("{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}");
        try (Connection connection = new Connection(emulator)) {
            for (int i = 0; i < 3; i++) {
                assertThat(connection.exchange(
                                "PUT /FeatureGroup/cards HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n", body))
                        .isEqualTo("HTTP/1.1 200 OK");
                assertThat(connection.exchange(
                                "GET /FeatureGroup/cards?RecordIdentifierValueAsString=c HTTP/1.1\r\n", ""))
                        .isEqualTo("HTTP/1.1 200 OK");
            }
            assertThat(connection.exchange("GET /nowhere HTTP/1.1\r\n", "")).startsWith("HTTP/1.1 501");
            assertThat(connection.exchange("GET /FeatureGroup/cards?RecordIdentifierValueAsString=c HTTP/1.1\r\n", ""))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aBrokenEscapeIsRefusedByTheServerItself() throws IOException {
        try (Connection connection = new Connection(emulator)) {
            assertThat(connection.exchange("GET /FeatureGroup/cards?RecordIdentifierValueAsString=%2 HTTP/1.1\r\n", ""))
                    .startsWith("HTTP/1.1 400");
        }
        assertThat(emulator.requests()).isEmpty();
    }

    @Test
    void aBodyMayComeInChunks() throws IOException {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        String body = Wire.text("{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}");
        try (Connection connection = new Connection(emulator)) {
            String chunks = "5\r\n" + body.substring(0, 5) + "\r\n" + Integer.toHexString(body.length() - 5) + "\r\n"
                    + body.substring(5) + "\r\n0\r\n\r\n";

            assertThat(connection.exchange(
                            "PUT /FeatureGroup/cards HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", chunks))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .contains("c1");
    }

    @Test
    void aClientThatWaitsToSendItsBodyIsToldToGoOn() throws Exception {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        HttpRequest request = HttpRequest.newBuilder(emulator.endpoint().resolve("/FeatureGroup/cards"))
                .expectContinue(true)
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofString(
                        Wire.text("{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}")))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void theProgramPrintsItsEndpointOrItsHelp() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

        try (FeatureStoreEmulator started = Objects.requireNonNull(
                EmulatorServer.start(new String[] {"--port", "0", "--region", "eu-west-3"}, out))) {
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .isEqualTo("Feature store emulator ready at " + started.endpoint()
                            + ", region eu-west-3, nothing is kept" + System.lineSeparator());
            assertThat(new Wire(started)
                            .control("CreateFeatureGroup", Groups.transactions("cards"))
                            .body())
                    .contains("eu-west-3");
        }
        printed.reset();
        assertThat(EmulatorServer.start(new String[] {"--help"}, out)).isNull();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(EmulatorServer.HELP);
    }

    @Test
    void resettingLeavesNothing() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        wire.control(
                "UpdateFeatureMetadata",
                "{'FeatureGroupName': 'cards', 'FeatureName': 'amount', 'Description': 'In euro'}");
        wire.put("cards", "card_id", "c1", "event_time", T0);
        emulator.faults().next("ListFeatureGroups", 1, WireFault.throttled());

        emulator.reset();

        assertThat(emulator.requests()).isEmpty();
        assertThat(wire.control("ListFeatureGroups", "{}").body()).isEqualTo("{\"FeatureGroupSummaries\":[]}");
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        assertThat(wire.control("DescribeFeatureMetadata", "{'FeatureGroupName': 'cards', 'FeatureName': 'amount'}")
                        .body())
                .contains("Fractional")
                .doesNotContain("In euro");
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void optionsThatAreWrongAreRefused() {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        for (String[] args : new String[][] {{"--data"}, {"--port"}, {"--port", "x"}, {"--port", "65536"}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EmulatorServer.start(args, out))
                    .withMessageContaining("see --help");
        }
    }

    /** One connection, spoken to by hand. */
    private static final class Connection implements AutoCloseable {
        private final Socket socket;

        private final BufferedReader in;

        private final OutputStream out;

        Connection(FeatureStoreEmulator emulator) throws IOException {
            socket = new Socket(
                    emulator.endpoint().getHost(), emulator.endpoint().getPort());
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            out = socket.getOutputStream();
        }

        /** The status line of the answer, whose body is read and thrown away. */
        String exchange(String head, String body) throws IOException {
            out.write((head + "Host: localhost\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String status = in.readLine();
            int length = 0;
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring("content-length:".length()).trim());
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            return status;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
