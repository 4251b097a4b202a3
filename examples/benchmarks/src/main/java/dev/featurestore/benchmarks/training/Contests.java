package dev.featurestore.benchmarks.training;

import dev.featurestore.training.PointInTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The contests of an engine, by name. */
public final class Contests {
    private static final long SEED = 42;

    private final Map<String, Workload> workloads = new LinkedHashMap<>();

    /** Makes the tables of a workload. */
    public interface Engines {
        /**
         * An engine with the data of a workload.
         *
         * @param scratch a folder for what it needs
         */
        SqlEngine start(WorkloadFiles files, Path scratch) throws SQLException;
    }

    /** Contests of growing histories: the number of versions is what a shape may not be quadratic in. */
    public Contests(int rows) {
        workloads.put("standard", new Workload(1, 1_000_000, 20, 100_000, 10));
        for (int versions : new int[] {10, 100, 1000}) {
            workloads.put("versions-" + versions, new Workload(1, rows, versions, rows / 10, 10));
        }
    }

    /** One more. */
    public Contests with(String name, Workload workload) {
        workloads.put(name, workload);
        return this;
    }

    /**
     * Runs contests in both modes and prints a table of each.
     *
     * @param args the contests' names with commas between them, or {@code all}; then the number of rounds, 5 unless given
     * @throws IllegalStateException if the library had a wrong label
     */
    public void run(String[] args, Engines engines) throws SQLException, IOException {
        List<String> names = args.length == 0 || args[0].equals("all")
                ? List.copyOf(workloads.keySet())
                : List.of(args[0].split(","));
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        boolean right = true;
        for (String name : names) {
            Workload workload = workloads.get(name);
            if (workload == null) {
                throw new IllegalArgumentException(
                        "No contest is called " + name + ": there are " + workloads.keySet());
            }
            Path folder = Files.createTempDirectory("training-sql");
            try {
                WorkloadFiles files = WorkloadFiles.write(workload, folder, SEED);
                for (PointInTime.Mode mode : PointInTime.Mode.values()) {
                    try (SqlEngine engine = engines.start(files, folder.resolve("scratch"))) {
                        right &= new Contest(files, engine, mode).run(rounds, System.out);
                    }
                }
            } finally {
                remove(folder);
            }
        }
        if (!right) {
            throw new IllegalStateException("The library had wrong labels: see above");
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
