package dev.featurestore.testkit.athena;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something unusual about a query. {@link EmulatedAthena#next} says when it happens.
 *
 * @param slower how much longer it runs, on the clock
 * @param state the state it ends in instead of its own; null for its own
 * @param reason what is said of that state
 * @param writes whether a query that ends badly had done its work before
 * @param bytesScanned how much it scans; null for what the engine says. While it runs it has scanned its share of that
 */
public record QueryFault(
        Duration slower,
        @Nullable QueryState state,
        String reason,
        boolean writes,
        @Nullable Long bytesScanned) {
    /** Refuses nulls. */
    public QueryFault {
        Objects.requireNonNull(slower, "slower");
        Objects.requireNonNull(reason, "reason");
    }

    /** None. */
    static final QueryFault NONE = new QueryFault(Duration.ZERO, null, "", false, null);

    /** It runs longer, on the clock. */
    public static QueryFault slow(Duration time) {
        return new QueryFault(time, null, "", false, null);
    }

    /** It fails. */
    public static QueryFault failed(String reason) {
        return new QueryFault(Duration.ZERO, QueryState.FAILED, reason, false, null);
    }

    /** It fails after it has written its files, which Athena leaves where they are. */
    public static QueryFault failedAfterWriting(String reason) {
        return new QueryFault(Duration.ZERO, QueryState.FAILED, reason, true, null);
    }

    /** Somebody else cancels it. */
    public static QueryFault cancelled(String reason) {
        return new QueryFault(Duration.ZERO, QueryState.CANCELLED, reason, false, null);
    }

    /** It scans this much. */
    public static QueryFault scans(long bytes) {
        return new QueryFault(Duration.ZERO, null, "", false, bytes);
    }

    /** The same, and slow. */
    public QueryFault andSlow(Duration time) {
        return new QueryFault(time, state, reason, writes, bytesScanned);
    }
}
