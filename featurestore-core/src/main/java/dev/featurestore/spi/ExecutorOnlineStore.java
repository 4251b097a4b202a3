package dev.featurestore.spi;

import dev.featurestore.errors.StoreUnavailableException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs the requests of a blocking store on an executor. */
final class ExecutorOnlineStore implements AsyncOnlineStore {
    private final OnlineStore store;

    private final Executor executor;

    ExecutorOnlineStore(OnlineStore store, Executor executor) {
        this.store = Objects.requireNonNull(store, "store");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    @Override
    public Set<BackendCapability> capabilities() {
        Set<BackendCapability> capabilities = EnumSet.noneOf(BackendCapability.class);
        capabilities.addAll(store.capabilities());
        capabilities.remove(BackendCapability.LIST_RECORDS);
        capabilities.remove(BackendCapability.BATCH_WRITE);
        return Set.copyOf(capabilities);
    }

    @Override
    public CompletableFuture<Void> put(PutCommand command) {
        return submit(command.group(), () -> {
            store.put(command);
            return null;
        });
    }

    @Override
    public CompletableFuture<Optional<StoredRecord>> get(GetCommand command) {
        return submit(command.group(), () -> store.get(command));
    }

    @Override
    public CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command) {
        return submit(null, () -> store.batchGet(command));
    }

    @Override
    public CompletableFuture<Void> delete(DeleteCommand command) {
        return submit(command.group(), () -> {
            store.delete(command);
            return null;
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a cancel throws nothing
    private <T> CompletableFuture<T> submit(@Nullable String group, Callable<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Request<T> task = new Request<>(request, answer);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new StoreUnavailableException(
                    "A request to the online store was not sent: the executor takes no more work; give it more room, or"
                            + " make fewer requests at once",
                    group,
                    null,
                    e));
            return answer;
        }
        if (!answer.isDone()) {
            answer.whenComplete((value, failure) -> task.cancel(true));
        }
        return answer;
    }

    /** Completes its answer once it can no longer be interrupted. */
    private static final class Request<T> extends FutureTask<T> {
        private final CompletableFuture<T> answer;

        Request(Callable<T> request, CompletableFuture<T> answer) {
            super(request);
            this.answer = answer;
        }

        /** The interrupt of a cancel is this request's: the executor may keep it for the thread's next one. */
        @Override
        public void run() {
            super.run();
            if (isCancelled()) {
                Thread.interrupted();
            }
        }

        @Override
        protected void done() {
            try {
                answer.complete(get());
            } catch (ExecutionException e) {
                answer.completeExceptionally(e.getCause());
            } catch (CancellationException e) {
                answer.cancel(false);
            } catch (InterruptedException e) {
                throw new AssertionError("It is done, so there is nothing to wait for", e);
            }
        }
    }

    @Override
    public String toString() {
        return "asynchronous " + store;
    }
}
