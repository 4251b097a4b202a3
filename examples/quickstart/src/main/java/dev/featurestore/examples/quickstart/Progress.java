package dev.featurestore.examples.quickstart;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tells every second what is being done and how far it has come. */
final class Progress implements AutoCloseable {
    private record Stage(String name, long total, long startNanos) {}

    private final PrintWriter out;

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    private final AtomicLong done = new AtomicLong();

    private volatile Stage stage = new Stage("Starting", 0, System.nanoTime());

    Progress(PrintWriter out) {
        this.out = out;
        var unused = ticker.scheduleAtFixedRate(this::print, 1, 1, TimeUnit.SECONDS);
    }

    /** Begins something whose length is not known. */
    void begin(String name) {
        begin(name, 0);
    }

    /** Begins something that is over after so many steps. */
    void begin(String name, long total) {
        done.set(0);
        stage = new Stage(name, total, System.nanoTime());
        print();
    }

    /** One step is done. */
    void step() {
        done.incrementAndGet();
    }

    private synchronized void print() {
        out.println(line());
        out.flush();
    }

    private String line() {
        Stage now = stage;
        double seconds = (System.nanoTime() - now.startNanos()) / 1e9;
        long steps = done.get();
        if (now.total() == 0 || steps == 0) {
            return String.format(Locale.ROOT, "%s, %.0f s", now.name(), seconds);
        }
        double rate = steps / seconds;
        Duration left = Duration.ofSeconds(Math.round((now.total() - steps) / rate));
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d rows, %,.0f rows/s, %d:%02d left",
                now.name(),
                steps,
                now.total(),
                rate,
                left.toMinutes(),
                left.toSecondsPart());
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
