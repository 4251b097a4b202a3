package dev.featurestore.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record as the online store returned it.
 *
 * @param record the features asked for that have a value
 * @param expiresAt when its time to live is over; null if it has none. A store may still return an expired record
 */
public record StoredRecord(WireRecord record, @Nullable Instant expiresAt) {
    /** Refuses null records. */
    public StoredRecord {
        Objects.requireNonNull(record, "record");
    }
}
