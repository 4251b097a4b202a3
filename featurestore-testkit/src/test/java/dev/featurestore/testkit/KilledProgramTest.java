package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.SliceReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that builds a set in slices is killed as {@code kill -9} does, some times in a row; the next run has the set. */
class KilledProgramTest {
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    @Test
    void theSetIsCompleteAndThereOnce() throws Exception {
        writeHistory();
        // a run that is over before is not killed: few slices are done between two kills
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            killAfter(1 + random.nextInt(5));
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        SliceReport report;
        Path whole = folder.resolve("whole.parquet");
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), SlicedRunProgram.clock())) {
            report = SlicedRunProgram.run(local, folder, SlicedRunProgram.manifest(folder), threads);
            local.unload(SlicedRunProgram.set(), whole.toUri());
        } finally {
            threads.shutdown();
        }

        assertThat(report.files())
                .hasSize(SlicedRunProgram.DAYS)
                .doesNotHaveDuplicates()
                .noneMatch(report.superseded()::contains);
        assertThat(report.reused()).as("slices of the runs that were killed").isPositive();
        assertThat(report.rows()).isEqualTo((long) SlicedRunProgram.DAYS * SlicedRunProgram.LABELS_A_DAY);
        assertThat(sum(report.files().stream().map(Path::of).toList())).isEqualTo(sum(List.of(whole)));
    }

    private void writeHistory() {
        ManualClock clock = ManualClock.startingAt(SlicedRunProgram.START);
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), clock);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .build()) {
            for (int hour = 0; hour < 24 * SlicedRunProgram.DAYS; hour++) {
                clock.advance(Duration.ofHours(1));
                store.group(SlicedRunProgram.CARDS)
                        .put(SlicedRunProgram.CARDS
                                .newRecord()
                                .set(SlicedRunProgram.CARD, "card-" + hour % 50)
                                .set(SlicedRunProgram.TIME, clock.instant())
                                .setLong(SlicedRunProgram.COUNT, hour)
                                .build());
            }
        }
    }

    private void killAfter(int lines) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlicedRunProgram.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            for (int line = 0; line < lines; line++) {
                assertThat(out.readLine()).as("line %d of the program", line).isEqualTo("writing");
            }
        } finally {
            program.destroyForcibly();
        }
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as("it did not end by itself").isNotZero();
    }

    /** All rows as one number, and how many there are. */
    private static String sum(List<Path> files) throws SQLException {
        String paths = files.stream().map(file -> "'" + file + "'").collect(Collectors.joining(", ", "[", "]"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) || ' ' || count(DISTINCT n) || ' '"
                        + " || count(txn_count) || ' ' || sum(hash(r)) FROM read_parquet(" + paths + ") AS r")) {
            result.next();
            return result.getString(1);
        }
    }
}
