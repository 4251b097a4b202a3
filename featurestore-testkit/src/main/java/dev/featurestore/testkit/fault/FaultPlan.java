package dev.featurestore.testkit.fault;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;

/**
 * Which requests fail, and how. A plan is used up as requests come in: give each store a plan of its own. Safe for use by
 * many threads; the same requests in the same order meet the same faults.
 */
public final class FaultPlan {
    private final Map<Operation, Queue<Optional<Fault>>> script;

    private final Random random;

    private final double rate;

    private final List<Fault> drawn;

    private FaultPlan(Map<Operation, Queue<Optional<Fault>>> script, long seed, double rate, List<Fault> drawn) {
        this.script = script;
        this.random = new Random(seed);
        this.rate = rate;
        this.drawn = List.copyOf(drawn);
    }

    /** No request fails. */
    public static FaultPlan none() {
        return script().build();
    }

    /**
     * Any request may fail, in any of the ways that fit it.
     *
     * @param rate the share of requests that fail, from 0 to 1
     */
    public static FaultPlan seeded(long seed, double rate) {
        return seeded(seed, rate, Fault.values());
    }

    /**
     * Any request may fail, in one of these ways.
     *
     * @param rate the share of requests that fail, from 0 to 1, among those that one of the faults fits
     * @throws IllegalArgumentException if the rate is out of range
     */
    public static FaultPlan seeded(long seed, double rate, Fault... faults) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("A rate of faults is between 0 and 1, got " + rate);
        }
        return new FaultPlan(new EnumMap<>(Operation.class), seed, rate, List.of(faults));
    }

    /** Starts a plan that says for each request in turn whether and how it fails. */
    public static Script script() {
        return new Script();
    }

    /** The fault of the next request of a kind; empty if it goes well. */
    synchronized Optional<Fault> next(Operation operation) {
        Queue<Optional<Fault>> written = script.get(operation);
        if (written != null && !written.isEmpty()) {
            return written.remove();
        }
        List<Fault> fitting =
                drawn.stream().filter(fault -> fault.canHit(operation)).toList();
        return fitting.isEmpty() || random.nextDouble() >= rate
                ? Optional.empty()
                : Optional.of(fitting.get(random.nextInt(fitting.size())));
    }

    /** Some of these, at least one, in the order they are in. */
    synchronized <T> List<T> some(List<T> all) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            positions.add(i);
        }
        Collections.shuffle(positions, random);
        List<Integer> chosen = new ArrayList<>(positions.subList(0, 1 + random.nextInt(all.size())));
        Collections.sort(chosen);
        return chosen.stream().map(all::get).toList();
    }

    /** What is left of the script, or the rate. */
    @Override
    public synchronized String toString() {
        return "fault plan of " + script + " and then " + rate + " of " + drawn;
    }

    /** Writes down what happens to the requests of each kind, in their order. When it is over no request fails. */
    public static final class Script {
        private final Map<Operation, Queue<Optional<Fault>>> script = new EnumMap<>(Operation.class);
        private long seed = 1;

        private Script() {}

        /**
         * The next request of this kind fails.
         *
         * @throws IllegalArgumentException if a request of this kind cannot fail so
         */
        public Script fail(Operation operation, Fault fault) {
            if (!fault.canHit(operation)) {
                throw new IllegalArgumentException("A " + operation + " cannot fail by " + fault);
            }
            return add(operation, Optional.of(fault));
        }

        /** The next request of this kind goes well. */
        public Script pass(Operation operation) {
            return add(operation, Optional.empty());
        }

        private Script add(Operation operation, Optional<Fault> fault) {
            script.computeIfAbsent(operation, key -> new ArrayDeque<>()).add(fault);
            return this;
        }

        /** Seeds the choice of the keys that are hit in a batch read; 1 unless set. */
        public Script seed(long value) {
            this.seed = value;
            return this;
        }

        /** The plan. */
        public FaultPlan build() {
            Map<Operation, Queue<Optional<Fault>>> copy = new EnumMap<>(Operation.class);
            script.forEach((operation, faults) -> copy.put(operation, new ArrayDeque<>(faults)));
            return new FaultPlan(copy, seed, 0, List.of());
        }
    }
}
