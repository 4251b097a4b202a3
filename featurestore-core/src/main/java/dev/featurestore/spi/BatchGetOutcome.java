package dev.featurestore.spi;

import dev.featurestore.errors.FeatureStoreException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The answer to a batch read. A key that is in none of the three has no record.
 *
 * @param records what was found, in the order of the answer, which means nothing
 * @param errors keys that failed for good, each with why
 * @param unprocessed keys the store did not get to; to be asked for again
 */
public record BatchGetOutcome(
        Map<RecordKey, StoredRecord> records,
        Map<RecordKey, FeatureStoreException> errors,
        List<RecordKey> unprocessed) {
    /** Keeps the maps, which must not be changed afterwards, and copies the list. */
    public BatchGetOutcome {
        records = Collections.unmodifiableMap(records);
        errors = Collections.unmodifiableMap(errors);
        unprocessed = List.copyOf(unprocessed);
    }
}
