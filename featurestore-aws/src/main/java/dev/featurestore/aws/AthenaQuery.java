package dev.featurestore.aws;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.QueryFailedException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatistics;

/** One query that was started. Waited for by one thread; may be cancelled by another. */
final class AthenaQuery {
    private static final Logger LOG = LoggerFactory.getLogger(AthenaQuery.class);

    private static final int PAGE = 1000;

    /** What a query is for. */
    enum Purpose {
        /** Its rows. Listeners are told of it. */
        ROWS,
        /** To define what another one needs. It is free, and nobody is told of it. */
        DEFINITION,
        /** To remove that. It is not cancelled, however long it takes. */
        REMOVAL
    }

    private final AthenaConnection athena;

    private final String id;

    /** What it is for, in messages. */
    private final String what;

    private final Purpose purpose;

    /** Once it has ended, or nobody waits for it any more. */
    private volatile Runnable afterwards = () -> {};

    private final Instant started;

    private final AtomicBoolean reported = new AtomicBoolean();

    private volatile boolean ended;

    private volatile String state = QueryExecutionState.QUEUED.toString();

    private volatile long bytesScanned;

    private volatile @Nullable URI manifest;

    AthenaQuery(AthenaConnection athena, String id, String what, Purpose purpose) {
        this.athena = athena;
        this.id = id;
        this.what = what;
        this.purpose = purpose;
        this.started = athena.clock().instant();
    }

    String id() {
        return id;
    }

    /** Has something done once it has ended, or nobody waits for it any more. */
    AthenaQuery afterwards(Runnable action) {
        this.afterwards = action;
        return this;
    }

    /**
     * Waits until it has succeeded.
     *
     * @throws QueryFailedException if it did not, took too long or scanned too much, or the thread was interrupted; it does not
     *     run any more then, or the message says so
     */
    QueryReport await() {
        Duration pause = athena.limits().firstPoll();
        while (true) {
            QueryExecution execution = look();
            if (execution != null) {
                if (state.equals(QueryExecutionState.SUCCEEDED.toString())) {
                    return succeeded();
                }
                if (isOver(state)) {
                    throw endedBadly(execution);
                }
                Long ceiling = athena.limits().maxBytesScanned();
                if (ceiling != null && bytesScanned > ceiling) {
                    throw givenUp("it has scanned " + bytesScanned + " bytes, and may scan " + ceiling
                            + "; narrow the range of labels, give the view maximum ages, or raise the ceiling");
                }
            }
            Duration left = athena.limits().timeout().minus(elapsed());
            if (left.isNegative() || left.isZero()) {
                throw givenUp("it took longer than " + athena.limits().timeout()
                        + "; allow it more time, or run it in slices of label time");
            }
            if (Thread.currentThread().isInterrupted() || !athena.slept(pause.compareTo(left) > 0 ? left : pause)) {
                throw givenUp("its thread was interrupted");
            }
            Duration next = pause.multipliedBy(2);
            pause = next.compareTo(athena.limits().longestPoll()) > 0
                    ? athena.limits().longestPoll()
                    : next;
        }
    }

    private static boolean isOver(String state) {
        return state.equals(QueryExecutionState.FAILED.toString())
                || state.equals(QueryExecutionState.CANCELLED.toString());
    }

    /** The query as it is; null if there was no telling, which the next look may. */
    private @Nullable QueryExecution look() {
        QueryExecution execution;
        try {
            execution = athena.send(
                            what + ": looking at Athena query " + id,
                            client -> client.getQueryExecution(get -> get.queryExecutionId(id)))
                    .queryExecution();
        } catch (FeatureStoreException e) {
            if (e.retryable()) {
                LOG.warn("A query's state is not known [query={}] [code={}]", id, e.code());
                return null;
            }
            cancelAfter(e);
            throw e;
        }
        state = execution.status().stateAsString();
        QueryExecutionStatistics statistics = execution.statistics();
        if (statistics != null) {
            bytesScanned = Objects.requireNonNullElse(statistics.dataScannedInBytes(), 0L);
            manifest = statistics.dataManifestLocation() == null ? null : URI.create(statistics.dataManifestLocation());
        }
        if (purpose == Purpose.ROWS) {
            athena.tell(
                    listener -> listener.progressed(new QueryListener.Progress(id, state, elapsed(), bytesScanned)));
        }
        return execution;
    }

