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

/** How what was served compares with what is trained on. */
public final class ServedComparison {
    /** How many vectors a comparison keeps. */
    public static final int MAX_EXAMPLES = 100;

    private final long vectors;

    private final long matched;

    private final long differing;

    private final long labels;

    private final long unlogged;

    private final long otherViews;

    private final long unreadable;

    private final Map<String, Map<Kind, Long>> columns;

    private final List<ServedDifference> examples;

    ServedComparison(
            long vectors,
            long matched,
            long differing,
            long labels,
            long unlogged,
            long otherViews,
            long unreadable,
            Map<String, Map<Kind, Long>> columns,
            List<ServedDifference> examples) {
        Map<String, Map<Kind, Long>> copy = new LinkedHashMap<>();
        columns.forEach((column, kinds) -> copy.put(column, Collections.unmodifiableMap(new LinkedHashMap<>(kinds))));
        this.vectors = vectors;
        this.matched = matched;
        this.differing = differing;
        this.labels = labels;
        this.unlogged = unlogged;
        this.otherViews = otherViews;
        this.unreadable = unreadable;
        this.columns = Collections.unmodifiableMap(copy);
        this.examples = List.copyOf(examples);
    }

    /** How many vectors of the log are of the set's view, by its fingerprint, and in its range of labels. */
    public long vectors() {
        return vectors;
    }

    /** For how many of them the set has a label of the same keys and time. */
    public long matched() {
        return matched;
    }

    /** How many of those have another value than their label's row in some column. */
    public long differing() {
        return differing;
    }

    /** How many labels the set has. */
    public long labels() {
        return labels;
    }

    /** How many labels have no vector in the log: not in its sample, dropped, or never fetched. */
    public long unlogged() {
        return unlogged;
    }

    /** How many vectors of the log are of another view or another version of it; they are not compared. */
    public long otherViews() {
        return otherViews;
    }

    /** How many lines of the log could not be read. */
    public long unreadable() {
        return unreadable;
    }

    /** How many vectors differ and why, by column of the view; columns that are always the same are left out. */
    public Map<String, Map<Kind, Long>> columns() {
        return columns;
    }

    /** Some of the vectors that differ, at most {@value #MAX_EXAMPLES}, in no order. */
    public List<ServedDifference> examples() {
        return examples;
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

    /** How many vectors have no label. */
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
        private final List<ServedDifference> examples = new ArrayList<>();
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
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(difference);
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
                    vectors, matched, differing, labels, unlogged, otherViews, unreadable, columns, examples);
        }
    }
}
