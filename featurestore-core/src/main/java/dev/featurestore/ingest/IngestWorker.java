package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.RecordWriter;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchWriteOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private final String group;

    private final RecordWriter writer;

    private final RecordIngestor.Builder<R> settings;

    private final IngestPaces paces;

    private final IngestLedger ledger;

    private final AtomicReference<@Nullable Exception> stop;

    private final IngestLanes lanes;

    private final int recordsPerRequest;

    private final Thread thread;

    /** Records whose lanes are to be given back. */
    private final List<IngestLanes.Work> done = new ArrayList<>();

    IngestWorker(
            FeatureGroupClient<R> client,
            RecordIngestor.Builder<R> settings,
            IngestPaces paces,
            IngestLedger ledger,
            IngestLanes lanes,
            AtomicReference<@Nullable Exception> stop) {
        this.group = client.definition().name();
        this.writer = RecordWriter.of(client);
        this.settings = settings;
        this.paces = paces;
        this.ledger = ledger;
        this.lanes = lanes;
        this.stop = stop;
        this.recordsPerRequest = Math.min(settings.recordsPerRequest, writer.recordsPerRequest());
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
        List<IngestLanes.Work> open = new ArrayList<>(recordsPerRequest);
        while (true) {
            try {
                if (!lanes.next(done, recordsPerRequest, open)) {
                    return;
                }
                // a stopped run passes over what waits, so that the reading thread is not held up
                if (stop.get() == null) {
                    write(open);
                }
            } catch (InterruptedException | IOException e) {
                stop.compareAndSet(null, e);
            } catch (Throwable e) {
                // what was under way stays unsettled, and the lanes are emptied all the same
                stop.compareAndSet(null, new IllegalStateException("A thread of the load failed", e));
            } finally {
                done.addAll(open);
                open.clear();
            }
        }
    }

    /** Writes records until each is settled or the run is stopped. A settled one leaves the list. */
    private void write(List<IngestLanes.Work> open) throws InterruptedException, IOException {
        for (IngestLanes.Work work : open) {
            work.units = paces.units(work.record);
        }
        long end = settings.nanoTime.getAsLong() + settings.patience.toNanos();
        for (int attempt = 1; pause(paces.reserve(open)); attempt++) {
            List<@Nullable FeatureStoreException> failures = attempt(open);
            boolean isOver = settings.nanoTime.getAsLong() - end >= 0;
            settle(open, failures, isOver);
            if (open.isEmpty() || isOver || !pause((long) (settings.random.getAsDouble() * longestPause(attempt)))) {
                return;
            }
        }
    }

    /** For each record why it was not written; null if it was. */
    private List<@Nullable FeatureStoreException> attempt(List<IngestLanes.Work> open) {
        List<@Nullable FeatureStoreException> failures = new ArrayList<>(open.size());
        if (open.size() == 1) {
            failures.add(put(open.get(0).record));
            return failures;
        }
        List<FeatureRecord> records = new ArrayList<>(open.size());
        open.forEach(work -> records.add(work.record));
        try {
            BatchWriteOutcome outcome = writer.putAll(records, settings.options);
            for (int place = 0; place < records.size(); place++) {
                failures.add(outcome.errors().get(place));
            }
            outcome.unprocessed().forEach(place -> failures.set(place, unprocessed()));
        } catch (FeatureStoreException e) {
            // a record that spoils a whole request is found by sending each alone
            boolean isSpoiled = e.code() == ErrorCode.INVALID_REQUEST;
            records.forEach(record -> failures.add(isSpoiled ? put(record) : e));
        }
        return failures;
    }

    private @Nullable FeatureStoreException put(FeatureRecord record) {
        try {
            writer.put(record, settings.options);
            return null;
        } catch (FeatureStoreException e) {
            return e;
        }
    }

    private ThrottledException unprocessed() {
        return new ThrottledException(
                "Feature group '" + group + "' answered a request of several records and did not get to this one",
                group,
                null,
                null);
    }

    private void settle(List<IngestLanes.Work> open, List<@Nullable FeatureStoreException> failures, boolean isOver)
            throws IOException {
        boolean throttled = false;
        int left = 0;
        for (int n = 0; n < failures.size(); n++) {
            IngestLanes.Work work = open.get(left);
            FeatureStoreException failure = failures.get(n);
            throttled |= failure != null && failure.code() == ErrorCode.THROTTLED;
            if (isSettled(work, failure, isOver)) {
                open.remove(left);
                done.add(work);
            } else {
                left++;
            }
        }
        if (!open.isEmpty()) {
            // the others are tried for a while yet
            lanes.giveBack(done);
        }
        if (throttled) {
            paces.throttled();
        }
    }

    /** Whether this was the record's last attempt; it is in the ledger then. */
    private boolean isSettled(IngestLanes.Work work, @Nullable FeatureStoreException failure, boolean isOver)
            throws IOException {
        if (failure == null) {
            ledger.written(work.position);
            return true;
        }
        ErrorCode code = failure.code();
        work.mayBeStored |= code == ErrorCode.WRITE_OUTCOME_UNKNOWN;
        switch (code) {
            case RECORD_MAPPING, INVALID_REQUEST -> {
                fail(work, code, failure);
                return true;
            }
            case THROTTLED, UNAVAILABLE, WRITE_OUTCOME_UNKNOWN -> {
                if (isOver) {
                    fail(work, work.mayBeStored ? ErrorCode.WRITE_OUTCOME_UNKNOWN : code, failure);
                }
                return isOver;
            }
            default -> {
                // a group that was there has been seen to vanish for a moment
                if (code != ErrorCode.FEATURE_GROUP_NOT_FOUND || !ledger.hasWritten() || isOver) {
                    stop.compareAndSet(null, failure);
                }
                return false;
            }
        }
    }

    private static long longestPause(int attempt) {
        return Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(attempt - 1, 20));
    }

    private void fail(IngestLanes.Work work, ErrorCode code, FeatureStoreException failure) throws IOException {
        ledger.failed(work.position, work.record, code, String.valueOf(failure.getMessage()));
    }

    /** Whether the run still goes on after a pause. */
    private boolean pause(long nanos) throws InterruptedException {
        for (long left = nanos; left > 0 && stop.get() == null; left -= PIECE_NANOS) {
            settings.sleeper.sleep(Duration.ofNanos(Math.min(left, PIECE_NANOS)));
        }
        return stop.get() == null;
    }
}
