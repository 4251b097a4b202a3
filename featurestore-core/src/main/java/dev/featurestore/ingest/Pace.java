package dev.featurestore.ingest;

import java.util.function.LongSupplier;

/**
 * How fast a load may go, shared by all its threads. A throttled request slows it down by a factor; what goes well brings it
 * back by equal steps, up to the limit. So several loads on one quota come to share it. Safe for use by many threads.
 */
final class Pace {
    private static final double SLOW_DOWN = 0.7;

    /** Of the limit, or of the rate that was first throttled; each second. */
    private static final double RECOVERY = 0.05;

    /** A storm of refusals, all of the same moment, counts as one. */
    private static final long CUT_NANOS = 200_000_000L;

    /** What was not used in the last moments may be used now: pauses are never as short as they were asked to be. */
    private static final long BURST_NANOS = 100_000_000L;

    private static final double NANOS = 1e9;

    private static final double SLOWEST = 1;

    private final double limit;

    private final LongSupplier nanoTime;

    private double rate;

    private long nextFree;

    private double recoveryStep;

    private long lastCut;

    private long lastGrowth;

    private long windowStart;

    private long windowUnits;

    /** @param limit units a second; infinite for none */
    Pace(double limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.rate = limit;
        this.nanoTime = nanoTime;
        this.recoveryStep = limit * RECOVERY;
        long now = nanoTime.getAsLong();
        this.nextFree = now;
        this.lastCut = now - CUT_NANOS;
        this.lastGrowth = now;
        this.windowStart = now;
    }

    /** Takes units of the capacity, and returns after how many nanoseconds they may be used. */
    synchronized long reserve(long units) {
        long now = nanoTime.getAsLong();
        if (now - windowStart > NANOS) {
            windowStart = now;
            windowUnits = 0;
        }
        windowUnits += units;
        if (Double.isInfinite(rate)) {
            return 0;
        }
        grow(now);
        long earliest = now - BURST_NANOS;
        long start = nextFree - earliest > 0 ? nextFree : earliest;
        nextFree = start + (long) (units / rate * NANOS);
        return Math.max(0, start - now);
    }

    private void grow(long now) {
        if (rate < limit) {
            rate = Math.min(limit, rate + recoveryStep * ((now - lastGrowth) / NANOS));
        }
        lastGrowth = now;
    }

    /** A request was turned away for want of capacity. */
    synchronized void throttled() {
        long now = nanoTime.getAsLong();
        if (now - lastCut < CUT_NANOS) {
            return;
        }
        lastCut = now;
        lastGrowth = now;
        if (Double.isInfinite(rate)) {
            rate = Math.max(SLOWEST, windowUnits * NANOS / Math.max(CUT_NANOS, now - windowStart));
            recoveryStep = rate * RECOVERY;
        }
        rate = Math.max(Math.min(SLOWEST, limit), rate * SLOW_DOWN);
    }

    /** Units a second that are allowed now. */
    synchronized double rate() {
        return rate;
    }
}
