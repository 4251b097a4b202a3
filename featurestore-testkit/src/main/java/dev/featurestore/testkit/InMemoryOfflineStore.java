package dev.featurestore.testkit;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** An offline store on the heap, whose training sets are evaluated in plain Java. For small histories. */
final class InMemoryOfflineStore implements OfflineStore, OfflineLog {
    private final InstantSource clock;

    private final Map<String, List<OfflineRow>> rows = new ConcurrentHashMap<>();

    InMemoryOfflineStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void created(FeatureGroup<?> group) {
        rows.put(group.name(), Collections.synchronizedList(new ArrayList<>()));
    }

    @Override
    public void deleted(String group) {
        // the rows stay until a group of the name is made again
    }

    @Override
    public void append(FeatureGroup<?> group, OfflineRow row) {
        rows.computeIfAbsent(group.name(), name -> Collections.synchronizedList(new ArrayList<>()))
                .add(row);
    }

    /** All rows of a group in the order of arrival, whether they can be queried yet or not. */
    List<OfflineRow> history(String group) {
        List<OfflineRow> history = rows.getOrDefault(group, List.of());
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    void clear() {
        rows.values().forEach(List::clear);
    }

    @Override
    public TrainingRows run(TrainingSet set) {
        List<TrainingRow> result = PointInTimeEvaluator.evaluate(set, visibleHistory());
        return new TrainingRows() {
            @Override
            public Iterator<TrainingRow> iterator() {
                return result.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        PointInTimeEvaluator.compareModes(set, visibleHistory()).forEach(differences);
    }

    private Function<FeatureGroup<?>, List<OfflineRow>> visibleHistory() {
        Instant now = clock.instant();
        return group -> history(group.name()).stream()
                .filter(row -> !row.writeTime().isAfter(now))
                .toList();
    }

    @Override
    public long unload(TrainingSet set, URI target) {
        throw new UnsupportedCapabilityException(
                "The in-memory offline store writes no files: give the store a LocalOfflineStore to unload "
                        + set.view());
    }
}
