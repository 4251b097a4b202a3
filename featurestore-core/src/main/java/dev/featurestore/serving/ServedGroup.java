package dev.featurestore.serving;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one group gave to a vector that was served, as in {@link GroupResult}.
 *
 * @param selection the selection's name
 * @param status found, or why there was nothing
 * @param eventTime the record's event time; null if there was no record
 * @param staleness how long before the fetch the record was asked for; zero unless it came from a cache or another fetch
 * @param failure the kind of failure; null unless the group failed
 */
public record ServedGroup(
        String selection,
        GroupResult.Status status,
        @Nullable Instant eventTime,
        Duration staleness,
        @Nullable ErrorCode failure) {
    /** @throws IllegalArgumentException if a failure goes with another status, or is missing; if the staleness is negative */
    public ServedGroup {
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(status, "status");
        if ((status == GroupResult.Status.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("a failure goes with status FAILED and no other, got " + status);
        }
        if (staleness.isNegative()) {
            throw new IllegalArgumentException("the staleness is negative");
        }
    }

    static ServedGroup of(GroupResult result) {
        return new ServedGroup(
                result.selection(),
                result.status(),
                result.eventTime(),
                result.staleness(),
                result.failure() == null ? null : result.failure().code());
    }

    /** The time of the record that gave the features; null if there was none that could be used. */
    @Nullable
    Instant used() {
        return status == GroupResult.Status.FOUND ? eventTime : null;
    }
}
