package dev.featurestore;

import dev.featurestore.training.Leak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a leak check found.
 *
 * @param rows of the set that are not what the rule gives
 * @param groups how many rows are wrong in which way, by selection; selections that are right are left out
 * @param first some of the rows, at most {@value #EXAMPLES}, in no order
 */
public record LeakReport(long rows, Map<String, Map<Leak.Kind, Long>> groups, List<Leak> first) {
    /** How many rows a report keeps. */
    public static final int EXAMPLES = 100;

    /** Copies the collections. */
    public LeakReport {
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        first = List.copyOf(first);
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
        private final List<Leak> first = new ArrayList<>();
        private long rows;

        Counter(Consumer<? super Leak> next) {
            this.next = next;
        }

        @Override
        public void accept(Leak leak) {
            rows++;
            if (first.size() < EXAMPLES) {
                first.add(leak);
            }
            leak.groups()
                    .forEach((selection, kind) -> groups.computeIfAbsent(
                                    selection, any -> new EnumMap<>(Leak.Kind.class))
                            .merge(kind, 1L, Long::sum));
            next.accept(leak);
        }

        LeakReport report() {
            return new LeakReport(rows, groups, first);
        }
    }
}
