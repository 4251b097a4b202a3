package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/emulator.md says is so. */
class EmulatorDocumentTest {
    private static final Pattern CURL = Pattern.compile(
            "curl (?:-d '(?<body>.*)' |-X (?<method>DELETE) )?http://127\\.0\\.0\\.1:8080(?<path>/\\S*)");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "emulator.md"));
    }

    @Test
    void everyCurlLineIsUnderstoodAndEveryFaultHasOne() throws IOException {
        Set<String> faults = new TreeSet<>();
        JsonNode last = null;
        try (FeatureStoreEmulator emulator = FeatureStoreEmulator.start()) {
            Wire wire = new Wire(emulator);
            for (String line : lines().stream()
                    .filter(line -> line.startsWith("curl ") && line.contains("/_emulator/"))
                    .toList()) {
                Matcher curl = CURL.matcher(line);
                assertThat(curl.matches()).as(line).isTrue();
                String body = curl.group("body") == null ? "" : curl.group("body");
                String method = curl.group("method") != null ? curl.group("method") : body.isEmpty() ? "GET" : "POST";

                HttpResponse<String> answer = wire.runtime(method, curl.group("path"), body);

                assertThat(answer.statusCode()).as(line).isEqualTo(200);
                last = Wire.json(answer);
                last.findValuesAsText("fault").forEach(faults::add);
            }
        }
        assertThat(faults)
                .containsExactlyInAnyOrderElementsOf(Stream.of(WireFault.Kind.values())
                        .map(WireFault.Kind::wireName)
                        .toList());
        assertThat(last).isEqualTo(Wire.json("{'scripted': [], 'random': []}"));
    }

    @Test
    void everyOptionOfTheProgramIsThere() throws IOException {
        String page = String.join("\n", lines());
        Matcher option = Pattern.compile("^  (--[a-z-]+)", Pattern.MULTILINE).matcher(EmulatorServer.HELP);
        int options = 0;
        while (option.find()) {
            options++;
            if (!option.group(1).equals("--help")) {
                assertThat(page).contains("| `" + option.group(1));
            }
        }
        assertThat(options).isEqualTo(6);
    }
}
