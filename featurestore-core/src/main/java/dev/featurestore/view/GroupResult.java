package dev.featurestore.view;

import dev.featurestore.errors.FeatureStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one group gave to a vector.
 *
 * @param selection the selection's name
 * @param status found, or why there is nothing
 * @param eventTime the record's event time; null if there is no record
 * @param failure what went wrong; only with status {@code FAILED}
 * @param staleness how long before the vector's time the record was asked for; zero unless it came from a cache or from a
 *     request of another fetch, as a selection's {@linkplain GroupSelection#maxStaleness() maximum staleness} allows
 */
public record GroupResult(
        String selection,
        Status status,
        @Nullable Instant eventTime,
        @Nullable FeatureStoreException failure,
        Duration staleness) {

    /** Whether a group gave its features, and if not, why not. */
    public enum Status {
        /** There is a record, and its features are in the vector. */
        FOUND,
        /** The store has no record of the identifier; the vector has defaults. */
        ABSENT,
        /** The record's time to live is over; the vector has defaults. */
        EXPIRED,
        /** The record is older than the view allows; the vector has defaults. */
        TOO_OLD,
        /**
         * The store did not say: throttled, timed out or failed. The vector has no values of this group, unless it was
         * made to have defaults.
         */
        FAILED
    }

    /** @throws IllegalArgumentException if a failure goes with another status, or is missing; if the staleness is negative */
    public GroupResult {
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(status, "status");
        if ((status == Status.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("A failure goes with status FAILED and no other, got " + status);
        }
        if (staleness.isNegative()) {
            throw new IllegalArgumentException("A record is not read in the future, got a negative staleness");
        }
    }

    /** Of a record that was read for this vector. */
    public GroupResult(
            String selection, Status status, @Nullable Instant eventTime, @Nullable FeatureStoreException failure) {
        this(selection, status, eventTime, failure, Duration.ZERO);
    }
}
