package dev.featurestore.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes served vectors to files of one JSON line each, {@code served-000001.jsonl} and on, in a folder of its own; {@link
 * ServedVectors} reads them. They hold values, and keys if the log has them.
 *
 * <p>A fetch only puts its vector into a queue and never waits: one thread of the sink writes. If the queue is full because the
 * disk is slow, or a write fails because it is full, vectors are dropped, counted by {@link #dropped()}, and the sink goes on:
 * it tries the next ones. A failure is logged once at WARN until a write succeeds again.
 *
 * <p>The space is bounded: a file that has reached its size is left for the next, and the oldest are deleted beyond a number
 * of files. Each sink begins a file of its own and never writes to one that is there. Have one sink a folder: of two, each
 * deletes the other's files. Lines are written at once when there is nothing else to write, but not forced to the disk: a crash
 * of the process loses what is in the queue, one of the machine the last seconds. Move files away as you like, but for the
 * newest. If that is taken away all the same, the next write begins another one.
 *
 * <p>Safe for use by many threads. If the thread of the sink is interrupted or dies, the sink is closed, and says so at WARN.
 */
public final class FileServingSink implements ServingSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileServingSink.class);

    /** How many vectors are written at once at most. */
    private static final int BATCH = 256;

    private final Path folder;

    private final RollingFile file;

    private final BlockingQueue<ServedVector> queue;

    private final Thread writer;

    private final LongAdder dropped = new LongAdder();

    private final LongAdder written = new LongAdder();

    private final Object idle = new Object();

    /** How many vectors were put into the queue ever. */
    private long accepted;

    /** How many of these are written or dropped; they are so in order, but for those that closing drops. */
    private long settled;

    private boolean closed;

    private final Duration closing;

    private boolean failing;

    private FileServingSink(Builder builder) throws IOException {
        this.folder = builder.folder;
        this.file = new RollingFile(folder, builder.bytesPerFile, builder.files, builder.opener);
        this.queue = new ArrayBlockingQueue<>(builder.queue);
        this.closing = builder.closing;
        Files.createDirectories(folder);
        this.writer = builder.threads.newThread(this::write);
    }

    /**
     * A sink of 16 files of 64 MiB, and a queue of 4,096 vectors; see {@link #builder}.
     *
     * @throws IOException if the folder cannot be made
     */
    public static FileServingSink in(Path folder) throws IOException {
        return builder(folder).open();
    }

    /** Starts a sink of other make. */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    @Override
    public void served(ServedVector vector) {
        Objects.requireNonNull(vector, "vector");
        synchronized (idle) {
            if (closed || !queue.offer(vector)) {
                dropped.increment();
                return;
            }
            accepted++;
        }
    }

    /** How many vectors were written to files, those included that were deleted since. */
    public long written() {
        return written.sum();
    }

    /**
     * How many vectors were given up: the queue was full, their write failed, or the sink was closed. Of a write that failed
     * some may be in the file all the same.
     */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Waits until what was served before is in a file or dropped.
     *
     * @param timeout as long as you like; zero or less does not wait
     * @return whether it was so in time
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        long most = nanos(timeout);
        synchronized (idle) {
            long last = accepted;
            while (settled < last) {
                long left = most - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(idle, left);
            }
            return true;
        }
    }

    private static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    /**
     * Writes what is in the queue and ends the thread, for five seconds at most; what is left in the queue is dropped and counted.
     * An interrupt does not shorten it, and is kept. If the disk hangs for longer, the one write that is under way stays so: its
     * vectors are counted, and the file is closed, when it ends. Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (idle) {
            if (closed) {
                return;
            }
            closed = true;
        }
        long end = System.nanoTime() + closing.toNanos();
        boolean isInterrupted = uninterruptibly(end, this::flush);
        dropQueue();
        writer.interrupt();
        isInterrupted |= uninterruptibly(end, left -> writer.join(Math.max(1, left.toMillis())));
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that waits. */
    private interface Waiting {
        void await(Duration left) throws InterruptedException;
    }

    /** Whether it was interrupted. */
    private static boolean uninterruptibly(long end, Waiting waiting) {
        boolean isInterrupted = false;
        while (true) {
            try {
                waiting.await(Duration.ofNanos(end - System.nanoTime()));
                return isInterrupted;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
    }

    private void write() {
        List<ServedVector> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                write(batch);
                settled(batch.size());
                batch.clear();
            }
        } catch (InterruptedException e) {
            // by close, or by someone else: the end in either case
        } finally {
            ended(batch.size());
        }
    }

    private void ended(int unwritten) {
        boolean isUnasked;
        synchronized (idle) {
            isUnasked = !closed;
            closed = true;
        }
        dropped.add(unwritten);
        settled(unwritten);
        dropQueue();
        if (isUnasked) {
            LOG.warn(
                    "Served vectors are dropped from now on: the thread that writes them has ended [folder={}]",
                    folder);
        }
        closeFile();
    }

    private void dropQueue() {
        List<ServedVector> left = new ArrayList<>();
        queue.drainTo(left);
        dropped.add(left.size());
        settled(left.size());
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("A file of served vectors could not be closed [folder={} failure={}]", folder, e.toString());
        }
    }

    private void settled(int vectors) {
        synchronized (idle) {
            settled += vectors;
            idle.notifyAll();
        }
    }

    private void write(List<ServedVector> batch) {
        try {
            StringBuilder lines = new StringBuilder();
            for (ServedVector vector : batch) {
                lines.append(ServedJson.line(vector)).append('\n');
            }
            file.write(lines.toString());
            failing = false;
            written.add(batch.size());
        } catch (IOException e) {
            failed(batch.size(), e.toString());
        } catch (RuntimeException e) {
            // its message may be about anything
            failed(batch.size(), e.getClass().getName());
        }
    }

    private void failed(int vectors, String failure) {
        dropped.add(vectors);
        if (!failing) {
            failing = true;
            LOG.warn("Served vectors are dropped: their file failed [folder={} failure={}]", folder, failure);
        }
    }

    /** The folder and the counts. */
    @Override
    public String toString() {
        return "serving log in " + folder + ", " + written() + " vectors written, " + dropped() + " dropped";
    }

    /**
     * What a sink may be told. Nothing is null; what is, fails with {@link NullPointerException}, a number below one with {@link
     * IllegalArgumentException}. For one thread.
     */
    public static final class Builder {
        private final Path folder;
        private long bytesPerFile = 64L << 20;
        private int files = 16;
        private int queue = 4096;
        private ThreadFactory threads = Builder::daemon;
        private RollingFile.Opener opener = RollingFile::create;
        private Duration closing = Duration.ofSeconds(5);

        private Builder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
        }

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "featurestore-serving-log");
            thread.setDaemon(true);
            return thread;
        }

        /** The size from which on a file is left for the next: 64 MiB unless set, 1 at least. One may be a batch larger. */
        public Builder bytesPerFile(long bytes) {
            this.bytesPerFile = atLeastOne("bytes per file", bytes);
            return this;
        }

        /** How many files are kept, the one being written included: 16 unless set, 1 at least; more if some cannot be deleted. */
        public Builder files(int number) {
            this.files = (int) atLeastOne("files", number);
            return this;
        }

        /** How many vectors may wait to be written: 4,096 unless set, 1 at least. They are in memory with all their values. */
        public Builder queue(int vectors) {
            this.queue = (int) atLeastOne("vectors in the queue", vectors);
            return this;
        }

        /** Makes the thread that writes: a daemon unless set. */
        public Builder threads(ThreadFactory factory) {
            this.threads = Objects.requireNonNull(factory, "factory");
            return this;
        }

        Builder opener(RollingFile.Opener other) {
            this.opener = other;
            return this;
        }

        Builder closingWithin(Duration timeout) {
            this.closing = timeout;
            return this;
        }

        private static long atLeastOne(String what, long number) {
            if (number < 1) {
                throw new IllegalArgumentException("The number of " + what + " is 1 at least, got " + number);
            }
            return number;
        }

        /**
         * The sink, with its thread; the folder is made if it is not there. The first file is made for the first vector.
         *
         * @throws IOException if the folder cannot be made
         */
        public FileServingSink open() throws IOException {
            FileServingSink sink = new FileServingSink(this);
            sink.writer.start();
            return sink;
        }
    }
}
