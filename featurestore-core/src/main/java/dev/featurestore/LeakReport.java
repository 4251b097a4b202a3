package dev.featurestore;

import dev.featurestore.training.Leak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a leak check found. */
public final class LeakReport {
    /** How many rows a report keeps. */
    public static final int MAX_EXAMPLES = 100;

    private final long rows;

    private final Map<String, Map<Leak.Kind, Long>> groups;

    private final List<Leak> examples;

    LeakReport(long rows, Map<String, Map<Leak.Kind, Long>> groups, List<Leak> examples) {
        this.rows = rows;
        this.groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        this.examples = List.copyOf(examples);
    }

    /** How many rows of the set are not what the rule gives. */
    public long rows() {
        return rows;
    }

    /** How many rows are wrong in which way, by selection; selections that are right are left out. */
    public Map<String, Map<Leak.Kind, Long>> groups() {
        return groups;
    }

    /** Some of the rows, at most {@value #MAX_EXAMPLES}, in no order. */
    public List<Leak> examples() {
        return examples;
    }

    /** Whether all of the set is right. */
    public boolean isClean() {
        return rows == 0;
    }

    /** The counts. */
    @Override
    public String toString() {
        return isClean() ? "no leaks" : rows + " rows with leaks: " + groups;
    }

    /** Counts leaks and hands them on. */
    static final class Counter implements Consumer<Leak> {
        private final Consumer<? super Leak> next;
        private final Map<String, Map<Leak.Kind, Long>> groups = new LinkedHashMap<>();
        private final List<Leak> examples = new ArrayList<>();
        private long rows;

        Counter(Consumer<? super Leak> next) {
            this.next = next;
        }

        @Override
        public void accept(Leak leak) {
            rows++;
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(leak);
            }
            leak.groups()
                    .forEach((selection, kind) -> groups.computeIfAbsent(
                                    selection, any -> new EnumMap<>(Leak.Kind.class))
                            .merge(kind, 1L, Long::sum));
            next.accept(leak);
        }

        LeakReport report() {
            return new LeakReport(rows, groups, examples);
        }
    }
}
