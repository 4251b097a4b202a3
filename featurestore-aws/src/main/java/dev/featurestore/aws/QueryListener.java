package dev.featurestore.aws;

import java.time.Duration;

/**
 * Is told how the queries of an {@link AthenaOfflineStore} go on. Called by the thread that waits for the query; what it throws
 * is logged and otherwise passed over.
 */
public interface QueryListener {
    /** Each time the query was looked at. */
    default void progressed(Progress progress) {}

    /** Once, when the query ended, whichever way. */
    default void finished(QueryReport report) {}

    /** Listens to nothing. */
    static QueryListener none() {
        return new QueryListener() {};
    }

    /**
     * A query that goes on.
     *
     * @param queryId Athena's id of it
     * @param state as Athena names it
     * @param elapsed since it was started, on this machine's clock
     * @param bytesScanned so far, as far as Athena tells while it runs
     */
    record Progress(String queryId, String state, Duration elapsed, long bytesScanned) {}
}
