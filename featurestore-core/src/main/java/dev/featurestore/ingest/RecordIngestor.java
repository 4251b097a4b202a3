package dev.featurestore.ingest;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.Sleeper;
import dev.featurestore.WriteOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads any number of rows into one feature group, in constant memory, and reports what became of each.
 *
 * <p>Rows of one identifier are written one after the other, in the order of the source; rows of different identifiers side by
 * side. What is throttled, unavailable or of unknown outcome is written again, with growing random pauses, for as long as the
 * patience lasts: writing a record again is harmless. What the definition or the service refuses fails at once. A missing
 * permission or group stops the run, as does an interrupt; what was not written by then can be written by a run that goes on
 * from the checkpoint. Each throttled request slows down all threads of the run.
 *
 * <p>Immutable; several runs at once each need a checkpoint and a file of failures of their own.
 *
 * @param <R> the row type of the group
 */
public final class RecordIngestor<R> {
    private final FeatureGroupClient<R> client;

    private final Builder<R> settings;

    private RecordIngestor(Builder<R> settings) {
        this.client = settings.client;
        this.settings = settings;
    }

    /** Starts an ingestor. */
    public static <R> Builder<R> to(FeatureGroupClient<R> client) {
        return new Builder<>(client);
    }

    /** Writes all rows, as {@link #run(Iterator)}. */
    public IngestReport run(Iterable<? extends R> rows) {
        return run(rows.iterator());
    }

    /** Writes all rows, in the stream's order, as {@link #run(Iterator)}. The stream is the caller's to close. */
    public IngestReport run(Stream<? extends R> rows) {
        return run(rows.sequential().iterator());
    }

    /**
     * Writes all rows, and returns when each is settled or the run was stopped. The calling thread reads the source and makes
     * records of its rows. An interrupt stops the run, and is set again when this returns.
     *
     * @param rows for a run that goes on from a checkpoint the same rows in the same order, from the first
     * @return never null; look at {@link IngestReport#isComplete()}
     * @throws IllegalStateException if the checkpoint is damaged, or of another group or run
     * @throws java.io.UncheckedIOException if the checkpoint cannot be read or the file of failed records not be opened
     */
    public IngestReport run(Iterator<? extends R> rows) {
        return new IngestRun<>(client, settings).run(rows);
    }

    /** The group; nothing of its records. */
    @Override
    public String toString() {
        return "record ingestor of " + client;
    }

    /**
     * Collects the parts of an ingestor.
     *
     * @param <R> the row type of the group
     */
    public static final class Builder<R> {
        private static final int DEFAULT_CONCURRENCY = 16;

        private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(2);

        final FeatureGroupClient<R> client;
        WriteOptions options = WriteOptions.defaults();
        int concurrency = DEFAULT_CONCURRENCY;
        int recordsPerRequest = Integer.MAX_VALUE;
        double recordsPerSecond = Double.POSITIVE_INFINITY;
        double writeUnitsPerSecond = Double.POSITIVE_INFINITY;
        Duration patience = DEFAULT_PATIENCE;
        ProgressListener progress = update -> {};
        long total = -1;

        @Nullable
        Checkpoint checkpoint;

        @Nullable
        FailedRecords failures;

        LongSupplier nanoTime = System::nanoTime;
        Sleeper sleeper = Sleeper.system();
        DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        ThreadFactory threads = Builder::newThread;

        private Builder(FeatureGroupClient<R> client) {
            this.client = client;
        }

        private Builder(Builder<R> from) {
            this(from.client);
            this.options = from.options;
            this.concurrency = from.concurrency;
            this.recordsPerRequest = from.recordsPerRequest;
            this.recordsPerSecond = from.recordsPerSecond;
            this.writeUnitsPerSecond = from.writeUnitsPerSecond;
            this.patience = from.patience;
            this.progress = from.progress;
            this.total = from.total;
            this.checkpoint = from.checkpoint;
            this.failures = from.failures;
            this.nanoTime = from.nanoTime;
            this.sleeper = from.sleeper;
            this.random = from.random;
            this.threads = from.threads;
        }

