package dev.featurestore.aws;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Adds up what the queries of a run took. Give it to {@link AthenaOfflineStore.Builder#listener}. Safe for use by many threads. */
public final class TrainingReport implements QueryListener {
    private final List<QueryReport> queries = new ArrayList<>();

    /** An empty report. */
    public TrainingReport() {}

    @Override
    public synchronized void finished(QueryReport report) {
        queries.add(report);
    }

    /** The queries that ended, in that order. */
    public synchronized List<QueryReport> queries() {
        return List.copyOf(queries);
    }

    /** What they read. */
    public long bytesScanned() {
        return queries().stream().mapToLong(QueryReport::bytesScanned).sum();
    }

    /** What they cost; zero where the store was given no price. */
    public BigDecimal cost() {
        return queries().stream().flatMap(query -> query.cost().stream()).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The sums. */
    @Override
    public String toString() {
        return queries().size() + " queries, " + bytesScanned() + " bytes scanned, cost " + cost().toPlainString();
    }
}
