package dev.featurestore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs of this module, those that take seconds, still run and print figures. How good those are is not asked here, but by
 * the soak of itself.
 */
class SmokeTest {
    private static final AtomicInteger RAN = new AtomicInteger();

    @ParameterizedTest
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    @CsvSource({
        "dev.featurestore.benchmarks.ClientCost, 20 2, put",
        "dev.featurestore.benchmarks.VectorCost, 20 2, groups",
        "dev.featurestore.benchmarks.IngestCost, 200 8, records a second",
        "dev.featurestore.benchmarks.ColdStart, 1, time to the first put",
        "dev.featurestore.benchmarks.FileLoad, 500 64, peak heap",
        "dev.featurestore.benchmarks.ServingSoak, 5 20, All checks passed.",
        "org.openjdk.jmh.Main, RecordCodec|VectorBenchmark -f 0 -wi 0 -i 1 -r 10ms -foe true, Score"
    })
    void aBenchmarkPrintsItsFigures(String program, String args, String figure)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program));
        command.addAll(List.of(args.split(" ")));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(printed).isZero();
            assertThat(printed).contains(figure).containsPattern("\\d[.,]\\d");
        } finally {
            process.destroyForcibly();
        }
        RAN.incrementAndGet();
    }

    /** For the summary of the build. */
    @AfterAll
    static void tell() {
        System.out.println("[summary] benchmark smoke: " + RAN.get() + " programs ran");
    }
}
