package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.AthenaEngine.Written;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of one query: queued and running for as long as the clock says, then as long as the engine still needs. Whoever
 * asks for its state when its time is up waits a little for the engine, so that a clock of a test's own sees no engine that
 * is slow.
 */
final class RunningQuery {
    private static final long PATIENCE_SECONDS = 5;

    private final String id;
    private final QueryRequest request;
    private final ParsedStatement parsed;
    private final Times times;
    private final QueryFault fault;
    private final @Nullable Long cutoff;
    private final URI output;
    private final Work work;

    private @Nullable Future<Outcome> running;
    private @Nullable Outcome outcome;
    private @Nullable Instant completed;

    RunningQuery(
            String id,
            QueryRequest request,
            ParsedStatement parsed,
            Times times,
            QueryFault fault,
            @Nullable Long cutoff,
            URI output,
            Work work) {
        this.id = id;
        this.request = request;
        this.parsed = parsed;
        this.times = times;
        this.fault = fault;
        this.cutoff = cutoff;
        this.output = output;
        this.work = work;
    }

    /** When it was submitted, and for how long it is queued and runs at least. */
    record Times(Instant submitted, Duration queued, Duration runs) {
        Instant begins() {
            return submitted.plus(queued);
        }
    }

    /**
     * How it is carried out.
     *
     * @param start begins it on another thread
     * @param cancel ends it there
     */
    record Work(Supplier<Future<Outcome>> start, Runnable cancel) {}

    /** How it ended. */
    record Outcome(
            QueryState state,
            @Nullable String reason,
            AthenaResult result,
            @Nullable Written written,
            @Nullable URI manifest,
            long bytesScanned) {
        static Outcome ended(QueryState state, String reason) {
            return new Outcome(state, reason, AthenaResult.NONE, null, null, 0);
        }
    }

    QueryRequest request() {
        return request;
    }

    synchronized QueryExecution look(Instant now) {
        QueryState state = advance(now);
        Outcome ended = outcome;
        return new QueryExecution(
                id,
                request,
                parsed.type(),
                parsed.substatementType(),
                state,
                ended == null ? null : ended.reason(),
                times.submitted(),
                completed,
                ended == null ? scannedSoFar(now, state) : ended.bytesScanned(),
                output,
                ended == null ? null : ended.manifest(),
                ended == null ? AthenaResult.NONE : ended.result(),
                ended == null ? null : ended.written());
    }

    private QueryState advance(Instant now) {
        if (outcome != null) {
            return outcome.state();
        }
        if (now.isBefore(times.begins())) {
            return QueryState.QUEUED;
        }
        boolean works = fault.state() == null || fault.writes();
        if (works && running == null) {
            running = work.start().get();
        }
        Instant due = times.begins().plus(times.runs()).plus(fault.slower());
        if (now.isBefore(due)) {
            return QueryState.RUNNING;
        }
        Outcome own = works ? await() : Outcome.ended(QueryState.SUCCEEDED, "");
        if (own == null) {
            return QueryState.RUNNING;
        }
        end(judged(own), now);
        return Objects.requireNonNull(outcome).state();
    }

    private Outcome judged(Outcome own) {
        long scanned = fault.bytesScanned() == null ? own.bytesScanned() : fault.bytesScanned();
        if (fault.state() != null) {
            return new Outcome(fault.state(), fault.reason(), AthenaResult.NONE, null, own.manifest(), scanned);
        }
        if (cutoff != null && scanned > cutoff) {
            return new Outcome(
                    QueryState.CANCELLED,
                    "Query cancelled! : Bytes scanned limit was exceeded",
                    AthenaResult.NONE,
                    null,
                    null,
                    scanned);
        }
        return new Outcome(own.state(), own.reason(), own.result(), own.written(), own.manifest(), scanned);
    }

    private @Nullable Outcome await() {
        Future<Outcome> engine = Objects.requireNonNull(running);
        try {
            return engine.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            return Outcome.ended(
                    QueryState.FAILED,
                    "GENERIC_INTERNAL_ERROR: the emulator's engine failed with "
                            + Objects.requireNonNullElse(e.getCause(), e)
                                    .getClass()
                                    .getName());
        }
    }

    private long scannedSoFar(Instant now, QueryState state) {
        Duration whole = times.runs().plus(fault.slower());
        if (fault.bytesScanned() == null || state != QueryState.RUNNING || whole.isZero()) {
            return 0;
        }
        double share = (double) Duration.between(times.begins(), now).toMillis() / Math.max(1, whole.toMillis());
        return (long) (fault.bytesScanned() * Math.min(1, share));
    }

    /** Cancels it unless it has ended. */
    void stop(Instant now) {
        synchronized (this) {
            QueryState state = advance(now);
            if (state.isFinal()) {
                return;
            }
            long scanned = scannedSoFar(now, state);
            end(
                    new Outcome(
                            QueryState.CANCELLED, "Query cancelled by user", AthenaResult.NONE, null, null, scanned),
                    now);
        }
        work.cancel().run();
    }

    private void end(Outcome how, Instant now) {
        outcome = how;
        completed = now;
    }
}
