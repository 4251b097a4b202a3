package dev.featurestore.serving;

import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.TrainingSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How what was served compares with what is trained on.
 *
 * @param vectors of the log that are of the set's view, by its fingerprint, and in its range of labels
 * @param matched of them, those for which the set has a label of the same keys and time
 * @param differing of those, the ones with another value than their label's row in some column
 * @param labels of the set
 * @param unlogged labels without a vector in the log: not in its sample, dropped, or never fetched
 * @param otherViews vectors in the log of another view or another version of it; they are not compared
 * @param unreadable lines of the log that could not be read
 * @param columns how many vectors differ and why, by column of the view; columns that are always the same are left out
 * @param first some of the vectors that differ, at most {@value #EXAMPLES}, in no order
 */
public record ServedComparison(
        long vectors,
        long matched,
        long differing,
        long labels,
        long unlogged,
        long otherViews,
        long unreadable,
        Map<String, Map<Kind, Long>> columns,
        List<ServedDifference> first) {
    /** How many vectors a comparison keeps. */
    public static final int EXAMPLES = 100;

    /** Copies the collections. */
    public ServedComparison {
        Map<String, Map<Kind, Long>> copy = new LinkedHashMap<>();
        columns.forEach((column, kinds) -> copy.put(column, Collections.unmodifiableMap(new LinkedHashMap<>(kinds))));
        columns = Collections.unmodifiableMap(copy);
        first = List.copyOf(first);
    }

    /**
     * Compares; what {@code TrainingSetClient.compareServed} does.
     *
     * @param each is handed every vector that differs
     * @throws IllegalArgumentException if keys of the log are hashed and it was not given its salt
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    public static ServedComparison of(
            ServedVectors log, TrainingSet set, OfflineStore store, Consumer<? super ServedDifference> each) {
        return new ServedComparer(log, set, store, each).compare();
    }

    /** Vectors without a label. */
    public long missing() {
        return vectors - matched;
    }

    /** How many values differ for a reason, over all columns. */
    public long count(Kind kind) {
        return columns.values().stream()
                .mapToLong(kinds -> kinds.getOrDefault(kind, 0L))
                .sum();
    }

    /** The counts. */
    @Override
    public String toString() {
        return vectors + " vectors, " + matched + " with a label, " + differing + " differ, by column " + columns + "; "
                + unlogged + " of " + labels + " labels without a vector, " + otherViews + " vectors of other views, "
                + unreadable + " unreadable lines";
    }

    /** Counts differences and hands them on. */
    static final class Counter {
        private final Consumer<? super ServedDifference> next;
        private final Map<String, Map<Kind, Long>> columns = new LinkedHashMap<>();
        private final List<ServedDifference> first = new ArrayList<>();
        long vectors;
        long matched;
        long differing;
        long labels;
        long unlogged;
        long otherViews;
        long unreadable;

        Counter(Consumer<? super ServedDifference> next) {
            this.next = next;
        }

        void differs(ServedDifference difference) {
            differing++;
            if (first.size() < EXAMPLES) {
                first.add(difference);
            }
            difference
                    .groups()
                    .values()
                    .forEach(part -> part.columns()
                            .forEach(column -> columns.computeIfAbsent(column, any -> new EnumMap<>(Kind.class))
                                    .merge(part.kind(), 1L, Long::sum)));
            next.accept(difference);
        }

        ServedComparison comparison() {
            return new ServedComparison(
                    vectors, matched, differing, labels, unlogged, otherViews, unreadable, columns, first);
        }
    }
}
