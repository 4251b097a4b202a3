package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of some identifiers, one after the other. Once the run is stopped it finishes the attempt under way and
 * leaves the rest unsettled.
 *
 * @param <R> the row type of the group
 */
final class IngestLane<R> {
    private static final int QUEUE = 64;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A pause is cut in pieces, so that a stopped run does not wait for its end. */
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FeatureGroupClient<R> client;

    private final RecordIngestor.Builder<R> settings;

    private final IngestPaces paces;

    private final IngestLedger ledger;

    private final AtomicReference<@Nullable Exception> stop;

    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);

    private final Thread thread;

    /** @param record null at the end */
    private record Item(long position, @Nullable FeatureRecord record) {}

    IngestLane(
            FeatureGroupClient<R> client,
            RecordIngestor.Builder<R> settings,
            IngestPaces paces,
            IngestLedger ledger,
            AtomicReference<@Nullable Exception> stop) {
        this.client = client;
        this.settings = settings;
        this.paces = paces;
        this.ledger = ledger;
        this.stop = stop;
        this.thread = settings.threads.newThread(this::work);
    }

    void start() {
        thread.start();
    }

    /** Whether the lane had room for the record within the time. */
    boolean offer(long position, FeatureRecord record, long millis) throws InterruptedException {
        return queue.offer(new Item(position, record), millis, TimeUnit.MILLISECONDS);
    }

    /** Nothing will be offered any more. */
    void end() {
        // the queue empties in any case: a stopped lane passes over what is in it
        boolean wasInterrupted = false;
        while (true) {
            try {
                queue.put(new Item(-1, null));
                break;
            } catch (InterruptedException e) {
                stop.compareAndSet(null, e);
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the lane is at its end within the time. */
    boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void work() {
        while (true) {
            try {
                Item item = queue.take();
                if (item.record() == null) {
                    return;
                }
                if (stop.get() == null) {
                    write(item.position(), item.record());
                }
            } catch (InterruptedException | IOException e) {
                stop.compareAndSet(null, e);
            } catch (Throwable e) {
                // what was under way stays unsettled, and the queue is emptied all the same
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
