package dev.featurestore.training;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * Which row of a group's history belongs to a label.
 *
 * <p>Among the rows of the label's identifier that the mode lets in, it is the latest one: the greatest by event time, then
 * live before deleted, then arrival, then write time. If that one is a delete marker, or older than the view's maximum age
 * or the group's time to live allow, the label has no row of the group, and its features are null or their defaults.
 *
 * <p>{@code docs/semantics.md} says what the offline store cannot tell.
 *
 * @param mode which rows are let in
 * @param arrivalUnit for {@code AS_SERVED}: how coarsely the service's own arrival times are rounded down. A row counts as
 *     arrived once its whole unit is over; zero takes the times as exact. Not used where a row brings an exact arrival time
 *     of its own
 */
public record PointInTime(Mode mode, Duration arrivalUnit) implements Serializable {
    /** Which rows of the history are let in for a label. */
    public enum Mode {
        /**
         * Rows with an event time at or before the label's: what was true, late rows and backfills included, whenever they
         * became known.
         */
        EVENT_TIME,
        /**
         * Rows that had arrived at the label's time and were not declared a backfill: what the online store would have
         * returned. An event time after the label's does not keep a row out, because it did not keep the store from
         * serving it.
         */
        AS_SERVED
    }

    /** The service has been seen to store arrival times in whole seconds. */
    private static final Duration SERVICE_ARRIVAL_UNIT = Duration.ofSeconds(1);

    /** @throws IllegalArgumentException if the unit is negative or longer than a day */
    public PointInTime {
        Objects.requireNonNull(mode, "mode");
        if (arrivalUnit.isNegative() || arrivalUnit.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("An arrival unit is between 0 and 1 day, got " + arrivalUnit);
        }
    }

    /** What was true at the label's time. */
    public static PointInTime eventTime() {
        return new PointInTime(Mode.EVENT_TIME, Duration.ZERO);
    }

    /** What was served at the label's time, never more: arrival times of the service count as whole seconds. */
    public static PointInTime asServed() {
        return asServed(SERVICE_ARRIVAL_UNIT);
    }

    /** What was served at the label's time, with arrival times rounded down to the given unit. */
    public static PointInTime asServed(Duration arrivalUnit) {
        return new PointInTime(Mode.AS_SERVED, arrivalUnit);
    }

    /** This rule if it is of the mode, else the mode's own: {@link #eventTime()} or {@link #asServed()}. */
    public PointInTime inMode(Mode other) {
        if (mode == other) {
            return this;
        }
        return other == Mode.AS_SERVED ? asServed() : eventTime();
    }
}
