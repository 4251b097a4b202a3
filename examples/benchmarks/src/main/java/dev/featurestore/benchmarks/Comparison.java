package dev.featurestore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Two ways to make one call, in windows that take turns on one thread. A window's cost is what that thread spent: its CPU
 * time, the kernel's part included, and its allocated bytes. Compilers, the collector, timers and the server are other
 * threads and do not count.
 */
final class Comparison {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int WARM_UP_WINDOW = 500;

    private final Supplier<?> library;

    private final Supplier<?> byHand;

    /** Keeps the calls from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private volatile Object last = "";

    Comparison(Supplier<?> library, Supplier<?> byHand) {
        this.library = library;
        this.byHand = byHand;
    }

    /** The cost of one call. */
    private record Cost(double micros, double bytes) {}

    /** @param calls in one window */
    String run(int warmUpCalls, int rounds, int calls) {
        for (int done = 0; done < warmUpCalls; done += WARM_UP_WINDOW) {
            window(library, WARM_UP_WINDOW);
            window(byHand, WARM_UP_WINDOW);
        }
        Cost[] ours = new Cost[rounds];
        Cost[] theirs = new Cost[rounds];
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                ours[round] = window(library, calls);
                theirs[round] = window(byHand, calls);
            } else {
                theirs[round] = window(byHand, calls);
                ours[round] = window(library, calls);
            }
        }
        double[] cpu = new double[rounds];
        double[] bytes = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            cpu[round] = ours[round].micros / theirs[round].micros;
            bytes[round] = ours[round].bytes / theirs[round].bytes;
        }
        return String.format(
                Locale.ROOT,
                "%s | %s | %.0f µs, %,.0f B | %.0f µs, %,.0f B",
                spread(cpu),
                spread(bytes),
                median(micros(ours)),
                median(bytes(ours)),
                median(micros(theirs)),
                median(bytes(theirs)));
    }

    private Cost window(Supplier<?> call, int calls) {
        long thread = Thread.currentThread().getId();
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        long nanos = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            last = call.get();
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        bytes = THREADS.getThreadAllocatedBytes(thread) - bytes;
        return new Cost(nanos / 1000.0 / calls, (double) bytes / calls);
    }

    private static String spread(double[] ratios) {
        return String.format(
                Locale.ROOT,
                "%.2f [%.2f-%.2f]",
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    private static double[] micros(Cost[] costs) {
        return Arrays.stream(costs).mapToDouble(Cost::micros).toArray();
    }

    private static double[] bytes(Cost[] costs) {
        return Arrays.stream(costs).mapToDouble(Cost::bytes).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
