package dev.featurestore.spi;

import dev.featurestore.errors.FeatureStoreException;
import java.util.List;
import java.util.Map;

/**
 * The answer to a batch write, by the places of the records in the request, from 0. A record that is in neither is written.
 *
 * @param errors records that were not written, each with why
 * @param unprocessed records the store did not get to; to be sent again
 */
public record BatchWriteOutcome(Map<Integer, FeatureStoreException> errors, List<Integer> unprocessed) {
    /** Copies both. */
    public BatchWriteOutcome {
        errors = Map.copyOf(errors);
        unprocessed = List.copyOf(unprocessed);
    }
}
