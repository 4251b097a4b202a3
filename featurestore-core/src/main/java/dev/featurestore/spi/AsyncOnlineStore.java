package dev.featurestore.spi;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The latest record of each identifier, asked for without waiting. One method is one request to the service, as in
 * {@link OnlineStore}. Safe for use by many threads. Methods do not block and do not throw for a request that fails: the
 * future completes with a {@link dev.featurestore.errors.FeatureStoreException}, not wrapped in another exception. A request
 * is given up at the command's deadline.
 *
 * <p>Cancelling a returned future cancels the request under way and what would be repeated after it. A write that was
 * cancelled may or may not be stored. A future derived from a returned one, such as by {@code thenApply}, does not pass a
 * cancel on; {@link AsyncStep} makes futures that do.
 *
 * <p>A backend says on which thread its futures complete.
 */
public interface AsyncOnlineStore {
    /** What this backend can do beyond put, get, batch get and delete; listing and batch writes are never among it. */
    Set<BackendCapability> capabilities();

    /** Writes a record as {@link OnlineStore#put} does; completes with null once it is written. */
    CompletableFuture<Void> put(PutCommand command);

    /** The latest record of one identifier; empty if there is none or it is deleted. */
    CompletableFuture<Optional<StoredRecord>> get(GetCommand command);

    /** The latest records of up to {@value BatchGetCommand#MAX_RECORDS} identifiers. */
    CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command);

    /** Deletes a record; completes with null once it is deleted. */
    CompletableFuture<Void> delete(DeleteCommand command);

    /**
     * A store whose requests are those of a blocking one, each run by the executor. Futures complete on the thread that the
     * executor ran the request on. Cancelling interrupts that thread if it is at the request, and otherwise keeps the request
     * from being sent. The deadline is judged once a thread of the executor is free for the request; the wait counts.
     *
     * @param executor runs requests, which block its threads; not shut down. {@code Runnable::run} for a store that does not
     *     block, whose futures are then complete when they are returned
     */
    static AsyncOnlineStore over(OnlineStore store, Executor executor) {
        return new ExecutorOnlineStore(store, executor);
    }
}
