package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.BatchResult;
import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

class SageMakerOnlineStoreTest {
    private static final String SECRET = "4111-s3ntinel";

    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    private final FeatureGroup<FeatureRecord> cards = FaultyService.group("cards");

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    @Timeout(60)
    void aDeadlineLessThanAMillisecondAwayIsKept() {
        try (FaultyService service = new FaultyService(http, 1)) {
            service.truth().group(cards);
            service.hold();
            service.emulator().faults().atRate("GetRecord", 1, WireFault.latency(Duration.ofDays(1)));
            OnlineStore store = onlineStore(runtime(service.emulator().endpoint()));
            // a clock that stands still: there is always this much left
            Deadline nearlyOver = Deadline.after(Duration.ofNanos(400_000), () -> 0L);

            FeatureStoreException failure =
                    failure(() -> store.get(new GetCommand(cards.name(), "one", List.of(), nearlyOver)));

            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    @Test
    void aKeyThatFailsInPassingIsAskedForAgain() {
        FaultPlan plan = FaultPlan.script()
                .fail(Operation.BATCH_GET, Fault.KEY_ERRORS)
                .fail(Operation.BATCH_GET, Fault.KEY_ERRORS)
                .build();
        try (FaultyService service =
                new FaultyService(http, 1, InMemoryFeatureStore.builder().faults(plan))) {
            service.truth().group(cards).put(FaultyService.record(cards, "one", FaultyCall.EARLIER, 1));

            BatchResult<FeatureRecord> result =
                    service.open(pause -> {}).group(cards).findAll(List.of("one", "nobody"));

            assertThat(result.found()).containsOnlyKeys("one");
            assertThat(result.absent()).containsExactly("nobody");
            assertThat(service.requests("BatchGetRecord")).isEqualTo(3);
        }
    }

    @Test
    void aTimeOfExpiryThatCannotBeReadIsNoRecordWithoutOne() throws IOException {
        String found = "{'FeatureGroupName': 'cards', 'RecordIdentifierValueAsString': '%s', 'Record': ["
                + "{'FeatureName': 'id', 'ValueAsString': '%s'},"
                + "{'FeatureName': 'event_time', 'ValueAsString': '2025-03-01T00:00:00Z'}], 'ExpiresAt': '%s'}";
        String body =
                "{'Record': [{'FeatureName': 'id', 'ValueAsString': 'one'}], 'ExpiresAt': 'next Friday', 'Records': ["
                        + found.formatted("one", "one", "next Friday") + ","
                        + found.formatted("two", "two", "2999-01-01T00:00:00.5+02:00")
                        + "], 'Errors': [], 'UnprocessedIdentifiers': []}";
        try (Answering service = new Answering(200, body.replace('\'', '"'));
                FeatureStore store = service.store()) {
            BatchResult<FeatureRecord> result = store.group(cards).findAll(List.of("one", "two"));

            assertThat(result.found()).containsOnlyKeys("two");
            assertThat(result.failed()).containsOnlyKeys("one");
            assertThat(failure(() -> store.group(cards).find("one")).code()).isEqualTo(ErrorCode.RECORD_MAPPING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Record\": [{\"FeatureName\": \"id\", \"ValueAsString\": \"" + SECRET,
                "{\"Record\": [" + SECRET + "]}",
                "{\"Record\": \"" + SECRET + "\"}",
                "<html>" + SECRET + "</html>",
                "{\"Record\": [{\"FeatureName\": \"" + SECRET + "\", \"ValueAsString\": {}}]}",
            })
    void anAnswerThatCannotBeReadIsAFailureThatDoesNotQuoteIt(String body) throws IOException {
        for (int status : List.of(200, 400, 502)) {
            try (Answering service = new Answering(status, body);
                    FeatureStore store = service.store()) {
                OnlineStore online = onlineStore(service.runtime);
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        () -> online.get(GetCommand.of("cards", SECRET)),
                        () -> online.delete(new DeleteCommand(
                                "cards", SECRET, SECRET, DeletionMode.SOFT_DELETE, Set.of(), Deadline.none())),
                        () -> store.group(cards).find(SECRET),
                        () -> store.group(cards).put(FaultyService.record(cards, SECRET, FaultyCall.EARLIER, 1)))) {
                    FeatureStoreException failure = catchThrowableOfType(FeatureStoreException.class, call);
                    if (failure != null) {
                        assertThat(printed(failure)).as("status %s", status).doesNotContain("s3ntinel");
                    }
                }
            }
        }
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static FeatureStoreException failure(ThrowingCallable call) {
        return catchThrowableOfType(FeatureStoreException.class, call);
    }

    private static OnlineStore onlineStore(SageMakerFeatureStoreRuntimeClient runtime) {
        return new SageMakerOnlineStore(
                runtime,
                new Requests(RetryPolicy.never(), pause -> {}, AsyncSleeper.system(), () -> 1.0),
                new GroupNames(Map.of()));
    }

    private SageMakerFeatureStoreRuntimeClient runtime(URI endpoint) {
        return SageMakerFeatureStoreRuntimeClient.builder()
                .httpClient(http)
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    /** A service that answers everything with one text, and then ends the connection. */
    private final class Answering implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        private final byte[] answer;

        private final SageMakerFeatureStoreRuntimeClient runtime = runtime(endpoint());

        Answering(int status, String body) throws IOException {
            this.answer = ("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
            Thread thread = new Thread(this::answer, "answering");
            thread.setDaemon(true);
            thread.start();
        }

        private void answer() {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    readRequest(new BufferedInputStream(connection.getInputStream()));
                    connection.getOutputStream().write(answer);
                } catch (IOException e) {
                    // the client went away, or the test is over
                }
            }
        }

        private static void readRequest(InputStream in) throws IOException {
            int length = 0;
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip());
                }
            }
            in.readNBytes(length);
        }

        private static String readLine(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
            return line.toString().strip();
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        FeatureStore store() {
            return AwsFeatureStore.builder()
                    .runtimeClient(runtime)
                    .sageMakerClient(SageMakerClient.builder()
                            .httpClient(http)
                            .region(Region.US_EAST_1)
                            .build())
                    .retryPolicy(RetryPolicy.never())
                    .build();
        }

        @Override
        public void close() throws IOException {
            runtime.close();
            socket.close();
        }
    }
}
