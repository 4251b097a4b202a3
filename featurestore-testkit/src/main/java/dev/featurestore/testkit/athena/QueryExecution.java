package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.AthenaEngine.Written;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query at one time.
 *
 * @param id the service's name of it
 * @param statementType DML, DDL or UTILITY
 * @param substatementType such as SELECT or UNLOAD
 * @param reason why it is in its state; null if nothing is said
 * @param submitted when it was started
 * @param completed when it ended; null if it has not
 * @param bytesScanned so far
 * @param output the S3 prefix or file of its results; null if there is none
 * @param manifest the S3 file that lists what it wrote; null if it wrote nothing
 * @param result its rows, once it succeeded
 * @param written what it wrote, once it succeeded; null if it is not of that kind
 */
public record QueryExecution(
        String id,
        QueryRequest request,
        String statementType,
        String substatementType,
        QueryState state,
        @Nullable String reason,
        Instant submitted,
        @Nullable Instant completed,
        long bytesScanned,
        @Nullable URI output,
        @Nullable URI manifest,
        AthenaResult result,
        @Nullable Written written) {
    /** Refuses nulls. */
    public QueryExecution {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(submitted, "submitted");
    }

    /** The id and the state. */
    @Override
    public String toString() {
        return "query " + id + " is " + state;
    }
}
