package dev.featurestore.examples.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The payments of one card in the last minute, hour or days: those after {@code now - length} and not after {@code now}.
 * Amounts are kept in whole units of 1/10000, so that taking one away leaves no rounding error behind.
 */
final class RollingWindow {
    /** How many units make an amount of 1. */
    static final double UNITS = 10_000;

    private record Entry(Instant time, long units) {}

    private final Duration length;

    private final Deque<Entry> entries = new ArrayDeque<>();

    private long units;

    RollingWindow(Duration length) {
        this.length = length;
    }

    /** Moves the end of the window on and forgets what has fallen out at its start. */
    void moveTo(Instant now) {
        Instant start = now.minus(length);
        while (!entries.isEmpty() && !entries.getFirst().time().isAfter(start)) {
            units -= entries.removeFirst().units();
        }
    }

    /** Adds a payment that is not earlier than those before. */
    void add(Instant time, double amount) {
        Entry entry = new Entry(time, Math.round(amount * UNITS));
        entries.addLast(entry);
        units += entry.units();
    }

    int count() {
        return entries.size();
    }

    double sum() {
        return units / UNITS;
    }

    /** NaN if the window is empty. */
    double mean() {
        return units / UNITS / entries.size();
    }
}
