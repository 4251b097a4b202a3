package dev.featurestore.testkit.fault;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
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
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An online store whose requests fail as a plan says, and otherwise are those of another store. Safe for use by many threads
 * if the other one is.
 */
public final class FaultInjectingOnlineStore implements OnlineStore {
    private static final String IT_FAILS = "A fault was injected: ";

    private final OnlineStore store;

    private final FaultPlan plan;

    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);

    /**
     * A store that fails as planned.
     *
     * @param store does what does not fail
     * @param plan used up by this store
     */
    public FaultInjectingOnlineStore(OnlineStore store, FaultPlan plan) {
        this.store = Objects.requireNonNull(store, "store");
        this.plan = Objects.requireNonNull(plan, "plan");
    }

    /** How often each fault has happened so far; those that never did are not there. */
    public Map<Fault, Integer> injected() {
        synchronized (injected) {
            return Collections.unmodifiableMap(new EnumMap<>(injected));
        }
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void put(PutCommand command) {
        write(Operation.PUT, command.group(), () -> store.put(command));
    }

    @Override
    public BatchWriteOutcome batchWrite(BatchWriteCommand command) {
        Fault fault = next(Operation.BATCH_WRITE).orElse(null);
        if (fault == null || command.puts().isEmpty()) {
            return store.batchWrite(command);
        }
        List<Integer> places = IntStream.range(0, command.puts().size()).boxed().toList();
        switch (fault) {
            case UNPROCESSED_KEYS -> {
                return without(command, Set.copyOf(plan.some(places)), Map.of());
            }
            case KEY_ERRORS -> {
                Map<Integer, FeatureStoreException> errors = new HashMap<>();
                plan.some(places)
                        .forEach(place -> errors.put(
                                place, unavailable(command.puts().get(place).group())));
                return without(command, Set.of(), errors);
            }
            case LOST_RESPONSE -> store.batchWrite(command);
            default -> {
                // nothing is done
            }
        }
        throw failure(fault, command.puts().get(0).group());
    }

    /** What is done for the records that are not hit, and what is said of the others. */
    private BatchWriteOutcome without(
            BatchWriteCommand command, Set<Integer> unprocessed, Map<Integer, FeatureStoreException> errors) {
        List<Integer> rest = IntStream.range(0, command.puts().size())
                .boxed()
                .filter(place -> !unprocessed.contains(place) && !errors.containsKey(place))
                .toList();
        if (rest.isEmpty()) {
            return new BatchWriteOutcome(errors, List.copyOf(unprocessed));
        }
        BatchWriteOutcome written = store.batchWrite(
                new BatchWriteCommand(rest.stream().map(command.puts()::get).toList(), command.deadline()));
        Map<Integer, FeatureStoreException> allErrors = new HashMap<>(errors);
        written.errors().forEach((n, failure) -> allErrors.put(rest.get(n), failure));
        List<Integer> allUnprocessed = new ArrayList<>(unprocessed);
        written.unprocessed().forEach(n -> allUnprocessed.add(rest.get(n)));
        return new BatchWriteOutcome(allErrors, allUnprocessed);
    }

    @Override
    public void delete(DeleteCommand command) {
        write(Operation.DELETE, command.group(), () -> store.delete(command));
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        return read(Operation.GET, command.group(), () -> store.get(command));
    }

    @Override
    public ListPage list(ListCommand command) {
        return read(Operation.LIST, command.group(), () -> store.list(command));
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        Fault fault = next(Operation.BATCH_GET).orElse(null);
        if (fault == null || command.parts().isEmpty()) {
            return store.batchGet(command);
        }
        return switch (fault) {
            case UNPROCESSED_KEYS -> without(command, new LinkedHashSet<>(plan.some(keys(command))), Map.of());
            case KEY_ERRORS -> {
                Map<RecordKey, FeatureStoreException> errors = new LinkedHashMap<>();
                plan.some(keys(command)).forEach(key -> errors.put(key, unavailable(key.group())));
                yield without(command, Set.of(), errors);
            }
            case GROUP_NOT_VISIBLE -> {
                String group = plan.some(command.parts()).get(0).group();
                Map<RecordKey, FeatureStoreException> errors = new LinkedHashMap<>();
                keys(command).stream()
                        .filter(key -> key.group().equals(group))
                        .forEach(key -> errors.put(key, notVisible(group)));
                yield without(command, Set.of(), errors);
            }
            default -> throw failure(fault, theOnlyGroup(command));
        };
    }

    private static @Nullable String theOnlyGroup(BatchGetCommand command) {
        List<String> groups = command.parts().stream()
                .map(BatchGetCommand.Part::group)
                .distinct()
                .toList();
        return groups.size() == 1 ? groups.get(0) : null;
    }

    /** The answer for the keys that are not hit, and what is said of the others. */
    private BatchGetOutcome without(
            BatchGetCommand command, Set<RecordKey> unprocessed, Map<RecordKey, FeatureStoreException> errors) {
        List<BatchGetCommand.Part> parts = new ArrayList<>();
        for (BatchGetCommand.Part part : command.parts()) {
            List<String> rest = part.identifiers().stream()
                    .filter(identifier -> {
                        RecordKey key = new RecordKey(part.group(), identifier);
                        return !unprocessed.contains(key) && !errors.containsKey(key);
                    })
                    .toList();
            if (!rest.isEmpty()) {
                parts.add(new BatchGetCommand.Part(part.group(), rest, part.features()));
            }
        }
        if (parts.isEmpty()) {
            return new BatchGetOutcome(Map.of(), errors, List.copyOf(unprocessed));
        }
        BatchGetOutcome rest = store.batchGet(new BatchGetCommand(parts, command.deadline()));
        Map<RecordKey, FeatureStoreException> allErrors = new LinkedHashMap<>(rest.errors());
        allErrors.putAll(errors);
        List<RecordKey> allUnprocessed = new ArrayList<>(rest.unprocessed());
        allUnprocessed.addAll(unprocessed);
        return new BatchGetOutcome(rest.records(), allErrors, allUnprocessed);
    }

    private static List<RecordKey> keys(BatchGetCommand command) {
        return command.parts().stream()
                .flatMap(part -> part.identifiers().stream().map(identifier -> new RecordKey(part.group(), identifier)))
                .distinct()
                .toList();
    }

    private void write(Operation operation, String group, Runnable request) {
        Optional<Fault> fault = next(operation);
        if (fault.isEmpty() || fault.get() == Fault.LOST_RESPONSE) {
            request.run();
        }
        if (fault.isPresent()) {
            throw failure(fault.get(), group);
        }
    }

    private <T> T read(Operation operation, String group, Supplier<T> request) {
        Optional<Fault> fault = next(operation);
        if (fault.isPresent()) {
            throw failure(fault.get(), group);
        }
        return request.get();
    }

    private Optional<Fault> next(Operation operation) {
        Optional<Fault> fault = plan.next(operation);
        fault.ifPresent(happening -> {
            synchronized (injected) {
                injected.merge(happening, 1, Integer::sum);
            }
        });
        return fault;
    }

    private static FeatureStoreException failure(Fault fault, @Nullable String group) {
        return switch (fault) {
            case THROTTLED -> new ThrottledException(IT_FAILS + "the store is over its capacity", group, null, null);
            case UNAVAILABLE -> unavailable(group);
            case GROUP_NOT_VISIBLE -> notVisible(group);
            case LOST_RESPONSE, LOST_REQUEST ->
                new WriteOutcomeUnknownException(
                        IT_FAILS + "no answer came to a write; read the record back, or write it again",
                        group,
                        null,
                        null);
            case UNPROCESSED_KEYS, KEY_ERRORS -> throw new IllegalArgumentException(fault + " is no failure of a call");
        };
    }

    private static StoreUnavailableException unavailable(@Nullable String group) {
        return new StoreUnavailableException(IT_FAILS + "the store cannot answer now", group, null, null);
    }

    private static FeatureGroupNotFoundException notVisible(@Nullable String group) {
        return new FeatureGroupNotFoundException(
                IT_FAILS + "the store does not see feature group '" + group + "'", group, null, null);
    }

    /** The store and how often what has happened; no keys. */
    @Override
    public String toString() {
        return "fault-injecting " + store + " with " + injected();
    }
}
