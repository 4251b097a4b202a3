package dev.featurestore.benchmarks.training;

import dev.featurestore.training.PointInTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What does the library's query cost on DuckDB beside those written by hand?
 *
 * <p>Arguments: {@code [contest [rounds]]}, with a contest of those below; all of them without.
 */
public final class TrainingSqlOnDuckDb {
    private static final Map<String, Workload> CONTESTS = Map.of(
            "standard", new Workload(1, 1_000_000, 20, 100_000, 10),
            "versions-10", new Workload(1, 1_000_000, 10, 100_000, 10),
            "versions-100", new Workload(1, 1_000_000, 100, 100_000, 10),
            "versions-1000", new Workload(1, 1_000_000, 1000, 100_000, 10),
            "large", new Workload(1, 10_000_000, 20, 1_000_000, 10),
            "wide", new Workload(3, 300_000, 20, 30_000, 200));

    private static final List<String> ORDER =
            List.of("standard", "versions-10", "versions-100", "versions-1000", "wide", "large");

    private TrainingSqlOnDuckDb() {}

    /** Runs contests. */
    public static void main(String[] args) throws SQLException, IOException {
        List<String> contests = args.length > 0 && !args[0].equals("all") ? List.of(args[0].split(",")) : ORDER;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int memoryMb = args.length > 2 ? Integer.parseInt(args[2]) : 8000;
        boolean right = true;
        for (String contest : contests) {
            Workload workload = CONTESTS.get(contest);
            if (workload == null) {
                throw new IllegalArgumentException("No contest " + contest + ": there are " + ORDER);
            }
            Path folder = Files.createTempDirectory("training-sql");
            try {
                WorkloadFiles files = WorkloadFiles.write(workload, WorkloadFiles.Layout.FLAT, folder, 42);
                for (PointInTime.Mode mode : PointInTime.Mode.values()) {
                    try (SqlEngine engine = new DuckDbSqlEngine(files, folder.resolve("spill"), memoryMb)) {
                        right &= new Contest(files, engine, mode).run(rounds, System.out);
                    }
                }
            } finally {
                remove(folder);
            }
        }
        if (!right) {
            throw new IllegalStateException("The library's query had wrong labels: see above");
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
