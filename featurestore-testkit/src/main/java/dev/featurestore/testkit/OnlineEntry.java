package dev.featurestore.testkit;

import dev.featurestore.spi.WireRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One state of one identifier in an online store.
 *
 * @param record the features; of what is not live only the identifier and the event time
 * @param before the state it replaced, for reads that are behind; null if there was none
 */
record OnlineEntry(
        State state,
        WireRecord record,
        Instant eventTime,
        @Nullable Instant expiresAt,
        Instant arrivedAt,
        @Nullable OnlineEntry before) {
    /** What the online store holds of one identifier. */
    enum State {
        LIVE,
        /** Softly deleted: the event time stays and keeps older puts out. */
        TOMBSTONE,
        /** Hard deleted or purged: nothing stays. Kept only while reads are delayed. */
        GONE
    }

    boolean isExpired(Instant now) {
        return state == State.LIVE && expiresAt != null && !now.isBefore(expiresAt);
    }

    /** The entry with what it replaced, less the states that no read from this time on can see. */
    OnlineEntry after(@Nullable OnlineEntry replaced, Instant horizon) {
        return new OnlineEntry(state, record, eventTime, expiresAt, arrivedAt, forget(replaced, horizon));
    }

    private static @Nullable OnlineEntry forget(@Nullable OnlineEntry entry, Instant horizon) {
        if (entry == null || entry.before() == null) {
            return entry;
        }
        return entry.after(entry.arrivedAt().isAfter(horizon) ? entry.before() : null, horizon);
    }

    /** The state and the times; no values. */
    @Override
    public String toString() {
        return state + " entry of " + eventTime;
    }
}
