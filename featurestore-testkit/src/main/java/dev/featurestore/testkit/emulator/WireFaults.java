package dev.featurestore.testkit.emulator;

import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.WireFault.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go wrong, and how: the next few of an operation, or some at random. Random choices are seeded, so that
 * requests made one after another meet the same faults in every run. Safe for use by many threads.
 */
public final class WireFaults {
    /** Stands for every operation. */
    public static final String ANY_OPERATION = "*";

    private static final Set<String> READS = Set.of("GetRecord", "BatchGetRecord");

    private static final Set<String> BATCHES = Set.of("BatchGetRecord", "BatchWriteRecord");

    private final Set<String> recordOperations;

    private final Set<String> operations;

    private final Random random;

    private final List<Script> scripts = new ArrayList<>();

    private final List<Rate> rates = new ArrayList<>();

    WireFaults(Set<String> recordOperations, Set<String> operations, long seed) {
        this.recordOperations = recordOperations;
        this.operations = operations;
        this.random = new Random(seed);
    }

    private static final class Script {
        private final String operation;

        private final WireFault fault;

        private int left;

        Script(String operation, WireFault fault, int left) {
            this.operation = operation;
            this.fault = fault;
            this.left = left;
        }
    }

    private record Rate(String operation, WireFault fault, double rate) {}

    /**
     * What happens to one request.
     *
     * @param delay how long it waits first
     * @param fault what goes wrong then; null if nothing does
     * @param seed for what is random in the fault
     */
    record Draw(Duration delay, @Nullable WireFault fault, long seed) {
        static final Draw NONE = new Draw(Duration.ZERO, null, 0);

        boolean is(Kind kind) {
            return fault != null && fault.kind() == kind;
        }

        /** The store as a read meets it. */
        OnlineStore reader(InMemoryFeatureStore store) {
            if (fault == null || fault.kind() != Kind.STALE_READ) {
                return store.onlineStore();
            }
            return store.staleOnlineStore(fault.lag().isZero() ? ChronoUnit.FOREVER.getDuration() : fault.lag());
        }

        /** Which of a batch's records are left out. */
        BitSet unprocessed(int size) {
            BitSet chosen = new BitSet(size);
            if (fault == null || fault.kind() != Kind.UNPROCESSED || size == 0) {
                return chosen;
            }
            Random dice = new Random(seed);
            for (int i = 0; i < size; i++) {
                chosen.set(i, dice.nextDouble() < fault.share());
            }
            if (chosen.isEmpty()) {
                chosen.set(dice.nextInt(size));
            }
            return chosen;
        }
    }

    /**
     * The next requests of an operation meet the fault, after those scripted before.
     *
     * @param operation such as {@code PutRecord}, or {@link #ANY_OPERATION}
     * @param times how many, at least 1
     * @throws IllegalArgumentException if there is no such operation, or the fault cannot happen to it
     */
    public synchronized WireFaults next(String operation, int times, WireFault fault) {
        requireMatch(operation, fault);
        if (times < 1) {
            throw new IllegalArgumentException("A fault happens at least once, got " + times);
        }
        scripts.add(new Script(operation, fault, times));
        return this;
    }

    /**
     * Requests of an operation meet the fault at random until {@link #clear}.
     *
     * @param operation such as {@code PutRecord}, or {@link #ANY_OPERATION}
     * @param rate the chance of each request, above 0 and at most 1
     * @throws IllegalArgumentException if there is no such operation, or the fault cannot happen to it
     */
    public synchronized WireFaults atRate(String operation, double rate, WireFault fault) {
        requireMatch(operation, fault);
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("The rate of a fault is above 0 and at most 1");
        }
        rates.add(new Rate(operation, fault, rate));
        return this;
    }

    private void requireMatch(String operation, WireFault fault) {
        if (!operation.equals(ANY_OPERATION) && !operations.contains(operation)) {
            throw new IllegalArgumentException("The emulator has no operation of this name");
        }
        if (!applies(operation, fault.kind())) {
            throw new IllegalArgumentException("The fault " + fault + " does not happen to " + operation);
        }
    }

    private boolean applies(String operation, Kind kind) {
        return switch (kind) {
            case UNPROCESSED -> operation.equals(ANY_OPERATION) || BATCHES.contains(operation);
            case STALE_READ -> operation.equals(ANY_OPERATION) || READS.contains(operation);
            case GROUP_NOT_FOUND -> operation.equals(ANY_OPERATION) || recordOperations.contains(operation);
            default -> true;
        };
    }

    /** Nothing goes wrong from now on. */
    public synchronized void clear() {
        scripts.clear();
        rates.clear();
    }

    /** How many scripted faults have not happened yet. */
    public synchronized int pending() {
        return scripts.stream().mapToInt(script -> script.left).sum();
    }

    /** A fault that is set: for so many requests more, or at a rate. The other is 0. */
    record Setting(String operation, WireFault fault, int times, double rate) {}

    /** What is set: what is scripted in its order, then what happens at random. */
    synchronized List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Script script : scripts) {
            if (script.left > 0) {
                settings.add(new Setting(script.operation, script.fault, script.left, 0));
            }
        }
        rates.forEach(rate -> settings.add(new Setting(rate.operation(), rate.fault(), 0, rate.rate())));
        return settings;
    }

    /** The place of a record on the shards, from 0 to 1. */
    static double place(String group, String identifier) {
        int mixed = (31 * group.hashCode() + identifier.hashCode()) * 0x9E3779B9;
        return (mixed >>> 1) / (double) (1L << 31);
    }

    /** @param place that of the record the request is for; 1 if it is not for one record */
    synchronized Draw draw(String operation, double place) {
        if (scripts.isEmpty() && rates.isEmpty()) {
            return Draw.NONE;
        }
        Duration delay = Duration.ZERO;
        WireFault chosen = null;
        List<WireFault> happening = new ArrayList<>();
        WireFault scripted = scripted(operation, place);
        if (scripted != null) {
            happening.add(scripted);
        }
        for (Rate rate : rates) {
            if (matches(rate.operation(), operation, rate.fault(), place) && random.nextDouble() < rate.rate()) {
                happening.add(rate.fault());
            }
        }
        for (WireFault fault : happening) {
            if (fault.kind() == Kind.LATENCY) {
                delay = delay.plus(fault.sample(random));
            } else if (chosen == null) {
                chosen = fault;
            }
        }
        return new Draw(delay, chosen, random.nextLong());
    }

    private @Nullable WireFault scripted(String operation, double place) {
        scripts.removeIf(script -> script.left == 0);
        for (Script script : scripts) {
            if (matches(script.operation, operation, script.fault, place)) {
                script.left--;
                return script.fault;
            }
        }
        return null;
    }

    private boolean matches(String wanted, String operation, WireFault fault, double place) {
        return (wanted.equals(ANY_OPERATION) || wanted.equals(operation))
                && applies(operation, fault.kind())
                && fault.hits(place);
    }

    /** What is set. */
    @Override
    public String toString() {
        return settings().stream()
                .map(set -> set.operation() + ": " + set.fault()
                        + (set.times() > 0 ? ", " + set.times() + " times" : " at rate " + set.rate()))
                .collect(Collectors.joining("; ", "faults [", "]"));
    }
}
