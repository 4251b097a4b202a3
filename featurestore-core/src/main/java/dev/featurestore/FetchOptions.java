package dev.featurestore;

import dev.featurestore.serving.ServingLog;
import java.util.Objects;

/** How the vectors of a view are fetched. Immutable; methods return changed copies. */
public final class FetchOptions {
    /** Listens to nothing. */
    static final FetchListener NO_LISTENER = report -> {};

    private static final FetchOptions DEFAULTS =
            new FetchOptions(Reads.BY_QUOTA, 0.02, false, OnFailure.PARTIAL, 10_000, NO_LISTENER, ServingLog.none());

    private final Reads reads;

    private final double hedging;

    private final boolean hedgesBatches;

    private final OnFailure onFailure;

    private final int cachedRecords;

    private final FetchListener listener;

    private final ServingLog servingLog;

    /** Which requests records are asked for with. */
    public enum Reads {
        /**
         * By the service's documented quotas of 500 BatchGetRecord and 10,000 GetRecord a second for an account: up to
         * {@value FetchPlan#RECORDS_BY_GET} records are asked for one by one, at the same time; of more, each hundred by one
         * BatchGetRecord, and a rest of up to as many as before one by one again.
         */
        BY_QUOTA,
        /** One GetRecord for each record, 32 at a time at most. */
        GET_RECORD,
        /** One BatchGetRecord for each hundred records, 4 at a time at most. */
        BATCH_GET_RECORD
    }

    /** What a caller gets when a group failed: throttled, not answered for before the deadline, or otherwise. */
    public enum OnFailure {
        /** The vector without that group's values; reading them throws the group's failure. */
        PARTIAL,
        /** The vector with that group's defaults. The group's result still says that it failed. */
        DEFAULTS,
        /** No vector: the fetch throws the failure of the first group that failed. */
        FAIL
    }

    private FetchOptions(
            Reads reads,
            double hedging,
            boolean hedgesBatches,
            OnFailure onFailure,
            int cachedRecords,
            FetchListener listener,
            ServingLog servingLog) {
        this.reads = Objects.requireNonNull(reads, "reads");
        this.hedging = hedging;
        this.hedgesBatches = hedgesBatches;
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        this.cachedRecords = cachedRecords;
        this.listener = Objects.requireNonNull(listener, "listener");
        this.servingLog = Objects.requireNonNull(servingLog, "servingLog");
    }

    /**
     * By quota; hedging GetRecord with 2 % more calls at most; a failed group leaves the vector partial; up to 10,000 records
     * cached where the view allows any staleness; no listener and no serving log.
     */
    public static FetchOptions defaults() {
        return DEFAULTS;
    }

    /** With these requests. */
    public FetchOptions withReads(Reads which) {
        return new FetchOptions(which, hedging, hedgesBatches, onFailure, cachedRecords, listener, servingLog);
    }

    /**
     * With this share of hedging calls at most: 0.02 for 2 % more GetRecord, 0 for none. A read that has waited longer than
     * all but that share of the recent reads of its group is asked for a second time, and whichever answer comes first
     * counts; the other request is cancelled. Nothing is hedged before a hundred reads of the group were measured.
     *
     * @throws IllegalArgumentException if the share is not between 0 and 1
     */
    public FetchOptions withHedging(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of hedging calls is between 0 and 1, got " + share);
        }
        return new FetchOptions(reads, share, hedgesBatches, onFailure, cachedRecords, listener, servingLog);
    }

    /** With BatchGetRecord hedged like GetRecord, out of its far smaller quota. */
    public FetchOptions withHedgedBatches() {
        return new FetchOptions(reads, hedging, true, onFailure, cachedRecords, listener, servingLog);
    }

    /** With this done about groups that failed. */
    public FetchOptions withOnFailure(OnFailure what) {
        return new FetchOptions(reads, hedging, hedgesBatches, what, cachedRecords, listener, servingLog);
    }

    /**
     * With a cache of so many records, which needs Caffeine on the class path; 0 for none.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public FetchOptions withCachedRecords(int records) {
        if (records < 0) {
            throw new IllegalArgumentException("The number of cached records is not negative, got " + records);
        }
        return new FetchOptions(reads, hedging, hedgesBatches, onFailure, records, listener, servingLog);
    }

    /** With a listener. */
    public FetchOptions withListener(FetchListener told) {
        return new FetchOptions(reads, hedging, hedgesBatches, onFailure, cachedRecords, told, servingLog);
    }

    /** With a sample of the vectors that callers are given written to a log. Not those of a warm-up. */
    public FetchOptions withServingLog(ServingLog log) {
        return new FetchOptions(reads, hedging, hedgesBatches, onFailure, cachedRecords, listener, log);
    }

    /** Which requests records are asked for with. */
    public Reads reads() {
        return reads;
    }

    /** How many calls more, as a share of all, may be spent on a second request where the first one is slow. */
    public double hedging() {
        return hedging;
    }

    /** Whether BatchGetRecord is hedged as well. */
    public boolean hedgesBatches() {
        return hedgesBatches;
    }

    /** What is done about a group that failed. */
    public OnFailure onFailure() {
        return onFailure;
    }

    /** How many records are kept for selections with a maximum staleness; 0 for none. */
    public int cachedRecords() {
        return cachedRecords;
    }

    /** Is told of each fetch. */
    public FetchListener listener() {
        return listener;
    }

    /** Gets a sample of the vectors. */
    public ServingLog servingLog() {
        return servingLog;
    }

    /** The settings; of the serving log its share and form. */
    @Override
    public String toString() {
        return "fetching " + reads + ", hedging " + hedging + (hedgesBatches ? " with batches" : "") + ", on failure "
                + onFailure + ", " + cachedRecords + " records cached, "
                + (listener == NO_LISTENER ? "no listener" : "a listener") + ", " + servingLog;
    }
}
