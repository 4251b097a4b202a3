package dev.featurestore.testkit.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An emulator that runs as a program of its own. */
final class EmulatorProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Feature store emulator ready at (http://\\S+), .*");

    private final Process process;

    private final Path errors;

    private final String ready;

    private final URI endpoint;

    private EmulatorProcess(Process process, Path errors, String ready, URI endpoint) {
        this.process = process;
        this.errors = errors;
        this.ready = ready;
        this.endpoint = endpoint;
    }

    /** @param errors a file that gets what the program says apart from its first line */
    static EmulatorProcess start(Path errors, List<String> jvm, String... args) throws IOException {
        Process process = command(jvm, args)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = String.valueOf(out.readLine());
        Matcher ready = READY.matcher(line);
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError("Expected the line that says it is ready, got: " + line);
        }
        return new EmulatorProcess(process, errors, line, URI.create(ready.group(1)));
    }

    static ProcessBuilder command(List<String> jvm, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EmulatorServer.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    String ready() {
        return ready;
    }

    Wire wire() {
        return new Wire(endpoint);
    }

    Path errors() {
        return errors;
    }

    /** As kill -9 does; returns when the process is over. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        end();
    }

    /** As a SIGTERM does; the status with which the process ends. */
    int terminate() throws InterruptedException {
        process.destroy();
        return end();
    }

    private int end() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("The emulator did not end within a minute");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
