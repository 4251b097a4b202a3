package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.WriteOptions;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of an ordered source, such as Kinesis through Lambda, to one feature group, and says which records the
 * source has to deliver again.
 *
 * <p>Rows of one identifier are written one after the other, in the order of their event times and for equal ones in that of
 * the batch; rows of different identifiers side by side. A record that can never be written (its mapping fails, the
 * definition or the service refuses it) goes to the dead-letter sink and does not hold up its shard. Anything else
 * (throttling, an outage, an answer that never came, a missing group or permission) fails the record: no later record of its
 * shard is begun, since the source delivers them all again. Writing a record again is harmless.
 *
 * <p>Make one for the life of the program. Safe for use by many threads, as far as the mapping and the sink are.
 *
 * @param <E> the type of the source's payloads
 * @param <R> the row type of the group
 */
public final class StreamBatchWriter<E, R> implements AutoCloseable {
    private final FeatureGroupClient<R> client;

    private final Function<? super E, ? extends @Nullable R> mapping;

    private final DeadLetterSink<E> deadLetters;

    private final WriteOptions options;

    private final int concurrency;

    private final Executor executor;

    private final @Nullable ExecutorService ownExecutor;

    private final LongSupplier nanoTime;

    private StreamBatchWriter(Builder<E, R> builder, DeadLetterSink<E> deadLetters) {
        this.client = builder.client;
        this.mapping = builder.mapping;
        this.deadLetters = deadLetters;
        this.options = builder.options;
        this.concurrency = builder.concurrency;
        this.nanoTime = builder.nanoTime;
        Executor given = builder.executor;
        if (given != null) {
            this.ownExecutor = null;
            this.executor = given;
        } else {
            // the calling thread writes as well
            ExecutorService own = newExecutor(Math.max(1, concurrency - 1));
            this.ownExecutor = own;
            this.executor = own;
        }
    }

    private static ExecutorService newExecutor(int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "featurestore-stream-writer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts a writer.
     *
     * @param mapping makes a row of a payload; null for a payload that is none of the group's business. What it throws makes
     *     the record a dead letter
     */
    public static <E, R> Builder<E, R> to(
            FeatureGroupClient<R> client, Function<? super E, ? extends @Nullable R> mapping) {
        return new Builder<>(client, mapping);
    }

    /**
     * Writes a batch, and returns when every record of it is settled. Each write has the store's call timeout.
     *
     * @param batch the records in the order of their shards; shards may be mixed
     */
    public StreamBatchResult write(List<StreamRecord<E>> batch) {
        return write(batch, Deadline.none());
    }

    /**
     * Writes a batch within a time. What is not begun by then fails, and the source delivers it again. Dead letters go to the
     * sink afterwards, one by one: the time that the sink takes comes on top.
     *
     * @param batch the records in the order of their shards; shards may be mixed
     * @param timeout positive; in Lambda what is left of the invocation, less the time for dead letters and the answer
     */
    public StreamBatchResult write(List<StreamRecord<E>> batch, Duration timeout) {
        return write(batch, Deadline.after(timeout, nanoTime));
    }

    private StreamBatchResult write(List<StreamRecord<E>> batch, Deadline deadline) {
        StreamBatch<E, R> work = new StreamBatch<>(client, options, deadline);
        work.map(batch, mapping);
        work.write(concurrency, executor);
        return work.settle(deadLetters);
    }

    /** Ends the threads it started, and nothing it was given. A batch that is being written is finished by its caller. */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "stream batch writer of " + client;
    }

    /**
     * Collects the parts of a writer.
     *
     * @param <E> the type of the source's payloads
     * @param <R> the row type of the group
     */
    public static final class Builder<E, R> {
        private static final int DEFAULT_CONCURRENCY = 8;

        private final FeatureGroupClient<R> client;
        private final Function<? super E, ? extends @Nullable R> mapping;
        private @Nullable DeadLetterSink<E> deadLetters;
        private WriteOptions options = WriteOptions.defaults();
        private int concurrency = DEFAULT_CONCURRENCY;
        private @Nullable Executor executor;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(FeatureGroupClient<R> client, Function<? super E, ? extends @Nullable R> mapping) {
            this.client = client;
            this.mapping = mapping;
        }

        /** Where records go that can never be written. Required: what nobody keeps is lost. */
        public Builder<E, R> deadLetters(DeadLetterSink<E> sink) {
            this.deadLetters = Objects.requireNonNull(sink, "sink");
            return this;
        }

        /** How each record is written; to all stores unless set. */
        public Builder<E, R> options(WriteOptions writeOptions) {
            this.options = Objects.requireNonNull(writeOptions, "writeOptions");
            return this;
        }

        /** How many writes of one batch may be under way at once; {@value #DEFAULT_CONCURRENCY} unless set. */
        public Builder<E, R> concurrency(int writes) {
            if (writes < 1) {
                throw new IllegalArgumentException("At least one write must be allowed at a time, got " + writes);
            }
            this.concurrency = writes;
            return this;
        }

        /** Runs the writes that are side by side with the calling thread's own; threads of the writer's own unless set. */
        public Builder<E, R> executor(Executor given) {
            this.executor = Objects.requireNonNull(given, "given");
            return this;
        }

        /** Tells how much time has passed; {@code System::nanoTime} unless set. */
        public Builder<E, R> nanoTime(LongSupplier clock) {
            this.nanoTime = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * The writer.
         *
         * @throws IllegalStateException without a place for dead letters
         */
        public StreamBatchWriter<E, R> build() {
            DeadLetterSink<E> sink = deadLetters;
            if (sink == null) {
                throw new IllegalStateException(
                        "A stream writer needs a place for records that can never be written: call deadLetters(sink)");
            }
            return new StreamBatchWriter<>(this, sink);
        }
    }
}
