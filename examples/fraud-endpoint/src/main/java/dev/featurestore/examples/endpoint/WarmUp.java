package dev.featurestore.examples.endpoint;

import dev.featurestore.Sleeper;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections and compiles the path of a payment, on threads of its own. While the store cannot be reached, or may not be
 * read, it tries again.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** Each opens the connections of one fetch. */
    private static final int THREADS = 8;

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Scoring scoring;

    private final Map<String, String> keys;

    private final int fetches;

    private final Sleeper sleeper;

    private final ExecutorService threads = Executors.newFixedThreadPool(1 + THREADS, work -> {
        Thread thread = new Thread(work, "warm-up");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean done;

    WarmUp(Scoring scoring, Map<String, String> keys, int fetches, Sleeper sleeper) {
        this.scoring = scoring;
        this.keys = keys;
        this.fetches = fetches;
        this.sleeper = sleeper;
    }

    void start() {
        threads.execute(this::run);
    }

    boolean isDone() {
        return done;
    }

    private void run() {
        try {
            while (scoring.model().warmUp(keys, 1) == 0) {
                LOG.warn(
                        "Not ready: the store does not answer for {}. Trying again in {} seconds",
                        scoring.model().definition(),
                        PAUSE.toSeconds());
                sleeper.sleep(PAUSE);
            }
            scoring.rehearse(fetches);
            int answered = 0;
            Callable<Integer> part = () -> scoring.model().warmUp(keys, fetches / THREADS);
            for (Future<Integer> each : threads.invokeAll(Collections.nCopies(THREADS, part))) {
                answered += each.get();
            }
            done = true;
            LOG.info("Ready, after {} fetches", answered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("Not ready: warming up failed", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
