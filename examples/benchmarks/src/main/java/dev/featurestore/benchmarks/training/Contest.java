package dev.featurestore.benchmarks.training;

import com.sun.management.OperatingSystemMXBean;
import dev.featurestore.training.PointInTime;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The library's query and those written by hand on one engine, in rounds that take turns. Each is checked first, and that is
 * its warm-up. What counts is the CPU time of this process, in which the engine runs; the time that passed is for information.
 */
final class Contest {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int HOPELESS = 6;

    private final WorkloadFiles files;

    private final SqlEngine engine;

    private final PointInTime.Mode mode;

    private final List<Contender> contenders = new ArrayList<>();

    /** A contest over the files of a workload, in an engine that has them in its tables. */
    Contest(WorkloadFiles files, SqlEngine engine, PointInTime.Mode mode) {
        this.files = files;
        this.engine = engine;
        this.mode = mode;
        PointInTime rule = mode == PointInTime.Mode.EVENT_TIME ? PointInTime.eventTime() : PointInTime.asServed();
        contenders.add(new Contender(
                "the library",
                engine.dialect().render(files.workload().trainingSet(rule, engine.labels()), engine.tables()),
                false));
        for (Candidates.Candidate candidate : engine.candidates().of(mode)) {
            contenders.add(new Contender(candidate.name(), candidate.sql(), candidate.asPublished()));
        }
    }

    private static final class Contender {
        private final String name;
        private final String sql;
        private final boolean asPublished;
        private final List<Double> cpu = new ArrayList<>();
        private final List<Double> elapsed = new ArrayList<>();
        private OptionalLong peak = OptionalLong.empty();
        private long rows;
        private int wrong;

        Contender(String name, String sql, boolean asPublished) {
            this.name = name;
            this.sql = sql;
            this.asPublished = asPublished;
        }

        void forget() {
            cpu.clear();
            elapsed.clear();
        }
    }

    /**
     * Runs it and prints a table.
     *
     * @return whether the library had no wrong label
     */
    boolean run(int rounds, PrintStream out) throws SQLException {
        check();
        for (int round = -engine.warmUpRounds(); round < rounds; round++) {
            if (round == 0) {
                contenders.forEach(Contender::forget);
            }
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get(Math.floorMod(i + round, contenders.size()));
                if (contender.cpu.isEmpty() || !isHopeless(contender)) {
                    measure(contender);
                }
            }
        }
        print(rounds, out);
        return contenders.get(0).wrong == 0;
    }

    /** Measured once: its rounds would take most of the time. */
    private boolean isHopeless(Contender contender) {
        return contender.cpu.get(0) > HOPELESS * contenders.get(0).cpu.get(0);
    }

    private void check() throws SQLException {
        Answers answers = Answers.of(files.workload(), files.labelRows(), files.histories(), mode);
        for (Contender contender : contenders) {
            Answers.Check check = answers.check();
            engine.read(contender.sql, files.workload().columns(), check);
            contender.rows = check.rows();
            contender.wrong = check.wrongLabels();
            contender.peak = engine.peakMemory(contender.sql);
        }
    }

    private void measure(Contender contender) throws SQLException {
        long cpu = PROCESS.getProcessCpuTime();
        long started = System.nanoTime();
        engine.compute(contender.sql);
        contender.elapsed.add((System.nanoTime() - started) / 1e9);
        contender.cpu.add((PROCESS.getProcessCpuTime() - cpu) / 1e9);
    }

    private void print(int rounds, PrintStream out) {
        Contender ours = contenders.get(0);
        out.printf(
                Locale.ROOT,
                "%n%s, %s: %s%n%d rounds; load average %.1f%n%n",
                engine.dialect().name(),
                mode,
                files.workload(),
                rounds,
                PROCESS.getSystemLoadAverage());
        out.println("| query | CPU, of the library's | CPU s | s | peak MB | rows | wrong labels |");
        out.println("|---|---|---|---|---|---|---|");
        for (Contender contender : contenders) {
            double[] ratios = new double[contender.cpu.size()];
            for (int round = 0; round < ratios.length; round++) {
                ratios[round] = contender.cpu.get(round) / ours.cpu.get(round);
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %.2f [%.2f-%.2f] | %.2f | %.2f | %s | %,d | %,d |%n",
                    contender.name,
                    median(ratios),
                    Arrays.stream(ratios).min().orElse(Double.NaN),
                    Arrays.stream(ratios).max().orElse(Double.NaN),
                    median(numbers(contender.cpu)),
                    median(numbers(contender.elapsed)),
                    contender.peak.isEmpty() ? "" : Long.toString(contender.peak.getAsLong() / 1_000_000),
                    contender.rows,
                    contender.wrong);
        }
        contenders.stream()
                .filter(contender -> !contender.asPublished && contender.wrong > 0)
                .forEach(contender -> out.println("WRONG: " + contender.name));
        out.flush();
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
