package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
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
 * The course of one read of any number of records of any groups: each key once, in requests of legal size. What the store
 * left unprocessed is asked for again after pauses that double, until the deadline and {@value #MAX_ROUNDS} times at most.
 * The one place where that is decided; it neither sends nor waits. Whoever drives it asks for the {@link #next} request and
 * tells what became of it, until there is none, and then for the {@link #pause} before the next round, until there is none.
 * For one thread at a time.
 */
final class BatchRead {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRead.class);

    private static final int MAX_ROUNDS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

    private final Map<String, List<String>> features;

    private final Deadline deadline;

    private final Answers answers = new Answers(new HashMap<>(), new HashMap<>(), new LinkedHashSet<>());

    private int round = 1;

    /** The keys of this round, and how many of them have been asked for. */
    private List<RecordKey> keys;

    private int asked;

    /** The keys of the request under way. */
    private List<RecordKey> request = List.of();

    private final Set<RecordKey> unprocessed = new LinkedHashSet<>();

    private Duration nextPause = FIRST_PAUSE;

    /** @param features the features wanted of each group; an empty list for all */
    BatchRead(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        this.keys = List.copyOf(new LinkedHashSet<>(keys));
        this.features = features;
        this.deadline = deadline;
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

    /** The next request of this round; null if there is none, which is so once the deadline is over. */
    @Nullable
    BatchGetCommand next() {
        if (asked == keys.size()) {
            return null;
        }
        if (deadline.isOver()) {
            unprocessed.addAll(keys.subList(asked, keys.size()));
            asked = keys.size();
            return null;
        }
        int end = Math.min(keys.size(), asked + BatchGetCommand.MAX_RECORDS);
        request = keys.subList(asked, end);
        asked = end;
        return new BatchGetCommand(parts(request), deadline);
    }

    private List<BatchGetCommand.Part> parts(List<RecordKey> wanted) {
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        for (RecordKey key : wanted) {
            byGroup.computeIfAbsent(key.group(), group -> new ArrayList<>()).add(key.identifier());
        }
        List<BatchGetCommand.Part> parts = new ArrayList<>(byGroup.size());
        byGroup.forEach((group, identifiers) ->
                parts.add(new BatchGetCommand.Part(group, identifiers, features.getOrDefault(group, List.of()))));
        return parts;
    }

    /** The store answered the request. */
    void answered(BatchGetOutcome outcome) {
        answers.records().putAll(outcome.records());
        answers.failures().putAll(outcome.errors());
        unprocessed.addAll(outcome.unprocessed());
    }

    /** The request failed as a whole. */
    void failed(FeatureStoreException failure) {
        request.forEach(key -> answers.failures().put(key, failure));
    }

    /** How long to pause before the next round, which has begun then; null if there is none, and the read is over. */
    @Nullable
    Duration pause() {
        Duration pause = nextPause;
        if (unprocessed.isEmpty() || round == MAX_ROUNDS || deadline.remaining().compareTo(pause) <= 0) {
            return null;
        }
        LOG.debug("Batch read left keys unprocessed [keys={}] [round={}] [pause={}]", unprocessed.size(), round, pause);
        round++;
        nextPause = pause.multipliedBy(2);
        keys = List.copyOf(unprocessed);
        asked = 0;
        unprocessed.clear();
        return pause;
    }

    /** What is known, once the read is over or given up: keys that were not asked for count as unprocessed. */
    Answers answers() {
        answers.unprocessed().addAll(unprocessed);
        answers.unprocessed().addAll(keys.subList(asked, keys.size()));
        return answers;
    }
}
