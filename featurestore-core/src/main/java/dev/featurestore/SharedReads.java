package dev.featurestore;

import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The reads under way that other fetches may wait for instead of asking themselves. Safe for use by many threads. */
final class SharedReads {
    private final ConcurrentMap<RecordKey, Shared> underWay = new ConcurrentHashMap<>();

    private record Shared(Instant readAt, CompletableFuture<RecordOutcome> outcome) {}

    /** The outcome of a read that is under way and began that long before at most; null if there is none. */
    @Nullable
    CompletableFuture<RecordOutcome> find(RecordKey key, Instant at, Duration maxStaleness) {
        Shared shared = underWay.get(key);
        return shared != null && RecentRecords.isWithin(shared.readAt(), at, maxStaleness) ? shared.outcome() : null;
    }

    /** A read begins. Of two reads of one record the younger is shared. */
    CompletableFuture<RecordOutcome> begin(RecordKey key, Instant readAt) {
        Shared shared = new Shared(readAt, new CompletableFuture<>());
        underWay.put(key, shared);
        return shared.outcome();
    }

    /**
     * A read is over. Those who wait for one that failed ask themselves.
     *
     * @param begun what {@link #begin} gave
     */
    void end(RecordKey key, CompletableFuture<RecordOutcome> begun, RecordOutcome outcome) {
        underWay.computeIfPresent(key, (same, shared) -> shared.outcome() == begun ? null : shared);
        if (outcome.failure() == null) {
            begun.complete(outcome);
        } else {
            begun.completeExceptionally(outcome.failure());
        }
    }
}
