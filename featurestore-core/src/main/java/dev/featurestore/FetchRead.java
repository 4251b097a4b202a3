package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.spi.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The read of one record, or of a batch of them, and what has become of it so far. For one thread at a time. */
final class FetchRead {
    /** A second request before this would be sent before the first could be answered by anything but a test. */
    private static final long SOONEST_HEDGE = 1_000_000;

    private final List<RecordKey> keys;

    private final boolean batch;

    private final Instant readAt;

    /** Of reads like this one; null if it is neither hedged nor measured. */
    private final @Nullable RecentLatencies latencies;

    /** The same read of another fetch. */
    private final @Nullable CompletableFuture<RecordOutcome> shared;

    private final List<FetchRequest> underWay = new ArrayList<>(2);

    private int attempts;

    private int hedges;

    private boolean hasDue;

    private long dueAt;

    private long sentAt;

    private long settledAt;

    private boolean settledByHedge;

    private boolean settledByOther;

    private @Nullable FeatureStoreException lastFailure;

    private List<RecordOutcome> outcomes = List.of();

    private FetchRead(
            List<RecordKey> keys,
            boolean batch,
            Instant readAt,
            @Nullable RecentLatencies latencies,
            @Nullable CompletableFuture<RecordOutcome> shared) {
        this.keys = keys;
        this.batch = batch;
        this.readAt = readAt;
        this.latencies = latencies;
        this.shared = shared;
    }

    /** By GetRecord. */
    static FetchRead get(RecordKey key, Instant readAt, @Nullable RecentLatencies latencies) {
        return new FetchRead(List.of(key), false, readAt, latencies, null);
    }

    /** By the request of another fetch, or by GetRecord if that fails. */
    static FetchRead shared(
            RecordKey key,
            Instant readAt,
            @Nullable RecentLatencies latencies,
            CompletableFuture<RecordOutcome> shared) {
        return new FetchRead(List.of(key), false, readAt, latencies, shared);
    }

    /** By BatchGetRecord. */
    static FetchRead batch(List<RecordKey> keys, Instant readAt, @Nullable RecentLatencies latencies) {
        return new FetchRead(List.copyOf(keys), true, readAt, latencies, null);
    }

    List<RecordKey> keys() {
        return keys;
    }

    boolean isBatch() {
        return batch;
    }

    Instant readAt() {
        return readAt;
    }

    boolean isHedged() {
        return latencies != null;
    }

    @Nullable
    CompletableFuture<RecordOutcome> shared() {
        return shared;
    }

    @Nullable
    String theOnlyGroup() {
        String group = keys.get(0).group();
        return keys.stream().allMatch(key -> key.group().equals(group)) ? group : null;
    }

    /** How often it was sent because it had to be, the first time included. */
    int attempts() {
        return attempts;
    }

    int hedges() {
        return hedges;
    }

    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether it is to be repeated or hedged at a time. */
    boolean hasDue() {
        return hasDue;
    }

    long dueAt() {
        return dueAt;
    }

    void dueAt(long time) {
        hasDue = true;
        dueAt = time;
    }

    void nothingDue() {
        hasDue = false;
    }

    void sent(FetchRequest request, long now) {
        underWay.add(request);
        switch (request.kind()) {
            case SHARED -> sentAt = now;
            case HEDGE -> hedges++;
            case FIRST, REPEAT -> {
                attempts++;
                sentAt = now;
                if (latencies != null && hedges == 0 && latencies.exceededByShare() != Long.MAX_VALUE) {
                    dueAt(now + Math.max(SOONEST_HEDGE, latencies.exceededByShare()));
                }
            }
        }
    }

    /** Whether the request still counted. */
    boolean ended(FetchRequest request) {
        boolean counted = underWay.remove(request);
        if (counted && request.kind() == FetchRequest.Kind.SHARED) {
            settledByOther = true;
        }
        return counted;
    }

    void failed(FeatureStoreException failure) {
        lastFailure = failure;
    }

    @Nullable
    FeatureStoreException lastFailure() {
        return lastFailure;
    }

    List<RecordOutcome> failures(FeatureStoreException failure) {
        return Collections.nCopies(keys.size(), RecordOutcome.failed(failure, readAt));
    }

    /**
     * It is over. A read that was cut short has taken at least as long as it did, and counts so: left out, it would make the
     * service look faster than it is.
     *
     * @return the requests that are no longer wanted
     */
    List<FetchRequest> settle(List<RecordOutcome> result, boolean byHedge, long now) {
        outcomes = result;
        settledByHedge = byHedge;
        settledAt = now;
        nothingDue();
        if (latencies != null && attempts > 0 && (isUnderWay() || result.get(0).failure() == null)) {
            latencies.add(now - sentAt);
        }
        List<FetchRequest> unwanted = List.copyOf(underWay);
        underWay.clear();
        return unwanted;
    }

    long settledAt() {
        return settledAt;
    }

    boolean isSettledByHedge() {
        return settledByHedge;
    }

    /** Whether it has what another fetch asked for. */
    boolean isSettledByOther() {
        return settledByOther && attempts == 0;
    }

    /** One for each key, once it is settled. */
    List<RecordOutcome> outcomes() {
        return outcomes;
    }

    /** How many records it is of; no identifiers. */
    @Override
    public String toString() {
        return batch ? "batch of " + keys.size() + " records" : "record of feature group '" + theOnlyGroup() + "'";
    }
}
