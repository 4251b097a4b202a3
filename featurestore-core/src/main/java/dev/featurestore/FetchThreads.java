package dev.featurestore;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Threads for the requests of fetches, made when first needed. A fork-join pool begins a thread only if none is idle, and ends
 * those that stay idle, which a pool of fixed size does not; it runs requests in the order they came.
 */
final class FetchThreads implements Executor, AutoCloseable {
    private static final int MOST = 64;

    private @Nullable ForkJoinPool pool;

    private boolean closed;

    @Override
    public void execute(Runnable request) {
        pool().execute(() -> {
            // a cancelled request leaves its interrupt on the thread, and unlike other pools this one does not clear it
            Thread.interrupted();
            request.run();
        });
    }

    private synchronized ForkJoinPool pool() {
        if (closed) {
            throw new RejectedExecutionException("The feature store is closed");
        }
        if (pool == null) {
            pool = new ForkJoinPool(MOST, FetchThreads::newThread, null, true);
        }
        return pool;
    }

    private static ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("featurestore-fetch-" + thread.getPoolIndex());
        return thread;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (pool != null) {
            pool.shutdownNow();
        }
    }
}
