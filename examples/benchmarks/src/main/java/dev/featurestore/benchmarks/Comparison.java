package dev.featurestore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Two ways to make one call, in windows that take turns on one thread. A window's cost is what that thread spent, or all Java
 * threads for calls that use others: CPU time, the kernel's part included, and allocated bytes. Compilers, the collector and
 * the server are no Java threads here and do not count.
 */
final class Comparison {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int WARM_UP_WINDOW = 500;

    private final Supplier<?> library;

    private final Supplier<?> byHand;

    private final Counted counted;

    /** Keeps the calls from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private volatile Object last = "";

    /** Whose cost it is. */
    enum Counted {
        CALLING_THREAD,
        ALL_THREADS
    }

    Comparison(Supplier<?> library, Supplier<?> byHand) {
        this(library, byHand, Counted.CALLING_THREAD);
    }

    Comparison(Supplier<?> library, Supplier<?> byHand, Counted counted) {
        this.library = library;
        this.byHand = byHand;
        this.counted = counted;
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
        long[] threads = counted == Counted.ALL_THREADS
                ? THREADS.getAllThreadIds()
                : new long[] {Thread.currentThread().getId()};
        long bytes = sum(THREADS.getThreadAllocatedBytes(threads));
        long nanos = sum(THREADS.getThreadCpuTime(threads));
        for (int i = 0; i < calls; i++) {
            last = call.get();
        }
        nanos = sum(THREADS.getThreadCpuTime(threads)) - nanos;
        bytes = sum(THREADS.getThreadAllocatedBytes(threads)) - bytes;
        return new Cost(nanos / 1000.0 / calls, (double) bytes / calls);
    }

    /** Of threads that have not ended. */
    private static long sum(long[] ofThreads) {
        return Arrays.stream(ofThreads).filter(value -> value > 0).sum();
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
