package dev.featurestore;

import dev.featurestore.errors.DeadlineExceededException;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.spi.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The course of one fetch: which request is sent when, how often a read is repeated, when it is hedged, and what is known of
 * each read at the deadline. The one place where that is decided; it neither sends nor waits. Whoever drives it carries out the
 * {@link Effects} of each call, tells what became of each request, and calls {@link #wake} when something is due. For one
 * thread at a time.
 */
final class FetchCourse {
    static final int GETS_AT_ONCE = 32;

    static final int BATCHES_AT_ONCE = 4;

    /** How often a read is sent at most because it failed, the first time included. */
    static final int ATTEMPTS = 3;

    private static final long FIRST_PAUSE = 2_000_000;

    /** What is left of a time in which a request still may be repeated. */
    private static final long A_MILLISECOND = 1_000_000;

    private final LongSupplier nanoTime;

    /** When it must be over, on the clock of {@code nanoTime}. */
    private final long deadline;

    /** The latest time it was told. */
    private long latest;

    private final Hedging hedging;

    private final int attempts;

    /** Not sent yet. */
    private final Deque<FetchRead> waiting;

    /** Sent, or pausing before they are sent again. */
    private final List<FetchRead> active = new ArrayList<>();

    private int getsUnderWay;

    private int batchesUnderWay;

    private Effects effects = new Effects();

    /** @param attempts how often a read is sent at most because it failed, the first time included */
    FetchCourse(List<FetchRead> reads, LongSupplier nanoTime, Deadline deadline, Hedging hedging, int attempts) {
        this.waiting = new ArrayDeque<>(reads);
        this.nanoTime = nanoTime;
        this.latest = nanoTime.getAsLong();
        this.deadline = latest + deadline.remaining().toNanos();
        this.hedging = hedging;
        this.attempts = attempts;
    }

    /** What is to be done now, in this order. */
    static final class Effects {
        final List<FetchRequest> cancel = new ArrayList<>(2);
        final List<FetchRead> settled = new ArrayList<>(2);
        final List<FetchRequest> send = new ArrayList<>();
    }

    /** Whether all reads are settled. */
    boolean isOver() {
        return waiting.isEmpty() && active.isEmpty();
    }

    /** How long to wait for the next {@link #wake}, if no request ends before. */
    long nanosUntilDue() {
        return Math.max(0, dueAt() - now());
    }

    /** When the next {@link #wake} is due, if no request ends before. */
    long dueAt() {
        long due = deadline;
        for (FetchRead read : active) {
            if (read.hasDue() && read.dueAt() - due < 0) {
                due = read.dueAt();
            }
        }
        return due;
    }

    /** The clock's time, or what it was told if that is later: who was told to pause has paused, whatever the clock says. */
    private long now() {
        long now = nanoTime.getAsLong();
        if (now - latest > 0) {
            latest = now;
        }
        return latest;
    }

    /** Whether any request is under way. */
    boolean isUnderWay() {
        return active.stream().anyMatch(FetchRead::isUnderWay);
    }

    /** As {@link #wake()}, at this time or later. */
    Effects wakeAt(long time) {
        if (time - latest > 0) {
            latest = time;
        }
        return wake();
    }

    /** It begins, or something may be due. */
    Effects wake() {
        long now = now();
        if (deadline - now <= 0) {
            return giveUp(null);
        }
        for (FetchRead read : active) {
            if (read.hasDue() && read.dueAt() - now <= 0) {
                due(read, now);
            }
        }
        begin(now);
        return takeEffects();
    }

    private void begin(long now) {
        for (FetchRead next = waiting.peek(); next != null && hasRoom(next); next = waiting.peek()) {
            waiting.remove();
            active.add(next);
            if (next.isBatch()) {
                batchesUnderWay++;
            } else {
                getsUnderWay++;
            }
            if (next.shared() == null) {
                first(next, now);
            } else {
                send(next, FetchRequest.Kind.SHARED, now);
            }
        }
    }

    private boolean hasRoom(FetchRead read) {
        return read.isBatch() ? batchesUnderWay < BATCHES_AT_ONCE : getsUnderWay < GETS_AT_ONCE;
    }

    private void first(FetchRead read, long now) {
        hedging.earn();
        send(read, FetchRequest.Kind.FIRST, now);
    }

    private void send(FetchRead read, FetchRequest.Kind kind, long now) {
        FetchRequest request = new FetchRequest(read, kind);
        read.sent(request, now);
        effects.send.add(request);
    }

    private void due(FetchRead read, long now) {
        read.nothingDue();
        if (!read.isUnderWay()) {
            if (read.attempts() == 0) {
                first(read, now);
            } else {
                send(read, FetchRequest.Kind.REPEAT, now);
            }
        } else if (hedging.spend()) {
            send(read, FetchRequest.Kind.HEDGE, now);
        }
    }

    /** A request was answered. */
    Effects answered(FetchRequest request, List<RecordOutcome> outcomes) {
        FetchRead read = request.read();
        if (read.ended(request)) {
            boolean inTime = deadline - now() >= A_MILLISECOND;
            settle(
                    read,
                    inTime
                            ? outcomes
                            : outcomes.stream()
                                    .map(outcome -> atTheEnd(read, outcome))
                                    .toList(),
                    request.kind() == FetchRequest.Kind.HEDGE);
        }
        return wake();
    }

    private static RecordOutcome atTheEnd(FetchRead read, RecordOutcome outcome) {
        FeatureStoreException failure = outcome.failure();
        return failure == null ? outcome : RecordOutcome.failed(atTheEnd(read, failure), outcome.readAt());
    }

    /** What a failure means that comes when the time is over: the backend has a clock of its own, and was a moment earlier. */
    private static FeatureStoreException atTheEnd(FetchRead read, FeatureStoreException failure) {
        return failure.code() == ErrorCode.UNAVAILABLE ? tooLate(read, failure) : failure;
    }

    /** A request failed. */
    Effects failed(FetchRequest request, FeatureStoreException failure) {
        FetchRead read = request.read();
        if (read.ended(request) && !read.isUnderWay()) {
            if (request.kind() == FetchRequest.Kind.SHARED) {
                // whoever sent it may have had less time
                read.dueAt(now());
            } else {
                repeatOrSettle(read, failure);
            }
        }
        return wake();
    }

    private void repeatOrSettle(FetchRead read, FeatureStoreException failure) {
        long pause = FIRST_PAUSE << (read.attempts() - 1);
        long remaining = deadline - now();
        if (failure.retryable() && read.attempts() < attempts && pause < remaining) {
            read.failed(failure);
            read.dueAt(now() + pause);
        } else {
            settle(read, read.failures(remaining < A_MILLISECOND ? atTheEnd(read, failure) : failure), false);
        }
    }

    /**
     * Every read that is not settled is now, as failed.
     *
     * @param failure why; null if it is for the deadline
     */
    Effects giveUp(@Nullable FeatureStoreException failure) {
        active.addAll(waiting);
        waiting.clear();
        for (FetchRead read : List.copyOf(active)) {
            FeatureStoreException before = read.lastFailure();
            FeatureStoreException told = failure != null ? failure : before != null ? before : tooLate(read, null);
            settle(read, read.failures(told), false);
        }
        return takeEffects();
    }

    private void settle(FetchRead read, List<RecordOutcome> outcomes, boolean byHedge) {
        active.remove(read);
        if (read.isBatch()) {
            batchesUnderWay--;
        } else {
            getsUnderWay--;
        }
        effects.cancel.addAll(read.settle(outcomes, byHedge, now()));
        effects.settled.add(read);
    }

    private static DeadlineExceededException tooLate(FetchRead read, @Nullable FeatureStoreException cause) {
        String group = read.theOnlyGroup();
        return new DeadlineExceededException(
                "Fetching " + (group == null ? "several feature groups" : "feature group '" + group + "'")
                        + ": there was no answer before the deadline; allow more time, or take defaults for groups that fail",
                group,
                cause);
    }

    private Effects takeEffects() {
        Effects taken = effects;
        effects = new Effects();
        return taken;
    }
}
