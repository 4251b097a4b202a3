package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a load: the calling thread reads the source and hands each record to the lane of its identifier, and keeps the
 * checkpoint and the progress up to date meanwhile.
 *
 * @param <R> the row type of the group
 */
final class IngestRun<R> {
    private static final Logger LOG = LoggerFactory.getLogger(IngestRun.class);

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long to wait for a thread before looking whether it is time for a tick. */
    private static final long WAIT_MILLIS = 200;

    private final FeatureGroupClient<R> client;

    private final RecordIngestor.Builder<R> settings;

    private final String group;

    /** The first thing that stopped the run. */
    private final AtomicReference<@Nullable Exception> stop = new AtomicReference<>();

    private final long begun;

    private long lastTick;

    /** How many records have come from the source. */
    private long read;

    private boolean wasInterrupted;

    IngestRun(FeatureGroupClient<R> client, RecordIngestor.Builder<R> settings) {
        this.client = client;
        this.settings = settings;
        this.group = client.definition().name();
        this.begun = settings.nanoTime.getAsLong();
        this.lastTick = begun;
    }

    IngestReport run(Iterator<? extends R> source) {
        Checkpoint.State before = settings.checkpoint == null ? Checkpoint.State.NONE : settings.checkpoint.load(group);
        try (FailedRecords.Writer file = settings.failures == null ? null : settings.failures.open()) {
            IngestLedger ledger = new IngestLedger(before, file);
            IngestLanes lanes = new IngestLanes(settings.concurrency);
            List<IngestWorker<R>> workers = start(ledger, lanes);
            try {
                passOver(source, before.position());
                while (stop.get() == null && source.hasNext()) {
                    dispatch(source.next(), lanes, ledger);
                }
            } catch (InterruptedException e) {
                interrupted(e);
            } catch (RuntimeException | IOException e) {
                stop.compareAndSet(null, e);
            } finally {
                lanes.end();
                await(workers, ledger);
            }
            return finish(ledger);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the " + settings.failures, e);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<IngestWorker<R>> start(IngestLedger ledger, IngestLanes lanes) {
        IngestPaces paces = new IngestPaces(settings);
        List<IngestWorker<R>> workers = new ArrayList<>(settings.concurrency);
        for (int n = 0; n < settings.concurrency; n++) {
            workers.add(new IngestWorker<>(client, settings, paces, ledger, lanes, stop));
        }
        workers.forEach(IngestWorker::start);
        return workers;
    }

    private void passOver(Iterator<? extends R> source, long settled) {
        for (read = 0; read < settled; read++) {
            if (!source.hasNext()) {
                throw new IllegalStateException("The source has " + read + " records, and " + settings.checkpoint
                        + " says that " + settled + " are settled: it is not the source of that run");
            }
            source.next();
        }
    }

    private void dispatch(@Nullable R row, IngestLanes lanes, IngestLedger ledger)
            throws InterruptedException, IOException {
        long position = read++;
        FeatureRecord record = record(position, row, ledger);
        if (record != null) {
            while (stop.get() == null && !lanes.offer(position, record, WAIT_MILLIS)) {
                tick(ledger);
            }
        }
        if (settings.nanoTime.getAsLong() - lastTick >= TICK_NANOS) {
            tick(ledger);
        }
    }

    /** The record of a row; null if there is none, which is settled then. */
    private @Nullable FeatureRecord record(long position, @Nullable R row, IngestLedger ledger) throws IOException {
        FeatureGroup<R> definition = client.definition();
        if (row == null) {
            ledger.failed(position, null, ErrorCode.RECORD_MAPPING, "the source gave null for a row");
            return null;
        }
        try {
            return definition.rowMapper().toRecord(definition, row);
        } catch (FeatureStoreException e) {
            ledger.failed(position, null, e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // its message may quote the row
            ledger.failed(
                    position,
                    null,
                    ErrorCode.RECORD_MAPPING,
                    "making a record of the row failed with " + e.getClass().getName());
        }
        return null;
    }

    private void interrupted(InterruptedException e) {
        wasInterrupted = true;
        stop.compareAndSet(null, e);
    }

    /** Returns when all threads are at their end. */
    private void await(List<IngestWorker<R>> workers, IngestLedger ledger) {
        for (IngestWorker<R> worker : workers) {
            while (true) {
                try {
                    if (worker.join(WAIT_MILLIS)) {
                        break;
                    }
                    if (settings.nanoTime.getAsLong() - lastTick >= TICK_NANOS) {
                        tick(ledger);
                    }
                } catch (InterruptedException e) {
                    interrupted(e);
                } catch (IOException e) {
                    stop.compareAndSet(null, e);
                }
            }
        }
    }

    private void tick(IngestLedger ledger) throws IOException {
        long now = settings.nanoTime.getAsLong();
        if (now - lastTick < TICK_NANOS) {
            return;
        }
        lastTick = now;
        save(ledger);
        tell(ledger, false);
    }

    private void save(IngestLedger ledger) throws IOException {
        if (settings.checkpoint != null) {
            settings.checkpoint.save(group, ledger.state());
        }
    }

    private void tell(IngestLedger ledger, boolean finished) {
        IngestLedger.Totals totals = ledger.totals();
        double seconds = (settings.nanoTime.getAsLong() - begun) / 1e9;
        double rate = seconds > 0 ? (totals.settled() - totals.resumedFrom()) / seconds : 0;
        Duration remaining = settings.total < 0 || rate <= 0
                ? null
                : Duration.ofMillis((long) (1000 * Math.max(0, settings.total - totals.settled()) / rate));
        try {
            settings.progress.update(
                    new IngestProgress(totals.settled(), totals.failed(), totals.unknown(), rate, remaining, finished));
        } catch (RuntimeException e) {
            LOG.warn(
                    "A progress listener failed [group={}] [failure={}]",
                    group,
                    e.getClass().getName());
        }
    }

    private IngestReport finish(IngestLedger ledger) {
        try {
            save(ledger);
        } catch (IOException e) {
            stop.compareAndSet(null, e);
        }
        tell(ledger, true);
        Duration elapsed = Duration.ofNanos(settings.nanoTime.getAsLong() - begun);
        IngestReport report = new IngestReport(ledger.totals(), read, elapsed, stop.get());
        LOG.debug("Load is over [group={}] [report={}]", group, report);
        return report;
    }
}
