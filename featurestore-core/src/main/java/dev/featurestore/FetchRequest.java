package dev.featurestore;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request of a fetch. Its future is the driver's business. */
final class FetchRequest {
    private final FetchRead read;

    private final Kind kind;

    private @Nullable CompletableFuture<?> future;

    private boolean cancelled;

    FetchRequest(FetchRead read, Kind kind) {
        this.read = read;
        this.kind = kind;
    }

    /** Why it is sent. */
    enum Kind {
        /** Waits for the same read of another fetch. */
        SHARED,
        FIRST,
        REPEAT,
        HEDGE
    }

    FetchRead read() {
        return read;
    }

    Kind kind() {
        return kind;
    }

    /** Cancelled before, it cancels the future. */
    void sentAs(CompletableFuture<?> answer) {
        boolean tooLate;
        synchronized (this) {
            future = answer;
            tooLate = cancelled;
        }
        if (tooLate) {
            answer.cancel(true);
        }
    }

    void cancel() {
        CompletableFuture<?> answer;
        synchronized (this) {
            cancelled = true;
            answer = future;
        }
        if (answer != null) {
            answer.cancel(true);
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    @Override
    public String toString() {
        return kind + " request for " + read;
    }
}
