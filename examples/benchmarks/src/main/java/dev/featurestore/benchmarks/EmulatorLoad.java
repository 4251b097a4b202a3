package dev.featurestore.benchmarks;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many GetRecord requests a second does the emulator answer, for records of 200 features? Below 5,000 on two cores
 * shared with the client, load tests of users would measure the emulator: another HTTP server would be worth its
 * dependency then.
 *
 * <p>The client is a plain socket, one kept-alive connection for each thread, and reads every byte of the answer.
 *
 * {@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package -Dbenchmarks.args=EmulatorLoad}
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Threads(8)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class EmulatorLoad {
    /** The emulator with one record. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup first
    public static class Server {
        private FeatureStoreEmulator emulator;

        private byte[] request;

        /** Starts it. */
        @Setup(Level.Trial)
        public void start() {
            emulator = FeatureStoreEmulator.start();
            FeatureGroup<FeatureRecord> group = WideGroup.definition("cards", "card");
            emulator.store().admin().apply(group);
            FeatureRecord record = WideGroup.record(group, 1);
            emulator.store().onlineStore().put(PutCommand.of("cards", WireRecord.encode(record)));
            URI endpoint = emulator.endpoint();
            request = ("GET /FeatureGroup/cards?RecordIdentifierValueAsString=" + record.get(WideGroup.ID)
                            + " HTTP/1.1\r\nHost: " + endpoint.getHost() + ":" + endpoint.getPort()
                            + "\r\nAccept: */*\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** Stops it. */
        @TearDown(Level.Trial)
        public void stop() {
            emulator.close();
        }
    }

    /** One kept-alive connection. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup first
    public static class Connection {
        private Socket socket;

        private InputStream in;

        private OutputStream out;

        private final byte[] body = new byte[64 * 1024];

        /** Connects. */
        @Setup(Level.Trial)
        public void open(Server server) throws IOException {
            URI endpoint = server.emulator.endpoint();
            socket = new Socket(endpoint.getHost(), endpoint.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            out = socket.getOutputStream();
        }

        /** Disconnects. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            socket.close();
        }

        int exchange(byte[] request) throws IOException {
            out.write(request);
            out.flush();
            String status = line();
            if (!status.endsWith("200 OK")) {
                throw new IOException("The emulator answered " + status);
            }
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring("content-length:".length()).trim());
                }
            }
            if (in.readNBytes(body, 0, length) != length) {
                throw new IOException("The answer ended early");
            }
            return length;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("The connection ended");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }

    /** One GetRecord of 200 features. */
    @Benchmark
    public int getRecord(Server server, Connection connection) throws IOException {
        return connection.exchange(server.request);
    }
}
