package dev.featurestore.schema;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The features of a group that the library's own writers stamp, so that history tells what the service's own columns do
 * not: exactly when a row arrived, and whether it was ever served.
 *
 * @param arrivalTime the time of the put, to the nanosecond; null if the group declares none
 * @param writeOrigin {@link #LIVE} or the id of a backfill; null if the group declares none
 */
public record Provenance(
        @Nullable Feature<Instant> arrivalTime, @Nullable Feature<String> writeOrigin) implements Serializable {
    /** The origin of an ordinary put, one that reached the online store. */
    public static final String LIVE = "live";
}
