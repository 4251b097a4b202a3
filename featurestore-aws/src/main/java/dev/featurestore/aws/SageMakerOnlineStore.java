package dev.featurestore.aws;

import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/** The online store over the official runtime client. */
final class SageMakerOnlineStore implements OnlineStore {
    private final SageMakerFeatureStoreRuntimeClient client;

    private final Requests requests;

    private final RuntimeMessages messages;

    SageMakerOnlineStore(SageMakerFeatureStoreRuntimeClient client, Requests requests, GroupNames groups) {
        this.client = client;
        this.requests = requests;
        this.messages = new RuntimeMessages(groups, client.serviceClientConfiguration());
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return RuntimeMessages.CAPABILITIES;
    }

    @Override
    public void put(PutCommand command) {
        requests.send(RuntimeMessages.call(command), command.deadline(), () -> client.putRecord(messages.put(command)));
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        return messages.stored(
                command.group(),
                requests.send(
                        RuntimeMessages.call(command),
                        command.deadline(),
                        () -> client.getRecord(messages.get(command))));
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        return messages.outcome(requests.send(
                RuntimeMessages.call(command),
                command.deadline(),
                () -> client.batchGetRecord(messages.batchGet(command))));
    }

    @Override
    public void delete(DeleteCommand command) {
        requests.send(
                RuntimeMessages.call(command), command.deadline(), () -> client.deleteRecord(messages.delete(command)));
    }

    @Override
    public String toString() {
        return "SageMaker online store";
    }
}
