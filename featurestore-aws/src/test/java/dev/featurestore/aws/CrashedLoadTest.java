package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.WireFault;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load whose process dies again and again, over a service that fails, ends with every record there. */
class CrashedLoadTest {
    @TempDir
    private Path folder;

    @Test
    void everyRecordOfALoadThatCrashedTwiceIsThere() throws Exception {
        load(2000, 2, 1);
    }

    @Test
    @Tag("soak")
    void everyRecordOfALargeLoadThatCrashedTenTimesIsThere() throws Exception {
        load(100_000, 10, 2);
    }

    private void load(int count, int crashes, long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        try (FeatureStoreEmulator emulator =
                FeatureStoreEmulator.builder().seed(seed).start()) {
            InMemoryFeatureStore store = emulator.store();
            store.admin().apply(LoadProgram.CARDS);
            emulator.faults()
                    .atRate("PutRecord", 0.02, WireFault.throttled())
                    .atRate("PutRecord", 0.02, WireFault.internalFailure())
                    .atRate("PutRecord", 0.02, WireFault.droppedBefore())
                    .atRate("PutRecord", 0.02, WireFault.droppedAfter());
            for (int crash = 0; crash < crashes; crash++) {
                int dieAt = 1 + random.nextInt(count / crashes);
                assertThat(run(emulator, count, dieAt)).as("seed %d", seed).isEqualTo(LoadProgram.CRASHED);
            }
            assertThat(run(emulator, count, 0)).as("seed %d", seed).isEqualTo(LoadProgram.COMPLETE_BUT_FOR_FAILURES);

            emulator.faults().clear();
            assertThat(offline(store)).as("seed %d", seed).isEqualTo(good(count));
            Map<String, Long> latest = new HashMap<>();
            good(count).forEach(position -> latest.put(LoadProgram.card(position), (long) position));
            latest.forEach((card, position) -> assertThat(store.group(LoadProgram.CARDS)
                            .find(card)
                            .orElseThrow()
                            .getLong(LoadProgram.NUMBER))
                    .as("seed %d", seed)
                    .isEqualTo(position));
            assertThat(failed()).as("seed %d", seed).isEqualTo(bad(count));
        }
    }

    private int run(FeatureStoreEmulator emulator, int count, int dieAt) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
        command.addAll(List.of(LoadProgram.class.getName(), emulator.endpoint().toString(), folder.toString()));
        command.addAll(List.of(Integer.toString(count), Integer.toString(dieAt)));
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The modules, the class path and the classes of this test, which are patched into a module. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Path.of(LoadProgram.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                System.getProperty("jdk.module.path", ""),
                Path.of("target", "test-classes").toString(),
                System.getProperty("java.class.path"));
    }

    private static Set<Integer> good(int count) {
        return new TreeSet<>(IntStream.range(0, count)
                .filter(position -> !LoadProgram.isBad(position))
                .boxed()
                .toList());
    }

    private static Set<Integer> bad(int count) {
        return new TreeSet<>(
                IntStream.range(0, count).filter(LoadProgram::isBad).boxed().toList());
    }

    private static Set<Integer> offline(InMemoryFeatureStore store) {
        Set<Integer> numbers = new TreeSet<>();
        store.history(LoadProgram.CARDS)
                .forEach(row ->
                        numbers.add(Integer.valueOf(String.valueOf(row.record().text(LoadProgram.NUMBER.name())))));
        return numbers;
    }

    /** A record that failed just before a crash may be there twice. */
    private Set<Integer> failed() throws IOException {
        Set<Integer> positions = new TreeSet<>();
        for (String line : Files.readAllLines(folder.resolve("failed.jsonl"))) {
            positions.add(Integer.valueOf(line.replaceFirst("^\\{\"position\":\"(\\d+)\".*", "$1")));
        }
        return positions;
    }
}
