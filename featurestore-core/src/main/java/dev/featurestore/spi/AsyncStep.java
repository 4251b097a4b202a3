package dev.featurestore.spi;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One step of a call that is made of several, such as requests and the pauses between them: a future to wait for, and which
 * step follows it. {@link #run} makes one future of them. Two things set that future apart from a chain of
 * {@code thenCompose}: when it is cancelled, or completed by anyone else before its time, the step under way is cancelled and
 * none follows; and its failure is what was thrown, not wrapped in a {@link CompletionException}. Immutable.
 *
 * @param <T> what the call gives
 */
public final class AsyncStep<T> {
    private final CompletableFuture<?> future;

    /** What follows; null if the future has the result of the call. */
    private final @Nullable Continuation<T> continuation;

    private AsyncStep(CompletableFuture<?> future, @Nullable Continuation<T> continuation) {
        this.future = Objects.requireNonNull(future, "future");
        this.continuation = continuation;
    }

    @FunctionalInterface
    private interface Continuation<T> {
        AsyncStep<T> after(@Nullable Object value, @Nullable Throwable failure) throws Throwable;
    }

    /** The last step: the call gives this value. */
    public static <T> AsyncStep<T> done(T value) {
        return new AsyncStep<>(CompletableFuture.completedFuture(value), null);
    }

    /** The last step: the call fails with this. */
    public static <T> AsyncStep<T> failed(Throwable failure) {
        return new AsyncStep<>(CompletableFuture.failedFuture(failure), null);
    }

    /**
     * Waits for a future. If it fails, so does the call.
     *
     * @param next the step that follows; what it throws fails the call
     */
    public static <S, T> AsyncStep<T> after(CompletableFuture<S> future, Function<? super S, AsyncStep<T>> next) {
        return after(future, next, AsyncStep::failed);
    }

    /**
     * Waits for a future.
     *
     * @param next the step that follows its value; what it throws fails the call
     * @param otherwise the step that follows its failure, which is never a {@link CompletionException} with a cause; what it
     *     throws fails the call
     */
    @SuppressWarnings("unchecked") // the value is the future's
    public static <S, T> AsyncStep<T> after(
            CompletableFuture<S> future,
            Function<? super S, AsyncStep<T>> next,
            Function<? super Throwable, AsyncStep<T>> otherwise) {
        return new AsyncStep<>(
                future, (value, failure) -> failure == null ? next.apply((S) value) : otherwise.apply(failure));
    }

    /**
     * Takes a step and all that follow it.
     *
     * @param first what it throws fails the call
     * @return the call; steps that are complete at once are taken before this returns, others by the threads that complete
     *     them
     */
    public static <T> CompletableFuture<T> run(Supplier<AsyncStep<T>> first) {
        Call<T> call = new Call<>();
        call.begin(first);
        return call.result;
    }

    /** The steps of one call, taken one after another. */
    private static final class Call<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();

        private volatile @Nullable CompletableFuture<?> underWay;

        @SuppressWarnings("FutureReturnValueIgnored") // abandoning throws nothing
        void begin(Supplier<AsyncStep<T>> first) {
            AsyncStep<T> step;
            try {
                step = first.get();
            } catch (Throwable e) {
                result.completeExceptionally(e);
                return;
            }
            take(step);
            if (!result.isDone()) {
                result.whenComplete((value, failure) -> abandon());
            }
        }

        /** In a loop, since thousands of steps that are complete at once would fill the stack. */
        @SuppressWarnings("FutureReturnValueIgnored") // what take throws, it has told the call
        private void take(AsyncStep<T> first) {
            AsyncStep<T> step = first;
            while (step.future.isDone()) {
                if (result.isDone()) {
                    return;
                }
                Object value = null;
                Throwable failure = null;
                try {
                    value = step.future.join();
                } catch (CancellationException | CompletionException e) {
                    failure = unwrapped(e);
                }
                if (step.continuation == null) {
                    complete(value, failure);
                    return;
                }
                try {
                    step = step.continuation.after(value, failure);
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                    return;
                }
            }
            AsyncStep<T> waiting = step;
            underWay = waiting.future;
            waiting.future.whenComplete((value, failure) -> take(waiting));
            if (result.isDone()) {
                abandon();
            }
        }

        @SuppressWarnings("unchecked") // the last step's value is the call's
        private void complete(@Nullable Object value, @Nullable Throwable failure) {
            if (failure == null) {
                result.complete((T) value);
            } else {
                result.completeExceptionally(failure);
            }
        }

        private void abandon() {
            CompletableFuture<?> step = underWay;
            if (step != null) {
                step.cancel(true);
            }
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable failure = thrown;
        while (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure;
    }
}
