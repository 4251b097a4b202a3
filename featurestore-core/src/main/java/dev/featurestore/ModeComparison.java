package dev.featurestore;

import dev.featurestore.training.ModeDifference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How exposed a training set is to late data: the labels that {@code EVENT_TIME} and {@code AS_SERVED} give different rows. */
public final class ModeComparison {
    /** How many labels a comparison keeps. */
    public static final int MAX_EXAMPLES = 100;

    private final long labels;

    private final Map<String, Long> groups;

    private final Map<String, Long> columns;

    private final List<ModeDifference> examples;

    ModeComparison(long labels, Map<String, Long> groups, Map<String, Long> columns, List<ModeDifference> examples) {
        this.labels = labels;
        this.groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        this.examples = List.copyOf(examples);
    }

    /** How many differ. */
    public long labels() {
        return labels;
    }

    /** How many labels use another row, by selection; selections that are the same for all are left out. */
    public Map<String, Long> groups() {
        return groups;
    }

    /** How many labels have another value, by column of the view; columns that are the same for all are left out. */
    public Map<String, Long> columns() {
        return columns;
    }

    /** Some of the labels, at most {@value #MAX_EXAMPLES}, in no order. */
    public List<ModeDifference> examples() {
        return examples;
    }

    /** The counts. */
    @Override
    public String toString() {
        return labels + " labels differ, by group " + groups + ", by column " + columns;
    }

    /** Counts differences and hands them on. */
    static final class Counter implements Consumer<ModeDifference> {
        private final Consumer<? super ModeDifference> next;
        private final Map<String, Long> groups = new LinkedHashMap<>();
        private final Map<String, Long> columns = new LinkedHashMap<>();
        private final List<ModeDifference> examples = new ArrayList<>();
        private long labels;

        Counter(Consumer<? super ModeDifference> next) {
            this.next = next;
        }

        @Override
        public void accept(ModeDifference difference) {
            labels++;
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(difference);
            }
            difference.columns().forEach((selection, names) -> {
                groups.merge(selection, 1L, Long::sum);
                names.forEach(name -> columns.merge(name, 1L, Long::sum));
            });
            next.accept(difference);
        }

        ModeComparison comparison() {
            return new ModeComparison(labels, groups, columns, examples);
        }
    }
}
