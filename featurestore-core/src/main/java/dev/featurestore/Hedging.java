package dev.featurestore;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a slow read is asked for a second time, and how often at most: each first request earns a share of a hedge, and what is
 * not spent is kept up to {@value #SAVED} hedges. So in a storm, when everything is slow, no more than the share is added.
 * Safe for use by many threads.
 */
final class Hedging {
    private static final int SAVED = 10;

    private static final long ONE = 1_000_000;

    private final double share;

    private final AtomicLong earned = new AtomicLong();

    private final Map<String, RecentLatencies> latencies = new ConcurrentHashMap<>();

    Hedging(double share) {
        this.share = share;
    }

    boolean isOff() {
        return share == 0;
    }

    /** @param what a group's name, or what else has latencies of its own */
    RecentLatencies latencies(String what) {
        return latencies.computeIfAbsent(what, name -> new RecentLatencies(share));
    }

    /** A first request was sent. */
    void earn() {
        long more = (long) (share * ONE);
        if (more > 0 && earned.get() < SAVED * ONE) {
            earned.addAndGet(more);
        }
    }

    /** Whether there is one left. */
    boolean spend() {
        long before = earned.getAndAccumulate(ONE, (had, price) -> had < price ? had : had - price);
        return before >= ONE;
    }
}
