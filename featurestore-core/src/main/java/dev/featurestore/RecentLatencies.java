package dev.featurestore;

import java.util.Arrays;

/** The latencies of the last reads of one group, and how long all but a share of them took. Safe for use by many threads. */
final class RecentLatencies {
    static final int ENOUGH = 100;

    private static final int KEPT = 512;

    private static final int RENEWED_AFTER = 32;

    private final double share;

    private final long[] nanos = new long[KEPT];

    private long count;

    private volatile long exceededByShare = Long.MAX_VALUE;

    /** @param share how many of the latencies exceed the one that is told, from 0 to 1 */
    RecentLatencies(double share) {
        this.share = share;
    }

    synchronized void add(long latency) {
        nanos[(int) (count++ % KEPT)] = latency;
        if (count == ENOUGH || (count > ENOUGH && count % RENEWED_AFTER == 0)) {
            long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, KEPT));
            Arrays.sort(sorted);
            int above = (int) Math.floor(share * sorted.length);
            exceededByShare = sorted[Math.max(0, sorted.length - 1 - above)];
        }
    }

    /** In nanoseconds; {@code Long.MAX_VALUE} while too few are known. */
    long exceededByShare() {
        return exceededByShare;
    }
}
