package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one view, and keeps what its fetches share: latencies, the budget for hedges, the cache, the reads
 * under way. Safe for use by many threads.
 */
final class ViewReader {
    /** What the latencies of batches go by, which are not those of any group. */
    private static final String BATCHES = "";

    private final ViewCodec codec;

    private final FetchOptions options;

    private final CallSettings settings;

    private final Hedging hedging;

    private final SharedReads sharedReads = new SharedReads();

    private volatile @Nullable RecentRecords cache;

    ViewReader(ViewCodec codec, FetchOptions options, CallSettings settings) {
        this.codec = codec;
        this.options = options;
        this.settings = settings;
        this.hedging = new Hedging(options.hedging());
    }

    ViewCodec codec() {
        return codec;
    }

    FetchOptions options() {
        return options;
    }

    CallSettings settings() {
        return settings;
    }

    /**
     * A fetch of distinct records, not begun.
     *
     * @param shares whether it has to do with other fetches: measured and hedged, from the cache and into it. A first fetch, which
     *     opens connections, would spoil what they go by
     */
    Fetch fetch(Collection<RecordKey> keys, Instant asOf, Deadline deadline, boolean shares) {
        // warming up is to tell that the cache cannot be made, and not the first vector
        cache();
        Fetch fetch = new Fetch(asOf, deadline, shares);
        fetch.plan(keys);
        return fetch;
    }

    /** The cache; null if nothing is cached. */
    private @Nullable RecentRecords cache() {
        if (options.cachedRecords() == 0 || !codec.allowsStaleness()) {
            return null;
        }
        RecentRecords made = cache;
        if (made == null) {
            synchronized (this) {
                made = cache;
                if (made == null) {
                    cache = made = newCache();
                }
            }
        }
        return made;
    }

    private RecentRecords newCache() {
        try {
            return new RecentRecords(options.cachedRecords());
        } catch (NoClassDefFoundError e) {
            throw new UnsupportedCapabilityException("The records of " + codec.view()
                    + " cannot be cached, as its maximum staleness allows, without Caffeine: put"
                    + " com.github.ben-manes.caffeine:caffeine on the class path, or fetch withCachedRecords(0)");
        }
    }

    /** One fetch: the records it needs, and what is known of them. */
    final class Fetch {
        private final Instant asOf;

        private final Deadline deadline;

        /** Whether it shares anything with other fetches. */
        private final boolean shares;

        private final Map<RecordKey, RecordOutcome> known = new HashMap<>();

        private final List<FetchRead> reads = new ArrayList<>();

        private final Map<RecordKey, CompletableFuture<RecordOutcome>> leads = new HashMap<>();

        private Fetch(Instant asOf, Deadline deadline, boolean shares) {
            this.asOf = asOf;
            this.deadline = deadline;
            this.shares = shares;
        }

        private void plan(Collection<RecordKey> keys) {
            List<RecordKey> unknown = new ArrayList<>(keys.size());
            for (RecordKey key : keys) {
                Duration maxStaleness = codec.part(key.group()).maxStaleness();
                if (maxStaleness == null || !shares || !isKnownElsewhere(key, maxStaleness)) {
                    unknown.add(key);
                }
            }
            FetchPlan plan = FetchPlan.of(options.reads(), unknown.size());
            for (RecordKey key : unknown.subList(0, plan.getRecords())) {
                reads.add(FetchRead.get(key, asOf, latencies(key.group())));
            }
            for (int i = plan.getRecords(); i < unknown.size(); i += BatchGetCommand.MAX_RECORDS) {
                int end = Math.min(unknown.size(), i + BatchGetCommand.MAX_RECORDS);
                reads.add(FetchRead.batch(
                        unknown.subList(i, end), asOf, options.hedgesBatches() ? latencies(BATCHES) : null));
            }
            if (shares) {
                unknown.forEach(this::lead);
            }
        }

