package dev.featurestore.benchmarks;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A vector of several groups as one writes it on the official client: one GetRecord for each group at the same time, the last on
 * the calling thread, and the numbers of all groups in one array. No defaults, no ages, no deadline over all, no hedges.
 */
final class HandWrittenVector {
    private final List<HandWritten> groups;

    private final ExecutorService threads;

    HandWrittenVector(List<HandWritten> groups, ExecutorService threads) {
        this.groups = groups;
        this.threads = threads;
    }

    static List<Feature<?>> numbers(List<Feature<?>> features) {
        List<Feature<?>> numbers = new ArrayList<>();
        for (Feature<?> feature : features) {
            if (feature.type() != FeatureType.STRING) {
                numbers.add(feature);
            }
        }
        return numbers;
    }

    double[] fetch(String identifier) {
        int last = groups.size() - 1;
        List<Future<HandWritten.Row>> others = new ArrayList<>(last);
        for (HandWritten group : groups.subList(0, last)) {
            others.add(threads.submit(() -> group.get(identifier).orElseThrow()));
        }
        HandWritten.Row own = groups.get(last).get(identifier).orElseThrow();
        double[] vector =
                new double[groups.stream().mapToInt(HandWritten::numbers).sum()];
        int next = 0;
        for (int g = 0; g < last; g++) {
            next = groups.get(g).copyNumbers(joined(others.get(g)), vector, next);
        }
        groups.get(last).copyNumbers(own, vector, next);
        return vector;
    }

    private static HandWritten.Row joined(Future<HandWritten.Row> row) {
        try {
            return row.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A read failed", e.getCause());
        }
    }
}
