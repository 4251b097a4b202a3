package dev.featurestore.examples.endpoint;

import dev.featurestore.Sleeper;
import dev.featurestore.errors.RecordMappingException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections and compiles the path of a payment, on threads of its own. While the store cannot be reached, or may not be
 * read, or anything else fails, it tries again; only for keys that no store can have it gives up.
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

    private final BlockingQueue<IllegalStateException> failure = new ArrayBlockingQueue<>(1);

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

    /** Waits until it is known that it can never end well. */
    IllegalStateException awaitFailure() throws InterruptedException {
        return failure.take();
    }

    private void run() {
        try {
            while (!warm()) {
                sleeper.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RecordMappingException e) {
            failure.add(new IllegalStateException(
                    "--warm-up-card and --warm-up-merchant cannot be fetched: " + e.getMessage(), e));
        } finally {
            threads.shutdown();
        }
    }

    private boolean warm() throws InterruptedException {
        try {
            if (scoring.model().warmUp(keys, 1) == 0) {
                LOG.warn(
                        "Not ready: the store does not answer for {}. Trying again in {} seconds",
                        scoring.model().definition(),
                        PAUSE.toSeconds());
                return false;
            }
            scoring.rehearse(fetches);
            int answered = 0;
            Callable<Integer> part = () -> scoring.model().warmUp(keys, (fetches + THREADS - 1) / THREADS);
            for (Future<Integer> each : threads.invokeAll(Collections.nCopies(THREADS, part))) {
                answered += each.get();
            }
            done = true;
            LOG.info("Ready, after {} fetches", answered);
            return true;
        } catch (RecordMappingException e) {
            throw e;
        } catch (RuntimeException | ExecutionException e) {
            LOG.warn("Not ready: warming up failed. Trying again in {} seconds", PAUSE.toSeconds(), e);
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
