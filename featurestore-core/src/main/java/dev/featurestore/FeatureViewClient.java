package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Serves the vectors of one view and builds its training sets. Blocks; safe for use by many threads.
 *
 * <p>A fetch does not throw for a group that failed: the vector says which group was found, absent, expired, too old or
 * failed, and throws when the values of a failed group are read.
 */
public final class FeatureViewClient {
    private final FeatureView view;

    private final OnlineStore store;

    private final OfflineStore offline;

    private final CallSettings settings;

    private final BatchReader batchReader;

    /** The features asked for of each group; an empty list for all. */
    private final Map<String, List<String>> features;

    FeatureViewClient(FeatureView view, OnlineStore store, OfflineStore offline, CallSettings settings) {
        this.view = view;
        this.store = store;
        this.offline = offline;
        this.settings = settings;
        this.batchReader = new BatchReader(store, settings.sleeper());
        this.features = wanted(view);
    }

    /** Of each group the selected features and its event time, whose age is judged; all if the view takes them all. */
    private static Map<String, List<String>> wanted(FeatureView view) {
        Map<String, Set<String>> byGroup = new LinkedHashMap<>();
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        for (GroupSelection selection : view.selections()) {
            FeatureGroup<?> group = selection.group();
            Set<String> names = byGroup.computeIfAbsent(group.name(), name -> new LinkedHashSet<>());
            names.add(group.eventTime().name());
            selection.columns().forEach(column -> names.add(column.feature().name()));
            // the identifier is known to whoever asks
            boolean all = group.features().stream()
                    .map(Feature::name)
                    .allMatch(name -> names.contains(name)
                            || name.equals(group.recordIdentifier().name()));
            wanted.put(group.name(), all ? List.of() : List.copyOf(names));
        }
        return wanted;
    }

    /** The definition. */
    public FeatureView definition() {
        return view;
    }

    /** As {@link #fetch(Map, Duration)} within the store's call timeout. */
    public FeatureVector fetch(Map<String, ?> joinKeys) {
        return fetchAll(List.of(joinKeys), settings.deadline()).get(0);
    }

    /**
     * The vector of one request, as of now.
     *
     * @param joinKeys for each key of the view a value of its identifier's Java type; more keys do no harm
     * @param timeout for the whole call, positive; groups the store did not answer for by then are marked failed
     * @throws RecordMappingException if a key is missing or of another type
     */
    public FeatureVector fetch(Map<String, ?> joinKeys, Duration timeout) {
        return fetchAll(List.of(joinKeys), settings.deadline(timeout)).get(0);
    }

    /**
     * The vectors of many requests, as of now, in the order of the requests. A record that several of them need is read
     * once.
     */
    public List<FeatureVector> fetchAll(List<? extends Map<String, ?>> requests, Duration timeout) {
        return fetchAll(requests, settings.deadline(timeout));
    }

    private List<FeatureVector> fetchAll(List<? extends Map<String, ?>> requests, Deadline deadline) {
        Instant asOf = settings.clock().instant();
        List<List<RecordKey>> keys = new ArrayList<>(requests.size());
        Set<RecordKey> distinct = new LinkedHashSet<>();
        for (Map<String, ?> request : requests) {
            List<RecordKey> requestKeys = keys(request);
            keys.add(requestKeys);
            distinct.addAll(requestKeys);
        }
        BatchRead.Answers answers = distinct.size() == 1
                ? readOne(distinct.iterator().next(), deadline)
                : batchReader.read(distinct, features, deadline);
        List<FeatureVector> vectors = new ArrayList<>(requests.size());
        keys.forEach(requestKeys -> vectors.add(assemble(asOf, requestKeys, answers)));
        return vectors;
    }

    private BatchRead.Answers readOne(RecordKey key, Deadline deadline) {
        try {
            Optional<StoredRecord> stored = store.get(new GetCommand(
                    key.group(), key.identifier(), features.getOrDefault(key.group(), List.of()), deadline));
            return new BatchRead.Answers(
                    stored.map(record -> Map.of(key, record)).orElse(Map.of()), Map.of(), Set.of());
        } catch (FeatureStoreException e) {
            return new BatchRead.Answers(Map.of(), Map.of(key, e), Set.of());
        }
    }

    private FeatureVector assemble(Instant asOf, List<RecordKey> keys, BatchRead.Answers answers) {
        FeatureVector.Builder vector = view.newVector(asOf);
        for (int s = 0; s < keys.size(); s++) {
            RecordKey key = keys.get(s);
            FeatureStoreException failure = answers.failure(key);
            StoredRecord stored = answers.records().get(key);
            if (failure != null) {
                vector.failed(s, failure);
            } else if (stored == null) {
                vector.absent(s);
            } else {
                try {
                    vector.latest(
                            s, stored.record().decode(view.selections().get(s).group()), stored.expiresAt());
                } catch (RecordMappingException e) {
                    vector.failed(s, e);
                }
            }
        }
        return vector.build();
    }

    private List<RecordKey> keys(Map<String, ?> joinKeys) {
        List<RecordKey> keys = new ArrayList<>(view.selections().size());
        for (GroupSelection selection : view.selections()) {
            Object value = joinKeys.get(selection.joinKey());
            if (value == null) {
                throw new RecordMappingException("Cannot fetch " + view + ": there is no value for key '"
                        + selection.joinKey() + "', which finds the record of feature group '"
                        + selection.group().name() + "'");
            }
            String identifier = selection.group().encodeIdentifier(value);
            RecordLimits.checkIdentifier(selection.group(), identifier);
            keys.add(new RecordKey(selection.group().name(), identifier));
        }
        return keys;
    }

    /**
     * A training set of this view over labelled rows, in the mode {@code AS_SERVED} until it is told otherwise.
     *
     * @throws dev.featurestore.errors.InvalidDefinitionException if the view and the spine do not fit together
     */
    public TrainingSetClient trainingSet(Spine spine) {
        return new TrainingSetClient(TrainingSet.of(view, spine), offline, settings.clock());
    }

    /** The view; nothing of its records. */
    @Override
    public String toString() {
        return "client of " + view;
    }
}
