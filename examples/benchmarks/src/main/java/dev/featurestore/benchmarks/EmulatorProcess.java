package dev.featurestore.benchmarks;

import dev.featurestore.testkit.emulator.EmulatorServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An emulator in a JVM of its own, so that its work is not the client's. Ends with this one. */
final class EmulatorProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready at (http://[^ ,]+)");

    private final Process process;

    private final URI endpoint;

    private EmulatorProcess(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static EmulatorProcess start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmulatorServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        // the stream stays open: the process ends with it
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.find()) {
            throw new IOException("The emulator did not start");
        }
        return new EmulatorProcess(process, URI.create(ready.group(1)));
    }

    URI endpoint() {
        return endpoint;
    }

    /** Sets a fault, as {@code docs/emulator.md} has it. */
    void fault(String json) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                endpoint.resolve("/_emulator/faults").toURL().openConnection(Proxy.NO_PROXY);
        connection.setDoOutput(true);
        try (OutputStream body = connection.getOutputStream()) {
            body.write(json.getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("The emulator refused a fault with status " + connection.getResponseCode());
        }
        connection.disconnect();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
