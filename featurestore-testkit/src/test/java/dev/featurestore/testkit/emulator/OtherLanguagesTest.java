package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.testkit.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The programs of {@code docs/emulator.md} in other languages do what the page says, over the SDKs that the page installs.
 * They need Node.js, Python and the network, so they only run in the profile {@code sdks}.
 */
@Tag("sdks")
class OtherLanguagesTest {
    private static final Path FOLDER = Path.of("target", "sdks").toAbsolutePath();

    @Test
    void javaScriptProgramRunsToItsEnd() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve("javascript"));
        // or npm installs into the first folder above that has one
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}\n");
        require(folder, "Node.js 20 or later, with npm", "node --version && npm --version");
        MarkdownPage section = MarkdownPage.read("docs/emulator.md").section("From JavaScript");

        runProgram(folder, section, "js", "emulator.mjs", "node emulator.mjs");
    }

    @Test
    void pythonProgramRunsToItsEnd() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve("python"));
        require(folder, "Python 3.10 or later, with venv", "python3 --version && python3 -c 'import venv, ensurepip'");
        MarkdownPage section = MarkdownPage.read("docs/emulator.md").section("From Python");

        runProgram(folder, section, "python", "emulator.py", "venv/bin/python emulator.py");
    }

    /** Installs as the section says, joins its blocks of a language to one file, and runs that against an emulator. */
    private static void runProgram(Path folder, MarkdownPage section, String language, String file, String command)
            throws IOException, InterruptedException {
        assertThat(section.text()).contains("`" + file + "`", "`" + command + "`");
        Files.writeString(folder.resolve(file), String.join("\n", section.snippets(language)));
        try (FeatureStoreEmulator emulator = FeatureStoreEmulator.start()) {
            for (String installation : section.snippets("sh")) {
                assertRuns(folder, emulator, installation);
            }
            String printed = assertRuns(folder, emulator, command);

            assertThat(printed).contains("all as expected");
            assertThat(operations(emulator)).containsAll(operationsOfTheModels());
        }
    }

    private static Set<String> operations(FeatureStoreEmulator emulator) {
        return emulator.requests().stream().map(LoggedRequest::operation).collect(Collectors.toSet());
    }

    private static Set<String> operationsOfTheModels() {
        Set<String> names = new TreeSet<>();
        for (String model : List.of("runtime.service-2.json", "sagemaker.service-2.json")) {
            ServiceModel.load(model).operations().forEach(operation -> names.add(operation.name()));
        }
        return names;
    }

    private static void require(Path folder, String what, String command) throws IOException, InterruptedException {
        Outcome outcome = run(folder, "", command);
        assertThat(outcome.exitCode())
                .as("The profile sdks needs %s. On the path:%n%s", what, outcome.printed())
                .isZero();
    }

    private static String assertRuns(Path folder, FeatureStoreEmulator emulator, String command)
            throws IOException, InterruptedException {
        Outcome outcome = run(folder, emulator.endpoint().toString(), command);
        assertThat(outcome.exitCode())
                .as("In %s: %s%n%s", folder, command.strip(), outcome.printed())
                .isZero();
        return outcome.printed();
    }

    private record Outcome(int exitCode, String printed) {}

    private static Outcome run(Path folder, String endpoint, String command) throws IOException, InterruptedException {
        Path printed = folder.resolve("printed.txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        // what somebody has set up for an account of their own
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().merge("NO_PROXY", "127.0.0.1", (others, own) -> others + "," + own);
        builder.environment().put("EMULATOR_ENDPOINT", endpoint);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(10, TimeUnit.MINUTES);
            return new Outcome(ended ? process.exitValue() : -1, Files.readString(printed));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
