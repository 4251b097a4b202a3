package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One of the threads that write. Once the run is stopped it finishes the attempt under way and leaves the rest unsettled.
 *
 * @param <R> the row type of the group
 */
final class IngestWorker<R> {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A pause is cut in pieces, so that a stopped run does not wait for its end. */
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FeatureGroupClient<R> client;

    private final RecordIngestor.Builder<R> settings;

    private final IngestPaces paces;

    private final IngestLedger ledger;

    private final AtomicReference<@Nullable Exception> stop;

    private final IngestLanes lanes;

    private final Thread thread;

    IngestWorker(
            FeatureGroupClient<R> client,
            RecordIngestor.Builder<R> settings,
            IngestPaces paces,
            IngestLedger ledger,
            IngestLanes lanes,
            AtomicReference<@Nullable Exception> stop) {
        this.client = client;
        this.settings = settings;
        this.paces = paces;
        this.ledger = ledger;
        this.lanes = lanes;
        this.stop = stop;
        this.thread = settings.threads.newThread(this::work);
    }

    void start() {
        thread.start();
    }

    /** Whether the thread is at its end within the time. */
    boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void work() {
        while (true) {
            try {
                IngestLanes.Work work = lanes.take();
                if (work == null) {
                    return;
                }
                try {
                    // a stopped run passes over what waits, so that the reading thread is not held up
                    if (stop.get() == null) {
                        write(work.item().position(), work.item().record());
                    }
                } finally {
                    lanes.giveBack(work.lane());
                }
            } catch (InterruptedException | IOException e) {
                stop.compareAndSet(null, e);
            } catch (Throwable e) {
                // what was under way stays unsettled, and the lanes are emptied all the same
                stop.compareAndSet(null, new IllegalStateException("A thread of the load failed", e));
            }
        }
    }

    private void write(long position, FeatureRecord record) throws InterruptedException, IOException {
        long units = paces.units(record);
        if (!pause(paces.reserve(units))) {
            return;
        }
        long end = settings.nanoTime.getAsLong() + settings.patience.toNanos();
        boolean mayBeStored = false;
        for (int attempt = 1; ; attempt++) {
            FeatureStoreException failure = attempt(record);
            if (failure == null) {
                ledger.written(position);
                return;
            }
            mayBeStored |= failure.code() == ErrorCode.WRITE_OUTCOME_UNKNOWN;
            switch (failure.code()) {
                case RECORD_MAPPING, INVALID_REQUEST -> {
                    fail(position, record, failure.code(), failure);
                    return;
                }
                case THROTTLED -> paces.throttled();
                case UNAVAILABLE, WRITE_OUTCOME_UNKNOWN -> {}
                default -> {
                    // a group that was there has been seen to vanish for a moment
                    if (failure.code() != ErrorCode.FEATURE_GROUP_NOT_FOUND || !ledger.hasWritten() || isOver(end)) {
                        stop.compareAndSet(null, failure);
                        return;
                    }
                }
            }
            if (isOver(end)) {
                fail(position, record, mayBeStored ? ErrorCode.WRITE_OUTCOME_UNKNOWN : failure.code(), failure);
                return;
            }
            long backoff = (long) (settings.random.getAsDouble() * longestPause(attempt));
            if (!pause(backoff) || !pause(paces.reserve(units))) {
                return;
            }
        }
    }

    /** Why the record was not written; null if it was. */
    private @Nullable FeatureStoreException attempt(FeatureRecord record) {
        try {
            client.putRecord(record, settings.options);
            return null;
        } catch (FeatureStoreException e) {
            return e;
        }
    }

    private boolean isOver(long end) {
        return settings.nanoTime.getAsLong() - end >= 0;
    }

    private static long longestPause(int attempt) {
        return Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(attempt - 1, 20));
    }

    private void fail(long position, FeatureRecord record, ErrorCode code, FeatureStoreException failure)
            throws IOException {
        ledger.failed(position, record, code, String.valueOf(failure.getMessage()));
    }

    /** Whether the run still goes on after a pause. */
    private boolean pause(long nanos) throws InterruptedException {
        for (long left = nanos; left > 0 && stop.get() == null; left -= PIECE_NANOS) {
            settings.sleeper.sleep(Duration.ofNanos(Math.min(left, PIECE_NANOS)));
        }
        return stop.get() == null;
    }
}
