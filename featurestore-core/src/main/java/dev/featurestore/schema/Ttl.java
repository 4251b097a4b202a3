package dev.featurestore.schema;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * How long a record lives in the online store, counted from its event time, not from when it was written: an old event
 * time may be expired at birth.
 *
 * @param value how many units, at least 1
 * @param unit the service's unit
 */
public record Ttl(int value, Unit unit) implements Serializable {
    /** The service's time units. */
    public enum Unit {
        /** 1 second. */
        SECONDS("Seconds", Duration.ofSeconds(1)),
        /** 60 seconds. */
        MINUTES("Minutes", Duration.ofMinutes(1)),
        /** 60 minutes. */
        HOURS("Hours", Duration.ofHours(1)),
        /** 24 hours. */
        DAYS("Days", Duration.ofDays(1)),
        /** 7 days. */
        WEEKS("Weeks", Duration.ofDays(7));

        private final String wireName;
        private final Duration length;

        Unit(String wireName, Duration length) {
            this.wireName = wireName;
            this.length = length;
        }

        /** The service's own spelling, such as {@code Days}. */
        public String wireName() {
            return wireName;
        }

        /**
         * The unit with this wire name.
         *
         * @throws IllegalArgumentException if the service has no such unit
         */
        public static Unit ofWireName(String wireName) {
            for (Unit unit : values()) {
                if (unit.wireName.equals(wireName)) {
                    return unit;
                }
            }
            throw new IllegalArgumentException("Unknown time unit '" + wireName + "'");
        }
    }

    /** @throws IllegalArgumentException if the value is less than 1 */
    public Ttl {
        Objects.requireNonNull(unit, "unit");
        if (value < 1) {
            throw new IllegalArgumentException("A time to live is at least 1 unit, got " + value);
        }
    }

    /**
     * The same length in the largest unit that divides it.
     *
     * @throws IllegalArgumentException if the duration is not a positive number of whole seconds
     */
    @SuppressWarnings("JavaDurationGetSecondsGetNano") // it is the fraction that is looked at
    public static Ttl of(Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.getNano() != 0) {
            throw new IllegalArgumentException("A time to live is a positive number of whole seconds, got " + duration);
        }
        Unit[] units = Unit.values();
        for (int i = units.length - 1; i >= 0; i--) {
            long seconds = units[i].length.toSeconds();
            if (duration.toSeconds() % seconds == 0 && duration.toSeconds() / seconds <= Integer.MAX_VALUE) {
                return new Ttl((int) (duration.toSeconds() / seconds), units[i]);
            }
        }
        throw new IllegalArgumentException("The time to live " + duration + " is longer than the service can express");
    }

    /** The length; units are compared by it, so 1 week equals 7 days here but not in {@link #equals}. */
    public Duration toDuration() {
        return unit.length.multipliedBy(value);
    }

    /** When a record with this event time expires: at that instant it is no longer served. */
    public Instant expiresAt(Instant eventTime) {
        return eventTime.plus(toDuration());
    }

    /** Such as {@code 90 Days}. */
    @Override
    public String toString() {
        return value + " " + unit.wireName();
    }
}