        private boolean isKnownElsewhere(RecordKey key, Duration maxStaleness) {
            RecentRecords recent = cache();
            RecordOutcome outcome = recent == null ? null : recent.find(key, asOf, maxStaleness);
            if (outcome != null) {
                known.put(key, outcome);
                return true;
            }
            CompletableFuture<RecordOutcome> other = sharedReads.find(key, asOf, maxStaleness);
            if (other != null) {
                reads.add(FetchRead.shared(key, asOf, latencies(key.group()), other));
                return true;
            }
            return false;
        }

        private void lead(RecordKey key) {
            if (codec.part(key.group()).maxStaleness() != null) {
                leads.put(key, sharedReads.begin(key, asOf));
            }
        }

        private @Nullable RecentLatencies latencies(String what) {
            return hedging.isOff() || !shares ? null : hedging.latencies(what);
        }

        /** Whether it is one request that is never hedged, so that the calling thread may as well make it. */
        boolean isOneRequest() {
            return reads.size() == 1 && !reads.get(0).isHedged() && reads.get(0).shared() == null;
        }

        FetchRun run(AsyncOnlineStore store) {
            int attempts = store.capabilities().contains(BackendCapability.REPEATS) ? 1 : FetchCourse.ATTEMPTS;
            FetchCourse course = new FetchCourse(reads, settings.nanoTime(), deadline, hedging, attempts);
            return new FetchRun(course, new StoreWire(this, store));
        }

        List<FetchRead> reads() {
            return reads;
        }

        /** What is known of each key, once the run is over. */
        Map<RecordKey, RecordOutcome> outcomes() {
            for (FetchRead read : reads) {
                for (int k = 0; k < read.keys().size(); k++) {
                    known.put(read.keys().get(k), read.outcomes().get(k));
                }
            }
            return known;
        }

        private void settled(FetchRead read) {
            RecentRecords recent = shares ? cache() : null;
            for (int k = 0; k < read.keys().size(); k++) {
                RecordKey key = read.keys().get(k);
                RecordOutcome outcome = read.outcomes().get(k);
                if (recent != null && codec.part(key.group()).maxStaleness() != null && !read.isSettledByOther()) {
                    recent.keep(key, outcome);
                }
                CompletableFuture<RecordOutcome> lead = leads.get(key);
                if (lead != null) {
                    sharedReads.end(key, lead, outcome);
                }
            }
        }
    }

    /** Sends the requests of a fetch to a store. */
    private final class StoreWire implements FetchRun.Wire {
        private final Fetch fetch;

        private final AsyncOnlineStore store;

        StoreWire(Fetch fetch, AsyncOnlineStore store) {
            this.fetch = fetch;
            this.store = store;
        }

        @Override
        public CompletableFuture<?> send(FetchRequest request) {
            FetchRead read = request.read();
            if (request.kind() == FetchRequest.Kind.SHARED && read.shared() != null) {
                // a copy, since a cancel of it is not the other fetch's
                return read.shared().copy();
            }
            if (read.isBatch()) {
                return new AsyncBatchReader(store, settings.asyncSleeper())
                        .read(read.keys(), codec.features(), fetch.deadline);
            }
            RecordKey key = read.keys().get(0);
            return store.get(new GetCommand(
                    key.group(), key.identifier(), codec.part(key.group()).features(), fetch.deadline));
        }

        @Override
        public List<RecordOutcome> outcomes(FetchRequest request, Object answer) {
            FetchRead read = request.read();
            if (answer instanceof RecordOutcome ofOther) {
                return List.of(ofOther);
            }
            if (answer instanceof BatchRead.Answers answers) {
                return read.keys().stream()
                        .map(key -> outcome(key, answers, read.readAt()))
                        .toList();
            }
            RecordKey key = read.keys().get(0);
            StoredRecord stored = (StoredRecord) ((Optional<?>) answer).orElse(null);
            return List.of(codec.part(key.group()).outcome(stored, read.readAt()));
        }

        private RecordOutcome outcome(RecordKey key, BatchRead.Answers answers, Instant readAt) {
            FeatureStoreException failure = answers.failure(key);
            return failure != null
                    ? RecordOutcome.failed(failure, readAt)
                    : codec.part(key.group()).outcome(answers.records().get(key), readAt);
        }

        @Override
        public void settled(FetchRead read) {
            fetch.settled(read);
        }
    }
}
