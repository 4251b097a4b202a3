package dev.featurestore.spi;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for the answers of an asynchronous store. */
final class WaitingOnlineStore implements OnlineStore {
    private final AsyncOnlineStore store;

    WaitingOnlineStore(AsyncOnlineStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void put(PutCommand command) {
        await(store.put(command), command.deadline(), why -> unknown("Putting a record to", command.group(), why));
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        return await(
                store.get(command),
                command.deadline(),
                why -> unavailable(
                        "Getting a record of feature group '" + command.group() + "'", command.group(), why));
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        return await(
                store.batchGet(command),
                command.deadline(),
                why -> unavailable(
                        "Getting records of " + command.parts().size() + " feature groups",
                        theOnlyGroup(command),
                        why));
    }

    private static @Nullable String theOnlyGroup(BatchGetCommand command) {
        return command.parts().size() == 1 ? command.parts().get(0).group() : null;
    }

    @Override
    public void delete(DeleteCommand command) {
        await(store.delete(command), command.deadline(), why -> unknown("Deleting a record of", command.group(), why));
    }

    private static <T> T await(
            CompletableFuture<T> answer, Deadline deadline, Function<String, FeatureStoreException> unanswered) {
        try {
            return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unanswered.apply("there was no answer before the deadline; allow more time");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unanswered.apply("the thread was interrupted before there was an answer");
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("An asynchronous store failed with a checked exception", cause);
    }

    private static FeatureStoreException unknown(String what, String group, String why) {
        return new WriteOutcomeUnknownException(
                what + " feature group '" + group + "': " + why
                        + ". It may or may not be stored: write it again, which is harmless, or read it back",
                group,
                null,
                null);
    }

    private static FeatureStoreException unavailable(String what, @Nullable String group, String why) {
        return new StoreUnavailableException(what + ": " + why, group, null, null);
    }

    @Override
    public String toString() {
        return "blocking " + store;
    }
}
