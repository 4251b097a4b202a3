package dev.featurestore.serving;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
 * of files. Each sink begins a file of its own and never writes to one that is there. Lines are written at once when there is
 * nothing else to write, but not forced to the disk: a crash of the process loses what is in the queue, one of the machine the
 * last seconds. Move files away as you like, but for the newest.
 */
public final class FileServingSink implements ServingSink, AutoCloseable {
    static final String SUFFIX = ".jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(FileServingSink.class);

    private static final String PREFIX = "served-";

    /** How many vectors are written at once at most. */
    private static final int BATCH = 256;

    private final Path folder;

    private final long bytesPerFile;

    private final int files;

    private final Opener opener;

    private final BlockingQueue<ServedVector> queue;

    private final Thread writer;

    private final LongAdder dropped = new LongAdder();

    private final LongAdder written = new LongAdder();

    private final Object idle = new Object();

    /** Vectors that are in the queue or being written. */
    private int pending;

    private volatile boolean closed;

    private @Nullable OutputStream file;

    private long fileBytes;

    /** Whether the last write to the file may have left half a line. */
    private boolean torn;

    private boolean failing;

    private FileServingSink(Builder builder) throws IOException {
        this.folder = builder.folder;
        this.bytesPerFile = builder.bytesPerFile;
        this.files = builder.files;
        this.opener = builder.opener;
        this.queue = new ArrayBlockingQueue<>(builder.queue);
        Files.createDirectories(folder);
        this.writer = builder.threads.newThread(this::write);
    }

    /** Makes a file that must not be there yet. */
    interface Opener {
        OutputStream open(Path file) throws IOException;
    }

    /** A sink of 16 files of 64 MiB, and a queue of 4,096 vectors; see {@link #builder}. */
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
            pending++;
        }
    }

    /** How many vectors are in files. */
    public long written() {
        return written.sum();
    }

    /** How many vectors are in no file and never will be: the queue was full, a write failed, or the sink was closed. */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Waits until what was served before is in a file or dropped.
     *
     * @return whether it was so in time
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (idle) {
            while (pending > 0) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(idle, left);
            }
            return true;
        }
    }

    /** Writes what is in the queue, for five seconds at most, and ends the thread; what is left is dropped. */
    @Override
    public void close() {
        synchronized (idle) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            flush(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
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
            // closed: whoever interrupts this thread means just that
            queue.drainTo(batch);
            dropped.add(batch.size());
            settled(batch.size());
            closeFile();
        }
    }

    private void settled(int vectors) {
        synchronized (idle) {
            pending -= vectors;
            idle.notifyAll();
        }
    }

    private void write(List<ServedVector> batch) {
        StringBuilder lines = new StringBuilder(torn ? "\n" : "");
        for (ServedVector vector : batch) {
            lines.append(ServedJson.line(vector)).append('\n');
        }
        try {
            byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
            OutputStream to = file();
            torn = true;
            to.write(bytes);
            to.flush();
            torn = false;
            failing = false;
            fileBytes += bytes.length;
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

    private OutputStream file() throws IOException {
        if (file != null && fileBytes >= bytesPerFile) {
            closeFile();
        }
        if (file == null) {
            List<Path> old = FileServingSink.filesIn(folder);
            file = openAfter(old);
            fileBytes = 0;
            for (int i = 0; i <= old.size() - files; i++) {
                Files.deleteIfExists(old.get(i));
            }
        }
        return file;
    }

    private OutputStream openAfter(List<Path> old) throws IOException {
        long number = old.isEmpty() ? 0 : number(old.get(old.size() - 1));
        while (true) {
            number++;
            try {
                return opener.open(folder.resolve(String.format(Locale.ROOT, "%s%06d%s", PREFIX, number, SUFFIX)));
            } catch (FileAlreadyExistsException e) {
                // of another sink, made meanwhile: it has that one, and this one the next
            }
        }
    }

    private void closeFile() {
        OutputStream open = file;
        file = null;
        torn = false;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("A file of served vectors could not be closed [folder={} failure={}]", folder, e.toString());
            }
        }
    }

    /** The files that a sink made, the oldest first. */
    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(file -> number(file) > 0)
                    .sorted((one, other) -> Long.compare(number(one), number(other)))
                    .toList();
        }
    }

    /** Of a file's name; 0 if it is none of a sink. */
    private static long number(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return 0;
        }
        String digits = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        return digits.matches("\\d{6,18}") ? Long.parseLong(digits) : 0;
    }

    /** The folder and the counts. */
    @Override
    public String toString() {
        return "serving log in " + folder + ", " + written() + " vectors written, " + dropped() + " dropped";
    }

    /** What a sink may be told. */
    public static final class Builder {
        private final Path folder;
        private long bytesPerFile = 64L << 20;
        private int files = 16;
        private int queue = 4096;
        private ThreadFactory threads = FileServingSink.Builder::daemon;
        private Opener opener = Builder::create;

        private Builder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
        }

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "featurestore-serving-log");
            thread.setDaemon(true);
            return thread;
        }

        /** Not a channel: an interrupt would close that. */
        @SuppressWarnings("resource") // is the caller's
        private static OutputStream create(Path file) throws IOException {
            Files.createFile(file);
            return new FileOutputStream(file.toFile(), true);
        }

        /** The size from which on a file is left for the next: 64 MiB unless set, 1 at least. One may be a batch larger. */
        public Builder bytesPerFile(long bytes) {
            this.bytesPerFile = atLeastOne("bytes per file", bytes);
            return this;
        }

        /** How many files are kept, the one being written included: 16 unless set, 1 at least. */
        public Builder files(int number) {
            this.files = (int) atLeastOne("files", number);
            return this;
        }

        /** How many vectors may wait to be written: 4,096 unless set, 1 at least. They are in memory. */
        public Builder queue(int vectors) {
            this.queue = (int) atLeastOne("vectors in the queue", vectors);
            return this;
        }

        /** Makes the thread that writes: a daemon unless set. */
        public Builder threads(ThreadFactory factory) {
            this.threads = Objects.requireNonNull(factory, "factory");
            return this;
        }

        Builder opener(Opener other) {
            this.opener = other;
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
