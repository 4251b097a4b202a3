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

    /** A query that goes on. */
    final class Progress {
        private final String queryId;

        private final String state;

        private final Duration elapsed;

        private final long bytesScanned;

        Progress(String queryId, String state, Duration elapsed, long bytesScanned) {
            this.queryId = queryId;
            this.state = state;
            this.elapsed = elapsed;
            this.bytesScanned = bytesScanned;
        }

        /** Athena's id of it. */
        public String queryId() {
            return queryId;
        }

        /** As Athena names it. */
        public String state() {
            return state;
        }

        /** How long ago it was started, on this machine's clock. */
        public Duration elapsed() {
            return elapsed;
        }

        /** How many bytes it has scanned so far, as far as Athena tells while it runs. */
        public long bytesScanned() {
            return bytesScanned;
        }

        /** All of it. */
        @Override
        public String toString() {
            return "query " + queryId + " " + state + " since " + elapsed + ", " + bytesScanned + " bytes scanned";
        }
    }
}
