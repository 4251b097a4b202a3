package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.RecordWriter;
import dev.featurestore.WriteOptions;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch on its way: mapped, written identifier by identifier, settled in its order.
 *
 * @param <E> the type of the source's payloads
 * @param <R> the row type of the group
 */
final class StreamBatch<E, R> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamBatch.class);

    private final FeatureGroupClient<R> client;

    private final RecordWriter writer;

    private final WriteOptions options;

    private final Deadline deadline;

    private final List<Item<E>> items = new ArrayList<>();

    /** Shards one of whose records has failed: the source delivers all that comes behind it again. */
    private final Map<String, Integer> firstFailure = new ConcurrentHashMap<>();

    private volatile boolean interrupted;

    StreamBatch(FeatureGroupClient<R> client, WriteOptions options, Deadline deadline) {
        this.client = client;
        this.writer = RecordWriter.of(client);
        this.options = options;
        this.deadline = deadline;
    }

    private enum Fate {
        OPEN,
        SKIPPED,
        WRITTEN,
        POISON,
        FAILED
    }

    /** A record and what has become of it. Written by one thread at a time, read when all are done. */
    private static final class Item<E> {
        private final StreamRecord<E> source;
        private final int position;
        private @Nullable FeatureRecord record;
        private Fate fate = Fate.OPEN;
        private ErrorCode code = ErrorCode.UNAVAILABLE;
        private String reason = "the time for the batch was over before the record could be sent";

        private Item(StreamRecord<E> source, int position) {
            this.source = source;
            this.position = position;
        }

        private FeatureRecord mapped() {
            return Objects.requireNonNull(record, "record");
        }

        private void become(Fate newFate, ErrorCode newCode, String newReason) {
            this.fate = newFate;
            this.code = newCode;
            this.reason = newReason;
        }
    }

    void map(List<StreamRecord<E>> batch, Function<? super E, ? extends @Nullable R> mapping) {
        for (StreamRecord<E> source : batch) {
            Item<E> item = new Item<>(source, items.size());
            items.add(item);
            try {
                R row = mapping.apply(source.payload());
                if (row == null) {
                    item.fate = Fate.SKIPPED;
                } else {
                    item.record = client.definition().rowMapper().toRecord(client.definition(), row);
                }
            } catch (FeatureStoreException e) {
                // a mapping that asks a store for something may meet an outage, which is not the record's fault
                refuse(item, e);
            } catch (RuntimeException e) {
                // a parser's message quotes what it could not read
                item.become(
                        Fate.POISON,
                        ErrorCode.RECORD_MAPPING,
                        "the mapping of the payload failed with " + e.getClass().getName());
            }
        }
    }

    /** Returns when every record was tried that may be tried. */
    void write(int concurrency, Executor executor) {
        Queue<List<Item<E>>> lanes = new ConcurrentLinkedQueue<>(lanes());
        // The lanes are waited for, not the helpers: in an executor that is full, such as the caller's own, none may
        // start.
        CountDownLatch open = new CountDownLatch(lanes.size());
        int helpers = Math.min(concurrency, lanes.size()) - 1;
        for (int n = 0; n < helpers; n++) {
            try {
                executor.execute(() -> drain(lanes, open));
            } catch (RejectedExecutionException e) {
                break;
            }
        }
        drain(lanes, open);
        awaitUninterruptibly(open);
    }

    /** One lane for each identifier, its rows in the order of their event times. */
    private List<List<Item<E>>> lanes() {
        Map<String, List<Item<E>>> byIdentifier = new LinkedHashMap<>();
        for (Item<E> item : items) {
            if (item.record != null) {
                byIdentifier
                        .computeIfAbsent(item.record.recordIdentifier(), identifier -> new ArrayList<>(1))
                        .add(item);
            }
        }
        List<List<Item<E>>> lanes = new ArrayList<>(byIdentifier.values());
        for (List<Item<E>> lane : lanes) {
            lane.sort(Comparator.comparing(item -> item.mapped().eventTime()));
        }
        return lanes;
    }

    private void drain(Queue<List<Item<E>>> lanes, CountDownLatch open) {
        for (List<Item<E>> lane = lanes.poll(); lane != null; lane = lanes.poll()) {
            try {
                lane.forEach(this::write);
            } finally {
                open.countDown();
            }
        }
    }

    private void write(Item<E> item) {
        if (Thread.currentThread().isInterrupted()) {
            interrupted = true;
        }
        if (isBehindFailure(item)) {
            return;
        }
        if (interrupted) {
            fail(item, ErrorCode.UNAVAILABLE, "the thread was interrupted before the record could be sent");
            return;
        }
        if (deadline.isOver()) {
            fail(item, item.code, item.reason);
            return;
        }
        try {
            writer.put(item.mapped(), timed());
            item.fate = Fate.WRITTEN;
        } catch (FeatureStoreException e) {
            refuse(item, e);
        } catch (RuntimeException e) {
            fail(
                    item,
                    ErrorCode.WRITE_OUTCOME_UNKNOWN,
                    "the write failed with " + e.getClass().getName());
        }
    }

    private WriteOptions timed() {
        if (deadline == Deadline.none()) {
            return options;
        }
        Duration left = deadline.remaining();
        Duration atLeast = left.isZero() ? Duration.ofNanos(1) : left;
        boolean isNearer =
                options.timeout().map(own -> own.compareTo(atLeast) > 0).orElse(true);
        return isNearer ? options.withTimeout(atLeast) : options;
    }

    private boolean isBehindFailure(Item<E> item) {
        return firstFailure.getOrDefault(item.source.shard(), Integer.MAX_VALUE) < item.position;
    }

    private void refuse(Item<E> item, FeatureStoreException e) {
        if (e.code() == ErrorCode.RECORD_MAPPING || e.code() == ErrorCode.INVALID_REQUEST) {
            item.become(Fate.POISON, e.code(), String.valueOf(e.getMessage()));
        } else {
            fail(item, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private void fail(Item<E> item, ErrorCode code, String reason) {
        item.become(Fate.FAILED, code, reason);
        firstFailure.merge(item.source.shard(), item.position, Math::min);
    }

    private void awaitUninterruptibly(CountDownLatch open) {
        boolean wasInterrupted = false;
        while (true) {
            try {
                open.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of each record, in the order of the batch. Poison goes to the sink unless it is delivered again anyway. */
    StreamBatchResult settle(DeadLetterSink<E> sink) {
        Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
        int heldBack = 0;
        List<StreamFailure> failures = new ArrayList<>();
        for (Item<E> item : items) {
            if (item.fate == Fate.POISON && !isBehindFailure(item)) {
                bury(item, sink);
            } else if (item.fate == Fate.OPEN && !isBehindFailure(item)) {
                // an error ended its thread
                fail(item, ErrorCode.WRITE_OUTCOME_UNKNOWN, "the thread that wrote the record ended early");
            }
            if (item.fate == Fate.FAILED) {
                failures.add(
                        new StreamFailure(item.source.shard(), item.source.sequenceNumber(), item.code, item.reason));
            } else if (item.fate == Fate.OPEN || (item.fate == Fate.POISON && isBehindFailure(item))) {
                heldBack++;
            } else {
                counts.merge(item.fate, 1, Integer::sum);
            }
        }
        StreamBatchResult result = new StreamBatchResult(
                counts.getOrDefault(Fate.WRITTEN, 0),
                counts.getOrDefault(Fate.SKIPPED, 0),
                counts.getOrDefault(Fate.POISON, 0),
                heldBack,
                failures);
        LOG.debug(
                "Stream batch is settled [group={}] [result={}]",
                client.definition().name(),
                result);
        return result;
    }

    private void bury(Item<E> item, DeadLetterSink<E> sink) {
        try {
            sink.accept(new DeadLetter<>(item.source, client.definition().name(), item.code, item.reason));
        } catch (Exception e) {
            fail(
                    item,
                    item.code,
                    "the record can never be written, and the dead-letter sink failed with "
                            + e.getClass().getName());
        }
    }
}
