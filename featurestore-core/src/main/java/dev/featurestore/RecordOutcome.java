package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of the read of one record: with neither record nor failure there is none.
 *
 * @param expiresAt when the store says the record expires; null if it did not say
 * @param readAt when it was asked for
 */
record RecordOutcome(
        @Nullable FeatureRecord record,
        @Nullable Instant expiresAt,
        @Nullable FeatureStoreException failure,
        Instant readAt) {
    static RecordOutcome failed(FeatureStoreException failure, Instant readAt) {
        return new RecordOutcome(null, null, failure, readAt);
    }

    /** That it ended; nothing of the record. */
    @Override
    public String toString() {
        return "outcome of a read";
    }
}
