package dev.featurestore.aws;

import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;

/**
 * The online store over the official asynchronous runtime client. Answers are read, and futures complete, on the SDK's
 * threads for completing futures, unless the client was given an executor for that.
 */
final class SageMakerAsyncOnlineStore implements AsyncOnlineStore {
    private final SageMakerFeatureStoreRuntimeAsyncClient client;

    private final Requests requests;

    private final RuntimeMessages messages;

    SageMakerAsyncOnlineStore(SageMakerFeatureStoreRuntimeAsyncClient client, Requests requests, GroupNames groups) {
        this.client = client;
        this.requests = requests;
        this.messages = new RuntimeMessages(groups, client.serviceClientConfiguration());
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return RuntimeMessages.CAPABILITIES;
    }

    @Override
    public CompletableFuture<Void> put(PutCommand command) {
        return requests.sendAsync(
                RuntimeMessages.call(command),
                command.deadline(),
                () -> client.putRecord(messages.put(command)),
                SageMakerAsyncOnlineStore::nothing);
    }

    @Override
    public CompletableFuture<Optional<StoredRecord>> get(GetCommand command) {
        return requests.sendAsync(
                RuntimeMessages.call(command),
                command.deadline(),
                () -> client.getRecord(messages.get(command)),
                answer -> messages.stored(command.group(), answer));
    }

    @Override
    public CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command) {
        return requests.sendAsync(
                RuntimeMessages.call(command),
                command.deadline(),
                () -> client.batchGetRecord(messages.batchGet(command)),
                messages::outcome);
    }

    @Override
    public CompletableFuture<Void> delete(DeleteCommand command) {
        return requests.sendAsync(
                RuntimeMessages.call(command),
                command.deadline(),
                () -> client.deleteRecord(messages.delete(command)),
                SageMakerAsyncOnlineStore::nothing);
    }

    private static Void nothing(Object answer) {
        return null;
    }

    @Override
    public String toString() {
        return "asynchronous SageMaker online store";
    }
}
