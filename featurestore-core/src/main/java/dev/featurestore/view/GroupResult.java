package dev.featurestore.view;

import dev.featurestore.errors.FeatureStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one group gave to a vector. */
public final class GroupResult {
    private final String selection;

    private final Status status;

    private final @Nullable Instant eventTime;

    private final @Nullable FeatureStoreException failure;

    private final Duration staleness;

    GroupResult(
            String selection,
            Status status,
            @Nullable Instant eventTime,
            @Nullable FeatureStoreException failure,
            Duration staleness) {
        if ((status == Status.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("A failure goes with status FAILED and no other, got " + status);
        }
        if (staleness.isNegative()) {
            throw new IllegalArgumentException("A record is not read in the future, got a negative staleness");
        }
        this.selection = Objects.requireNonNull(selection, "selection");
        this.status = Objects.requireNonNull(status, "status");
        this.eventTime = eventTime;
        this.failure = failure;
        this.staleness = staleness;
    }

    /** A record of this event time was found. */
    public static GroupResult found(String selection, Instant eventTime) {
        return new GroupResult(selection, Status.FOUND, Objects.requireNonNull(eventTime), null, Duration.ZERO);
    }

    /** There is no record. */
    public static GroupResult absent(String selection) {
        return new GroupResult(selection, Status.ABSENT, null, null, Duration.ZERO);
    }

    /** The selection's name. */
    public String selection() {
        return selection;
    }

    /** Whether there is a record, or why there is nothing. */
    public Status status() {
        return status;
    }

    /** The record's event time; null if there is no record. */
    public @Nullable Instant eventTime() {
        return eventTime;
    }

    /** What went wrong; null unless the status is {@code FAILED}. */
    public @Nullable FeatureStoreException failure() {
        return failure;
    }

    /**
     * How long before the vector's time the record was asked for; zero unless it came from a cache or from a request of
     * another fetch, as a selection's {@linkplain GroupSelection#maxStaleness() maximum staleness} allows.
     */
    public Duration staleness() {
        return staleness;
    }

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

    /** The same selection, status, event time, failure and staleness. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupResult that
                && selection.equals(that.selection)
                && status == that.status
                && Objects.equals(eventTime, that.eventTime)
                && Objects.equals(failure, that.failure)
                && staleness.equals(that.staleness);
    }

    @Override
    public int hashCode() {
        return Objects.hash(selection, status, eventTime, failure, staleness);
    }

    /** The selection and its status. */
    @Override
    public String toString() {
        return selection + " " + status;
    }
}
