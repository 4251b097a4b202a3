package dev.featurestore.testkit;

import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** An in-memory online store whose reads of records are behind. */
record StaleOnlineStore(InMemoryOnlineStore store, Duration lag) implements OnlineStore {
    @Override
    public Set<BackendCapability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void put(PutCommand command) {
        store.put(command);
    }

    @Override
    public BatchWriteOutcome batchWrite(BatchWriteCommand command) {
        return store.batchWrite(command);
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        return store.get(command, lag);
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        return store.batchGet(command, lag);
    }

    @Override
    public void delete(DeleteCommand command) {
        store.delete(command);
    }

    @Override
    public ListPage list(ListCommand command) {
        return store.list(command);
    }
}
