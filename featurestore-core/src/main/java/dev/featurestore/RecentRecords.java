package dev.featurestore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.featurestore.spi.RecordKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of recent reads, up to a number of them. The only class that needs Caffeine. How old one may be is the reader's to
 * say, by the clock that fetches go by, so entries do not expire by themselves. Safe for use by many threads.
 */
final class RecentRecords {
    private final Cache<RecordKey, RecordOutcome> outcomes;

    RecentRecords(int most) {
        // on the calling thread: an eviction is short, and a pool would be one more thing to own
        this.outcomes =
                Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
    }

    /** The outcome if it was read that long before at most; null if there is none. */
    @Nullable
    RecordOutcome find(RecordKey key, Instant at, Duration maxStaleness) {
        RecordOutcome outcome = outcomes.getIfPresent(key);
        return outcome != null && isWithin(outcome.readAt(), at, maxStaleness) ? outcome : null;
    }

    /** Keeps the outcome unless it is a failure. */
    void keep(RecordKey key, RecordOutcome outcome) {
        if (outcome.failure() == null) {
            outcomes.put(key, outcome);
        }
    }

    /** Not if it was read later: a clock that was set back would let it live on. */
    static boolean isWithin(Instant readAt, Instant at, Duration maxStaleness) {
        return !readAt.isAfter(at) && Duration.between(readAt, at).compareTo(maxStaleness) <= 0;
    }
}
