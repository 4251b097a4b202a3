package dev.featurestore;

import dev.featurestore.training.ModeDifference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How exposed a training set is to late data: the labels that {@code EVENT_TIME} and {@code AS_SERVED} give different rows.
 *
 * @param labels how many differ
 * @param groups how many labels use another row, by selection; selections that are the same for all are left out
 * @param columns how many labels have another value, by column of the view; columns that are the same for all are left out
 * @param first some of the labels, at most {@value #EXAMPLES}, in no order
 */
public record ModeComparison(
        long labels, Map<String, Long> groups, Map<String, Long> columns, List<ModeDifference> first) {
    /** How many labels a comparison keeps. */
    public static final int EXAMPLES = 100;

    /** Copies the collections. */
    public ModeComparison {
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        first = List.copyOf(first);
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
        private final List<ModeDifference> first = new ArrayList<>();
        private long labels;

        Counter(Consumer<? super ModeDifference> next) {
            this.next = next;
        }

        @Override
        public void accept(ModeDifference difference) {
            labels++;
            if (first.size() < EXAMPLES) {
                first.add(difference);
            }
            difference.columns().forEach((selection, names) -> {
                groups.merge(selection, 1L, Long::sum);
                names.forEach(name -> columns.merge(name, 1L, Long::sum));
            });
            next.accept(difference);
        }

        ModeComparison comparison() {
            return new ModeComparison(labels, groups, columns, first);
        }
    }
}
