package dev.featurestore;

import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers reads when a test says so. It is not a feature store. */
final class HeldOnlineStore implements AsyncOnlineStore {
    final List<GetCommand> gets = new ArrayList<>();

    final List<CompletableFuture<Optional<StoredRecord>>> answers = new ArrayList<>();

    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of();
    }

    @Override
    public CompletableFuture<Optional<StoredRecord>> get(GetCommand command) {
        CompletableFuture<Optional<StoredRecord>> answer = new CompletableFuture<>();
        gets.add(command);
        answers.add(answer);
        return answer;
    }

    @Override
    public CompletableFuture<Void> put(PutCommand command) {
        throw new UnsupportedOperationException("Only read");
    }

    @Override
    public CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command) {
        throw new UnsupportedOperationException("Only read one by one");
    }

    @Override
    public CompletableFuture<Void> delete(DeleteCommand command) {
        throw new UnsupportedOperationException("Only read");
    }
}