        private static Thread newThread(Runnable work) {
            Thread thread = new Thread(work, "featurestore-ingest");
            thread.setDaemon(true);
            return thread;
        }

        /** How each record is written; to all stores unless set. */
        public Builder<R> options(WriteOptions writeOptions) {
            this.options = Objects.requireNonNull(writeOptions, "writeOptions");
            return this;
        }

        /** How many requests may be under way at once, each on a thread; {@value #DEFAULT_CONCURRENCY} unless set. */
        public Builder<R> concurrency(int writes) {
            requirePositive("concurrency", writes);
            this.concurrency = writes;
            return this;
        }

        /**
         * At most so many records in a request, where the backend can write several; as many as it takes unless set. With 1
         * each record is put by itself: for a caller who may put records but not write batches.
         */
        public Builder<R> recordsPerRequest(int most) {
            requirePositive("number of records in a request", most);
            this.recordsPerRequest = most;
            return this;
        }

        /** At most so many records a second, repeats included: this load's share of the account's quota. No limit unless set. */
        public Builder<R> recordsPerSecond(double records) {
            requirePositive("number of records a second", records);
            this.recordsPerSecond = records;
            return this;
        }

        /**
         * At most so many write request units a second, repeats included: this load's share of the group's provisioned
         * capacity. A put takes one for each begun KB of its record. No limit unless set.
         */
        public Builder<R> writeUnitsPerSecond(double units) {
            requirePositive("number of write units a second", units);
            this.writeUnitsPerSecond = units;
            return this;
        }

        /** How long a record is tried: no attempt begins later than this after its first. Two minutes unless set. */
        public Builder<R> patience(Duration duration) {
            requirePositive("patience in seconds", duration.toNanos() / 1e9);
            this.patience = duration;
            return this;
        }

        /** Who is told how far the load is; nobody unless set. */
        public Builder<R> progress(ProgressListener listener) {
            this.progress = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** How many rows the source has, to tell the remaining time from; unknown unless set. */
        public Builder<R> total(long rows) {
            if (rows < 0) {
                throw new IllegalArgumentException("A source has no fewer than 0 rows, got " + rows);
            }
            this.total = rows;
            return this;
        }

        /** Where to go on from and to keep how far the load is, about once a second; the load begins anew each time unless set. */
        public Builder<R> checkpoint(Checkpoint file) {
            this.checkpoint = Objects.requireNonNull(file, "file");
            return this;
        }

        /** Where to keep the records that could not be written, values and all; only the report tells of them unless set. */
        public Builder<R> failures(FailedRecords file) {
            this.failures = Objects.requireNonNull(file, "file");
            return this;
        }

        /** Tells how much time has passed; {@code System::nanoTime} unless set. */
        public Builder<R> nanoTime(LongSupplier clock) {
            this.nanoTime = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Pauses before a record is written again and to keep the pace; by {@code Thread.sleep} unless set. */
        public Builder<R> sleeper(Sleeper pauses) {
            this.sleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /** Draws the length of pauses, from 0 to below 1, for many threads; at random unless set. */
        public Builder<R> random(DoubleSupplier numbers) {
            this.random = Objects.requireNonNull(numbers, "numbers");
            return this;
        }

        /** Makes the threads that write, as many as the concurrency, which end with the run; daemon threads unless set. */
        public Builder<R> threads(ThreadFactory factory) {
            this.threads = Objects.requireNonNull(factory, "factory");
            return this;
        }

        private static void requirePositive(String what, double number) {
            if (!(number > 0)) {
                throw new IllegalArgumentException("The " + what + " of a load is positive, got " + number);
            }
        }

        Builder<R> copy() {
            return new Builder<>(this);
        }

        /** The ingestor. */
        public RecordIngestor<R> build() {
            return new RecordIngestor<>(copy());
        }
    }
}
