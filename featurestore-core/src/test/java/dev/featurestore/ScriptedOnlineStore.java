package dev.featurestore;

import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Notes every command and answers from its records, unless a test put another answer first. It is not a feature store. */
final class ScriptedOnlineStore implements OnlineStore {
    final List<PutCommand> puts = new ArrayList<>();
    final List<GetCommand> gets = new ArrayList<>();
    final List<BatchGetCommand> batchGets = new ArrayList<>();
    final List<DeleteCommand> deletes = new ArrayList<>();

    private final Map<RecordKey, StoredRecord> records = new HashMap<>();
    private final Deque<Function<GetCommand, Optional<StoredRecord>>> getAnswers = new ArrayDeque<>();
    private final Deque<Function<BatchGetCommand, BatchGetOutcome>> batchAnswers = new ArrayDeque<>();

    ScriptedOnlineStore with(String group, String identifier, WireRecord record, @Nullable Instant expiresAt) {
        records.put(new RecordKey(group, identifier), new StoredRecord(record, expiresAt));
        return this;
    }

    ScriptedOnlineStore nextGet(Function<GetCommand, Optional<StoredRecord>> answer) {
        getAnswers.add(answer);
        return this;
    }

    ScriptedOnlineStore nextBatch(Function<BatchGetCommand, BatchGetOutcome> answer) {
        batchAnswers.add(answer);
        return this;
    }

    /** This store, whose requests are over when they return. */
    ViewStores forViews() {
        return ViewStores.of(this, AsyncOnlineStore.over(this, Runnable::run), Runnable::run);
    }

    /** The keys a command asks for, in order. */
    static List<RecordKey> keys(BatchGetCommand command) {
        return command.parts().stream()
                .flatMap(part -> part.identifiers().stream().map(id -> new RecordKey(part.group(), id)))
                .toList();
    }

    /** The answer that got to nothing. */
    static BatchGetOutcome nothing(BatchGetCommand command) {
        return new BatchGetOutcome(Map.of(), Map.of(), keys(command));
    }

    BatchGetOutcome answer(BatchGetCommand command) {
        Map<RecordKey, StoredRecord> found = new HashMap<>();
        for (RecordKey key : keys(command)) {
            StoredRecord record = records.get(key);
            if (record != null) {
                found.put(key, record);
            }
        }
        return new BatchGetOutcome(found, Map.of(), List.of());
    }

    Optional<StoredRecord> stored(GetCommand command) {
        return Optional.ofNullable(records.get(new RecordKey(command.group(), command.identifier())));
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of(BackendCapability.LIST_RECORDS);
    }

    @Override
    public void put(PutCommand command) {
        puts.add(command);
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        Function<GetCommand, Optional<StoredRecord>> next;
        synchronized (this) {
            gets.add(command);
            next = getAnswers.poll();
        }
        return next == null ? stored(command) : next.apply(command);
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        batchGets.add(command);
        Function<BatchGetCommand, BatchGetOutcome> next = batchAnswers.poll();
        return next == null ? answer(command) : next.apply(command);
    }

    @Override
    public void delete(DeleteCommand command) {
        deletes.add(command);
    }
}
