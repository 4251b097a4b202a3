package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link FetchCourse} through a store, either way: {@link #await} blocks the calling thread, which also sends hedges
 * and repeats when they are due; {@link #start} has an {@link AsyncSleeper} do that.
 */
final class FetchRun {
    private final FetchCourse course;

    private final Wire wire;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    /** What no store should fail with. */
    private volatile @Nullable Throwable unexpected;

    /** What is done after each change; nothing where a thread waits. */
    private volatile Runnable onChange = () -> {};

    FetchRun(FetchCourse course, Wire wire) {
        this.course = course;
        this.wire = wire;
    }

    /** What requests are sent with. */
    interface Wire {
        /** Sends a request; does not throw for one that fails. */
        CompletableFuture<?> send(FetchRequest request);

        /** The outcomes of the request's keys, from what its future gave. */
        List<RecordOutcome> outcomes(FetchRequest request, Object answer);

        /** A read is over. */
        void settled(FetchRead read);
    }

    /**
     * Runs the course to its end, which is no later than the deadline. An interrupt ends it and stays set.
     *
     * @param sleeper pauses where there is no answer to wait for
     */
    void await(Sleeper sleeper) {
        proceed();
        while (true) {
            FetchCourse.Effects effects;
            lock.lock();
            try {
                if (course.isOver()) {
                    break;
                }
                long nanos = course.nanosUntilDue();
                long due = course.dueAt();
                if (!course.isUnderWay()) {
                    sleeper.sleep(Duration.ofNanos(nanos));
                    effects = course.wakeAt(due);
                } else {
                    if (nanos > 0) {
                        changed.awaitNanos(nanos);
                    }
                    effects = course.wake();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                effects = course.giveUp(new StoreUnavailableException(
                        "A fetch was given up: its thread was interrupted before there was an answer"));
            } finally {
                lock.unlock();
            }
            carryOut(effects);
        }
        rethrowUnexpected();
    }

    /** Begins the course. The future completes at its end; cancelling it cancels what is under way. */
    @SuppressWarnings("FutureReturnValueIgnored") // what follows throws nothing
    CompletableFuture<Void> start(AsyncSleeper sleeper) {
        Alarm alarm = new Alarm(sleeper);
        onChange = alarm;
        alarm.over.whenComplete((nothing, failure) -> {
            if (alarm.over.isCancelled()) {
                giveUp(new StoreUnavailableException("A fetch was given up: its future was cancelled"));
            }
        });
        proceed();
        alarm.run();
        return alarm.over;
    }

    private void proceed() {
        FetchCourse.Effects effects;
        lock.lock();
        try {
            effects = course.wake();
        } finally {
            lock.unlock();
        }
        carryOut(effects);
    }

    private void giveUp(FeatureStoreException why) {
        FetchCourse.Effects effects;
        lock.lock();
        try {
            effects = course.giveUp(why);
            changed.signal();
        } finally {
            lock.unlock();
        }
        carryOut(effects);
        onChange.run();
    }

    private void carryOut(FetchCourse.Effects effects) {
        effects.cancel.forEach(FetchRequest::cancel);
        effects.settled.forEach(wire::settled);
        effects.send.forEach(this::send);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what ended throws, it has kept
    private void send(FetchRequest request) {
        CompletableFuture<?> answer;
        try {
            answer = wire.send(request);
        } catch (RuntimeException | Error e) {
            ended(request, null, e);
            return;
        }
        request.sentAs(answer);
        answer.whenComplete((value, failure) -> ended(request, value, failure));
    }

    private void ended(FetchRequest request, @Nullable Object answer, @Nullable Throwable thrown) {
        if (request.isCancelled()) {
            return;
        }
        List<RecordOutcome> outcomes = null;
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (answer != null && failure == null) {
            try {
                outcomes = wire.outcomes(request, answer);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
        FetchCourse.Effects effects;
        lock.lock();
        try {
            if (outcomes != null) {
                effects = course.answered(request, outcomes);
            } else if (failure instanceof FeatureStoreException known) {
                effects = course.failed(request, known);
            } else {
                unexpected = failure == null ? new IllegalStateException("A store gave no answer") : failure;
                effects = course.giveUp(new StoreUnavailableException("A fetch was given up: a store failed"));
            }
            // who waits need not wake for an answer after which it would wait on, for the same thing
            if (course.isOver() || outcomes == null || !effects.send.isEmpty()) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        carryOut(effects);
        onChange.run();
    }

    private void rethrowUnexpected() {
        Throwable failure = unexpected;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw failure instanceof RuntimeException exception
                    ? exception
                    : new IllegalStateException("An online store failed with a checked exception", failure);
        }
    }

    /** Rings when the next thing is due, and tells when all is over. */
    private final class Alarm implements Runnable {
        private final AsyncSleeper sleeper;

        private final CompletableFuture<Void> over = new CompletableFuture<>();

        /** The next ring, unless it has rung. */
        private @Nullable CompletableFuture<Void> ring;

        private long ringsAt;

        Alarm(AsyncSleeper sleeper) {
            this.sleeper = sleeper;
        }

        @Override
        public void run() {
            boolean isOver;
            long at;
            CompletableFuture<Void> old = null;
            CompletableFuture<Void> next = null;
            lock.lock();
            try {
                isOver = course.isOver();
                long nanos = course.nanosUntilDue();
                at = course.dueAt();
                if (isOver || ring == null || at - ringsAt < 0) {
                    old = ring;
                    next = isOver ? null : sleeper.sleep(Duration.ofNanos(nanos));
                    ring = next;
                    ringsAt = at;
                }
            } finally {
                lock.unlock();
            }
            if (old != null) {
                old.cancel(false);
            }
            if (isOver) {
                complete();
            } else if (next != null) {
                listen(next, at);
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // what follows throws nothing
        private void listen(CompletableFuture<Void> next, long at) {
            next.whenComplete((nothing, failure) -> {
                if (next.isCancelled()) {
                    return;
                }
                FetchCourse.Effects effects;
                lock.lock();
                try {
                    ring = ring == next ? null : ring;
                    effects = course.wakeAt(at);
                } finally {
                    lock.unlock();
                }
                carryOut(effects);
                run();
            });
        }

        private void complete() {
            Throwable failure = unexpected;
            if (failure == null) {
                over.complete(null);
            } else {
                over.completeExceptionally(failure);
            }
        }
    }
}
