package dev.featurestore.examples.quickstart;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.ManualClock;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Puts that are under way, each with the time it arrives at the store. */
final class PendingWrites {
    private record Write(Instant due, long number, FeatureGroupClient<FeatureRecord> group, FeatureRecord record) {}

    private final ManualClock clock;

    private final Queue<Write> queue =
            new PriorityQueue<>(Comparator.comparing(Write::due).thenComparingLong(Write::number));

    private long enqueued;

    private long applied;

    private long nanos;

    private Instant latest;

    PendingWrites(ManualClock clock) {
        this.clock = clock;
        this.latest = clock.instant();
    }

    void add(Instant due, FeatureGroupClient<FeatureRecord> group, FeatureRecord record) {
        queue.add(new Write(due, enqueued++, group, record));
    }

    /**
     * Puts what arrives up to a time, moving the clock from one arrival to the next. No two arrive in the same nanosecond:
     * which came first would be anyone's guess afterwards.
     */
    void applyUntil(Instant now) {
        while (!queue.isEmpty()) {
            Write next = queue.element();
            Instant arrival = next.due().isAfter(latest) ? next.due() : latest.plusNanos(1);
            if (arrival.isAfter(now)) {
                return;
            }
            queue.remove();
            clock.set(arrival);
            long start = System.nanoTime();
            next.group().put(next.record());
            nanos += System.nanoTime() - start;
            latest = arrival;
            applied++;
        }
    }

    /** Puts all that is still under way. */
    void applyAll() {
        while (!queue.isEmpty()) {
            Instant due = queue.element().due();
            applyUntil(due.isAfter(latest) ? due : latest.plusNanos(1));
        }
    }

    long applied() {
        return applied;
    }

    /** How long the puts took. */
    long nanos() {
        return nanos;
    }
}
