package dev.featurestore.aws;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a query of Athena ended, and what it took. */
public final class QueryReport {
    private final String queryId;

    private final String state;

    private final Duration elapsed;

    private final long bytesScanned;

    private final @Nullable BigDecimal cost;

    private final @Nullable URI manifest;

    QueryReport(
            String queryId,
            String state,
            Duration elapsed,
            long bytesScanned,
            @Nullable BigDecimal cost,
            @Nullable URI manifest) {
        this.queryId = Objects.requireNonNull(queryId, "queryId");
        this.state = Objects.requireNonNull(state, "state");
        this.elapsed = Objects.requireNonNull(elapsed, "elapsed");
        this.bytesScanned = bytesScanned;
        this.cost = cost;
        this.manifest = manifest;
    }

    /** Athena's id of the query. */
    public String queryId() {
        return queryId;
    }

    /** As Athena names it: {@code SUCCEEDED, FAILED} or {@code CANCELLED}; the last one known if the query was given up. */
    public String state() {
        return state;
    }

    /** From its start to when it was seen to have ended, on this machine's clock. */
    public Duration elapsed() {
        return elapsed;
    }

    /** What it read, as Athena says. */
    public long bytesScanned() {
        return bytesScanned;
    }

    /** What it cost, in the currency of the price that the store was given; empty if it was given none. */
    public Optional<BigDecimal> cost() {
        return Optional.ofNullable(cost);
    }

    /** The S3 file that lists the files it wrote, one URI a line; empty if it wrote none. */
    public Optional<URI> manifest() {
        return Optional.ofNullable(manifest);
    }

    /** All of it. */
    @Override
    public String toString() {
        return "query " + queryId + " " + state + " after " + elapsed + ", " + bytesScanned + " bytes scanned"
                + (cost == null ? "" : ", cost " + cost.toPlainString())
                + (manifest == null ? "" : ", files listed in " + manifest);
    }
}