    private Duration elapsed() {
        return Duration.between(started, athena.clock().instant());
    }

    private QueryReport succeeded() {
        ended = true;
        Long ceiling = athena.limits().maxBytesScanned();
        if (ceiling != null && bytesScanned > ceiling) {
            LOG.warn(
                    "A query scanned more than its ceiling before that was known [query={}] [bytes={}] [ceiling={}]",
                    id,
                    bytesScanned,
                    ceiling);
        }
        return report();
    }

    private QueryReport report() {
        QueryPrice price = athena.limits().price();
        boolean isFree = state.equals(QueryExecutionState.FAILED.toString());
        QueryReport report = new QueryReport(
                id,
                state,
                elapsed(),
                bytesScanned,
                price == null ? null : isFree ? BigDecimal.ZERO : price.of(bytesScanned),
                manifest);
        if (reported.compareAndSet(false, true)) {
            if (purpose == Purpose.ROWS) {
                athena.tell(listener -> listener.finished(report));
            }
            afterwards.run();
        }
        return report;
    }

    private QueryFailedException endedBadly(QueryExecution execution) {
        ended = true;
        report();
        boolean mayRepeat = execution.status().athenaError() != null
                && Boolean.TRUE.equals(execution.status().athenaError().retryable());
        return failed("it " + (state.equals("FAILED") ? "failed" : "was cancelled") + ": "
                + QueryReason.told(execution.status().stateChangeReason())
                + (mayRepeat ? "; Athena says that it may be tried again" : ""));
    }

    private QueryFailedException givenUp(String why) {
        if (purpose == Purpose.REMOVAL) {
            ended = true;
            return failed("it was left to run, since " + why);
        }
        FeatureStoreException unstopped = stopped();
        ended = true;
        report();
        return unstopped == null
                ? failed("it was cancelled, since " + why)
                : new QueryFailedException(
                        what + ": Athena query " + id + ": it was given up, since " + why
                                + ". It could not be cancelled and may still run: cancel it yourself",
                        null,
                        id,
                        unstopped);
    }

    private QueryFailedException failed(String how) {
        return new QueryFailedException(what + ": Athena query " + id + ": " + how, null, id, null);
    }

    /** Cancels it because of a failure, which is told if that cannot be done. */
    private void cancelAfter(FeatureStoreException failure) {
        FeatureStoreException unstopped = stopped();
        if (unstopped != null) {
            failure.addSuppressed(new QueryFailedException(
                    "Athena query " + id + " could not be cancelled and may still run: cancel it yourself",
                    null,
                    id,
                    unstopped));
        }
        ended = true;
        report();
    }

    /** Cancels it; returns why that could not be done, or null. */
    private @Nullable FeatureStoreException stopped() {
        try {
            stop();
            state = QueryExecutionState.CANCELLED.toString();
            return null;
        } catch (FeatureStoreException e) {
            return e;
        }
    }

    /** Cancels it if it still runs. Whoever waits for it gets to know. */
    void cancel() {
        if (ended) {
            return;
        }
        ended = true;
        FeatureStoreException unstopped = stopped();
        if (unstopped != null) {
            LOG.warn("A query could not be cancelled and may still run [query={}] [code={}]", id, unstopped.code());
        }
        report();
    }

    /** An interrupted thread could not send anything. */
    private void stop() {
        boolean interrupted = Thread.interrupted();
        try {
            athena.send(
                    what + ": cancelling Athena query " + id,
                    client -> client.stopQueryExecution(stop -> stop.queryExecutionId(id)));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A page of its rows; the first one begins with the names of the columns. */
    GetQueryResultsResponse page(@Nullable String token) {
        return athena.send(
                what + ": reading the rows of Athena query " + id
                        + ", for which the caller must be allowed to read its output location",
                client -> client.getQueryResults(
                        results -> results.queryExecutionId(id).nextToken(token).maxResults(PAGE)));
    }
}
