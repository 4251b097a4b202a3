package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads any number of records of any groups: each key once, in requests of legal size. What the store left unprocessed is
 * asked for again after pauses that double, until the deadline and {@value #MAX_ROUNDS} times at most. The one place where
 * that is done.
 */
final class BatchReader {
    private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);

    private static final int MAX_ROUNDS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

    private final OnlineStore store;

    private final Sleeper sleeper;

    BatchReader(OnlineStore store, Sleeper sleeper) {
        this.store = store;
        this.sleeper = sleeper;
    }

    /** What is known of the keys: in neither map nor the set means there is no record. */
    record Answers(
            Map<RecordKey, StoredRecord> records,
            Map<RecordKey, FeatureStoreException> failures,
            Set<RecordKey> unprocessed) {
        /** Why the key could not be read; null if the store answered. */
        @Nullable
        FeatureStoreException failure(RecordKey key) {
            if (unprocessed.contains(key)) {
                return new StoreUnavailableException(
                        "The online store did not get to a record of feature group '" + key.group() + "' before the"
                                + " deadline or within " + MAX_ROUNDS
                                + " rounds: allow more time, or ask for fewer records at once",
                        key.group(),
                        null,
                        null);
            }
            return failures.get(key);
        }
    }

    /** @param features the features wanted of each group; an empty list for all */
    Answers read(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        Answers answers = new Answers(new HashMap<>(), new HashMap<>(), new LinkedHashSet<>());
        Set<RecordKey> open = new LinkedHashSet<>(keys);
        Duration pause = FIRST_PAUSE;
        for (int round = 1; !open.isEmpty(); round++) {
            open = round(open, features, deadline, answers);
            if (open.isEmpty() || round == MAX_ROUNDS || deadline.remaining().compareTo(pause) <= 0) {
                break;
            }
            LOG.debug("Batch read left keys unprocessed [keys={}] [round={}] [pause={}]", open.size(), round, pause);
            if (!pause(pause)) {
                break;
            }
            pause = pause.multipliedBy(2);
        }
        answers.unprocessed().addAll(open);
        return answers;
    }

    private Set<RecordKey> round(
            Set<RecordKey> keys, Map<String, List<String>> features, Deadline deadline, Answers answers) {
        Set<RecordKey> unprocessed = new LinkedHashSet<>();
        for (List<RecordKey> request : split(keys)) {
            if (deadline.isOver()) {
                unprocessed.addAll(request);
                continue;
            }
            try {
                BatchGetOutcome outcome = store.batchGet(new BatchGetCommand(parts(request, features), deadline));
                answers.records().putAll(outcome.records());
                answers.failures().putAll(outcome.errors());
                unprocessed.addAll(outcome.unprocessed());
            } catch (FeatureStoreException e) {
                request.forEach(key -> answers.failures().put(key, e));
            }
        }
        return unprocessed;
    }

    private static List<List<RecordKey>> split(Set<RecordKey> keys) {
        List<RecordKey> all = new ArrayList<>(keys);
        List<List<RecordKey>> requests = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BatchGetCommand.MAX_RECORDS) {
            requests.add(all.subList(from, Math.min(all.size(), from + BatchGetCommand.MAX_RECORDS)));
        }
        return requests;
    }

    private static List<BatchGetCommand.Part> parts(List<RecordKey> request, Map<String, List<String>> features) {
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        for (RecordKey key : request) {
            byGroup.computeIfAbsent(key.group(), group -> new ArrayList<>()).add(key.identifier());
        }
        List<BatchGetCommand.Part> parts = new ArrayList<>(byGroup.size());
        byGroup.forEach((group, identifiers) ->
                parts.add(new BatchGetCommand.Part(group, identifiers, features.getOrDefault(group, List.of()))));
        return parts;
    }

    /** Whether the pause was slept through; an interrupt ends the read and stays set for the caller. */
    private boolean pause(Duration duration) {
        try {
            sleeper.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
