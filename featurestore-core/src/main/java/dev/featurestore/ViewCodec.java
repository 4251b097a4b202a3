package dev.featurestore;

import dev.featurestore.FetchOptions.OnFailure;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
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
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one view have in common: join keys become the keys of records, records become vectors. It sends nothing.
 */
final class ViewCodec {
    /** Of a group with no more features than this, those that are wanted are asked for by name. */
    private static final int FEW = 20;

    private static final int MOST_BY_NAME = 100;

    private final FeatureView view;

    private final OnFailure onFailure;

    private final Map<String, Part> parts = new LinkedHashMap<>();

    ViewCodec(FeatureView view, OnFailure onFailure) {
        this.view = view;
        this.onFailure = onFailure;
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        for (GroupSelection selection : view.selections()) {
            FeatureGroup<?> group = selection.group();
            Set<String> names = wanted.computeIfAbsent(group.name(), name -> new LinkedHashSet<>());
            names.add(group.eventTime().name());
            selection.columns().forEach(column -> names.add(column.feature().name()));
            Part before = parts.get(group.name());
            Duration staleness = selection.maxStaleness().orElse(null);
            parts.put(
                    group.name(),
                    Part.of(group, names, before == null ? staleness : shorter(before.maxStaleness(), staleness)));
        }
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        return one == null || other == null ? null : one.compareTo(other) < 0 ? one : other;
    }

    /**
     * What a view takes of one group, by all its selections.
     *
     * @param features those to ask for: the selected and the event time, whose age is judged; empty for all, as where they are
     *     most of a wide group: what is not wanted is passed over then
     * @param columns the group's, with room for the features
     * @param maxStaleness how long before a fetch a record may have been read; null if each fetch reads anew
     */
    record Part(
            FeatureGroup<?> group,
            List<String> features,
            FeatureColumns columns,
            @Nullable Duration maxStaleness) {
        static Part of(FeatureGroup<?> group, Set<String> names, @Nullable Duration maxStaleness) {
            // the identifier is known to whoever asks
            boolean all = group.features().stream()
                    .map(Feature::name)
                    .allMatch(name -> names.contains(name)
                            || name.equals(group.recordIdentifier().name()));
            // a name in the request costs what a value in the answer does, and an address has its limits
            boolean most = names.size() > MOST_BY_NAME
                    || (group.features().size() > FEW
                            && names.size() > group.features().size() / 2);
            return new Part(
                    group,
                    all || most ? List.of() : List.copyOf(names),
                    group.columns().keeping(names),
                    maxStaleness);
        }

        /** @param stored null if there is no record */
        RecordOutcome outcome(@Nullable StoredRecord stored, Instant readAt) {
            if (stored == null) {
                return new RecordOutcome(null, null, null, readAt);
            }
            try {
                return new RecordOutcome(stored.record().decode(group, columns), stored.expiresAt(), null, readAt);
            } catch (RecordMappingException e) {
                return RecordOutcome.failed(e, readAt);
            }
        }
    }

    FeatureView view() {
        return view;
    }

    Part part(String group) {
        return Objects.requireNonNull(parts.get(group), "a group of the view");
    }

    /** The features asked for of each group; an empty list for all. */
    Map<String, List<String>> features() {
        Map<String, List<String>> features = new LinkedHashMap<>();
        parts.forEach((group, part) -> features.put(group, part.features()));
        return features;
    }

    boolean allowsStaleness() {
        return parts.values().stream().anyMatch(part -> part.maxStaleness() != null);
    }

    /** The keys of a request's records, one for each selection. */
    List<RecordKey> keys(Map<String, ?> joinKeys) {
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

    /** The vector of a request, filled from what was read. */
    FeatureVector.Builder vector(Instant asOf, List<RecordKey> keys, Map<RecordKey, RecordOutcome> outcomes) {
        FeatureVector.Builder vector = FeatureVector.builder(view, asOf);
        for (int s = 0; s < keys.size(); s++) {
            RecordOutcome outcome = Objects.requireNonNull(outcomes.get(keys.get(s)), "an outcome for each key");
            Duration staleness =
                    outcome.readAt().isBefore(asOf) ? Duration.between(outcome.readAt(), asOf) : Duration.ZERO;
            if (outcome.failure() != null) {
                vector.failed(s, outcome.failure());
            } else if (outcome.record() == null) {
                vector.absent(s, staleness);
            } else {
                try {
                    vector.latest(s, outcome.record(), outcome.expiresAt(), staleness);
                } catch (RecordMappingException e) {
                    // it has no event time
                    vector.failed(s, e);
                }
            }
        }
        return onFailure == OnFailure.DEFAULTS ? vector.defaultsForFailed() : vector;
    }

    /** Throws the first failure there is if the caller wants no vector then. */
    void check(List<FeatureVector> vectors) {
        if (onFailure == OnFailure.FAIL) {
            for (FeatureVector vector : vectors) {
                FeatureStoreException failure = vector.failure().orElse(null);
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }
}
