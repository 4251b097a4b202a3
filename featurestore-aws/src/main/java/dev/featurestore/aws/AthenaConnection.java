package dev.featurestore.aws;

import dev.featurestore.Sleeper;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.spi.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.EncryptionOption;
import software.amazon.awssdk.services.athena.model.ResultConfiguration;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;

/** Starts queries: the client with where, by whom and within which limits they run. */
final class AthenaConnection {
    private static final Logger LOG = LoggerFactory.getLogger(AthenaConnection.class);

    /** As documented; StartQueryExecution refuses more. */
    private static final int MAX_QUERY_BYTES = 262_144;

    private final AthenaClient client;

    private final Requests requests;

    private final Place place;

    private final Limits limits;

    private final QueryListener listener;

    private final InstantSource clock;

    private final Sleeper sleeper;

    AthenaConnection(
            AthenaClient client,
            Requests requests,
            Place place,
            Limits limits,
            QueryListener listener,
            InstantSource clock,
            Sleeper sleeper) {
        this.client = client;
        this.requests = requests;
        this.place = place;
        this.limits = limits;
        this.listener = listener;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Where queries run; null leaves it to the workgroup. */
    record Place(
            @Nullable String workgroup,
            @Nullable String catalog,
            @Nullable String database,
            @Nullable String outputLocation,
            @Nullable String kmsKeyId) {}

    /** How long and how much; null for no ceiling, and for no price. */
    record Limits(
            Duration firstPoll,
            Duration longestPoll,
            Duration timeout,
            @Nullable Long maxBytesScanned,
            @Nullable QueryPrice price) {}

    Place place() {
        return place;
    }

    Limits limits() {
        return limits;
    }

    InstantSource clock() {
        return clock;
    }

    /**
     * Starts a query, or finds the one that was started with this token before.
     *
     * @param token 32 to 128 characters
     */
    AthenaQuery start(String what, String sql, String token) {
        return start(what, sql, token, AthenaQuery.Purpose.ROWS);
    }

    /** The same for a purpose. */
    AthenaQuery start(String what, String sql, String token, AthenaQuery.Purpose purpose) {
        int bytes = sql.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_QUERY_BYTES) {
            throw new InvalidRequestException(what + ": the query's text has " + bytes + " bytes, and Athena takes "
                    + MAX_QUERY_BYTES + ". Labels in memory are part of the text: put them into a table, and name it"
                    + " with Spine.table(…)");
        }
        StartQueryExecutionRequest request = request(sql, token);
        String id = send(what, athena -> athena.startQueryExecution(request)).queryExecutionId();
        LOG.debug("A query was started [query={}]", id);
        return new AthenaQuery(this, id, what, purpose);
    }

    private StartQueryExecutionRequest request(String sql, String token) {
        StartQueryExecutionRequest.Builder request =
                StartQueryExecutionRequest.builder().queryString(sql).clientRequestToken(token);
        if (place.workgroup() != null) {
            request.workGroup(place.workgroup());
        }
        if (place.catalog() != null || place.database() != null) {
            request.queryExecutionContext(
                    context -> context.catalog(place.catalog()).database(place.database()));
        }
        if (place.outputLocation() != null || place.kmsKeyId() != null) {
            ResultConfiguration.Builder result = ResultConfiguration.builder().outputLocation(place.outputLocation());
            if (place.kmsKeyId() != null) {
                result.encryptionConfiguration(encryption ->
                        encryption.encryptionOption(EncryptionOption.SSE_KMS).kmsKey(place.kmsKeyId()));
            }
            request.resultConfiguration(result.build());
        }
        return request.build();
    }

    /** Sends one request. None of them is a write whose repeat does harm: a start has its token. */
    <T> T send(String what, Function<AthenaClient, T> request) {
        return requests.send(
                new ServiceErrors.Call(what, Set.of(), false), Deadline.none(), () -> request.apply(client));
    }

    /** False if the thread was interrupted. */
    boolean slept(Duration pause) {
        try {
            sleeper.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void tell(Consumer<QueryListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("A query listener failed [error={}]", e.getClass().getName());
        }
    }
}
