package dev.featurestore.testkit;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.TargetStore;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The service's online side on the heap: finds the group, checks the request as the service does, and leaves the rest to
 * {@link OnlineTable}. Everything in it is what a real request could do; nothing here knows row types or views.
 */
final class InMemoryOnlineStore implements OnlineStore {
    /** A group of any account and region is known by its name here. */
    private static final Pattern ARN_PREFIX =
            Pattern.compile("^arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:feature-group/");

    private final InstantSource clock;

    private final ServiceBehaviour behaviour;

    private final OfflineLog offline;

    private final ChangeLog changes;

    private final Random random;

    private final Map<String, OnlineTable> tables = new ConcurrentHashMap<>();

    /** Groups whose definitions are what the service keeps of one: names and types. */
    private final Set<String> restored = ConcurrentHashMap.newKeySet();

    InMemoryOnlineStore(
            InstantSource clock, ServiceBehaviour behaviour, OfflineLog offline, ChangeLog changes, long seed) {
        this.clock = clock;
        this.behaviour = behaviour;
        this.offline = offline;
        this.changes = changes;
        this.random = new Random(seed);
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of(BackendCapability.values());
    }

    @Override
    public void put(PutCommand command) {
        OnlineTable table = table(command.group());
        requireStores(table.group(), command.targetStores());
        table.put(command);
    }

    @Override
    public BatchWriteOutcome batchWrite(BatchWriteCommand command) {
        List<PutCommand> puts = command.puts();
        if (puts.isEmpty() || puts.size() > BatchWriteCommand.MAX_RECORDS) {
            throw new InvalidRequestException(
                    "A batch write has 1 to " + BatchWriteCommand.MAX_RECORDS + " records, got " + puts.size());
        }
        List<OnlineTable> written = puts.stream().map(put -> table(put.group())).toList();
        requireDistinct(puts, written);
        Map<Integer, FeatureStoreException> errors = new HashMap<>();
        for (int n = 0; n < puts.size(); n++) {
            try {
                requireStores(written.get(n).group(), puts.get(n).targetStores());
                written.get(n).put(puts.get(n));
            } catch (InvalidRequestException e) {
                errors.put(n, e);
            }
        }
        return new BatchWriteOutcome(errors, List.of());
    }

    private static void requireDistinct(List<PutCommand> puts, List<OnlineTable> written) {
        Set<RecordKey> keys = new HashSet<>();
        for (int n = 0; n < puts.size(); n++) {
            FeatureGroup<?> group = written.get(n).group();
            String identifier =
                    puts.get(n).record().text(group.recordIdentifier().name());
            if (identifier != null && !keys.add(new RecordKey(group.name(), identifier))) {
                throw new InvalidRequestException(
                        "A batch write has each identifier of feature group '" + group.name()
                                + "' once: send the second record in a request of its own",
                        group.name(),
                        null,
                        null);
            }
        }
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        return get(command, Duration.ZERO);
    }

    /** A read that does not see a record's latest change if that is younger than the lag. */
    Optional<StoredRecord> get(GetCommand command, Duration lag) {
        OnlineTable table = readable(command.group());
        return Optional.ofNullable(
                table.get(command.identifier(), table.validator().selectable(command.features()), lag));
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        return batchGet(command, Duration.ZERO);
    }

    /** A read that does not see a record's latest change if that is younger than the lag. */
    BatchGetOutcome batchGet(BatchGetCommand command, Duration lag) {
        int keys = command.parts().stream()
                .mapToInt(part -> part.identifiers().size())
                .sum();
        if (keys < 1 || keys > BatchGetCommand.MAX_RECORDS) {
            throw new InvalidRequestException(
                    "A batch read has 1 to " + BatchGetCommand.MAX_RECORDS + " records, got " + keys);
        }
        Map<RecordKey, StoredRecord> records = new LinkedHashMap<>();
        Map<RecordKey, FeatureStoreException> errors = new HashMap<>();
        for (BatchGetCommand.Part part : command.parts()) {
            for (String identifier : part.identifiers()) {
                read(new RecordKey(part.group(), identifier), part.features(), lag, records, errors);
            }
        }
        return new BatchGetOutcome(ordered(records), errors, List.of());
    }

    private void read(
            RecordKey key,
            List<String> features,
            Duration lag,
            Map<RecordKey, StoredRecord> records,
            Map<RecordKey, FeatureStoreException> errors) {
        try {
            OnlineTable table = readable(key.group());
            StoredRecord found = table.get(key.identifier(), table.validator().selectable(features), lag);
            if (found != null) {
                records.put(key, found);
            }
        } catch (FeatureGroupNotFoundException e) {
            errors.put(key, e);
        }
    }

    private Map<RecordKey, StoredRecord> ordered(Map<RecordKey, StoredRecord> records) {
        if (behaviour.batchGetOrder() == ServiceBehaviour.BatchGetOrder.REQUEST) {
            return records;
        }
        List<Map.Entry<RecordKey, StoredRecord>> entries = new ArrayList<>(records.entrySet());
        synchronized (random) {
            Collections.shuffle(entries, random);
        }
        Map<RecordKey, StoredRecord> shuffled = new LinkedHashMap<>();
        entries.forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));
        return shuffled;
    }

    @Override
    public void delete(DeleteCommand command) {
        OnlineTable table = table(command.group());
        requireStores(table.group(), command.targetStores());
        table.delete(command);
    }

    @Override
    public ListPage list(ListCommand command) {
        return readable(command.group()).list(command);
    }

    void create(FeatureGroup<?> group) {
        tables.compute(group.name(), (name, existing) -> {
            if (existing != null) {
                throw new InvalidRequestException(
                        "Feature group '" + name + "' exists already: choose another name, or delete it first",
                        name,
                        null,
                        null);
            }
            offline.created(group);
            changes.created(group);
            restored.remove(name);
            return new OnlineTable(group, clock, behaviour, offline, changes, Map.of());
        });
    }

    /**
     * Creates the group if there is none of its name.
     *
     * @throws InvalidRequestException if there is one with other features or stores
     */
    void ensure(FeatureGroup<?> group) {
        if (!tables.containsKey(group.name())) {
            try {
                create(group);
                return;
            } catch (InvalidRequestException e) {
                // another thread was first
            }
        }
        FeatureGroup<?> existing = table(group.name()).group();
        if (!sameFeatures(existing.columns(), known(group))
                || existing.onlineStore().isPresent() != group.onlineStore().isPresent()
                || existing.offlineStore().isPresent() != group.offlineStore().isPresent()) {
            throw new InvalidRequestException(
                    "Feature group '" + group.name()
                            + "' exists with other features or stores than this definition has:"
                            + " use one definition, apply it with admin().apply, or delete the group first",
                    group.name(),
                    null,
                    null);
        }
    }

    /** A group that was brought back knows of its features what the service knows: their names and types. */
    private FeatureColumns known(FeatureGroup<?> definition) {
        return restored.contains(definition.name())
                ? DeployedDefinition.columns(definition.columns())
                : definition.columns();
    }

    /** In whatever order: a group that was changed has the added ones last. */
    private static boolean sameFeatures(FeatureColumns one, FeatureColumns other) {
        return one.size() == other.size()
                && IntStream.range(0, one.size()).mapToObj(one::feature).allMatch(feature -> {
                    int column = other.find(feature.name());
                    return column >= 0 && other.feature(column).sameAs(feature);
                });
    }

    void redefine(FeatureGroup<?> group) {
        table(group.name()).redefine(group);
    }

    RecordUpdate.Outcome update(RecordUpdate update) {
        OnlineTable table = readable(update.group());
        requireStores(table.group(), update.targetStores());
        return table.update(update);
    }

    List<String> names() {
        return tables.keySet().stream().sorted().toList();
    }

    void delete(String name) {
        OnlineTable table = tables.get(name);
        boolean deleted = table != null
                && table.close(() -> {
                    offline.deleted(name);
                    changes.deleted(name);
                });
        if (!deleted) {
            throw notFound(name);
        }
        tables.remove(name, table);
    }

    /** A group as it was when the service was last running. */
    void restore(FeatureGroup<?> group, Map<String, OnlineEntry> entries) {
        tables.put(group.name(), new OnlineTable(group, clock, behaviour, offline, changes, entries));
        restored.add(group.name());
    }

    /** Waits for the writes that are under way. */
    void settle() {
        tables.values().forEach(OnlineTable::settle);
    }

    /** Removes what is expired from every group, as the service does some time after the expiry. */
    void purgeExpired() {
        tables.values().forEach(OnlineTable::purgeExpired);
    }

    void clear() {
        tables.values().forEach(OnlineTable::clear);
    }

    @Nullable
    FeatureGroup<?> definition(String name) {
        OnlineTable table = tables.get(name);
        return table == null ? null : table.group();
    }

    /** @throws FeatureGroupNotFoundException if there is no such group */
    Instant createdAt(String name) {
        return table(name).createdAt();
    }

    private OnlineTable table(String nameOrArn) {
        String name = ARN_PREFIX.matcher(nameOrArn).replaceFirst("");
        OnlineTable table = tables.get(name);
        if (table == null) {
            throw notFound(name);
        }
        return table;
    }

    private OnlineTable readable(String name) {
        OnlineTable table = table(name);
        if (table.group().onlineStore().isEmpty()) {
            throw new InvalidRequestException(
                    "Feature group '" + name + "' has no online store to read from", name, null, null);
        }
        return table;
    }

    private static void requireStores(FeatureGroup<?> group, Set<TargetStore> targets) {
        if (targets.contains(TargetStore.ONLINE_STORE) && group.onlineStore().isEmpty()) {
            throw noStore(group, "online");
        }
        if (targets.contains(TargetStore.OFFLINE_STORE) && group.offlineStore().isEmpty()) {
            throw noStore(group, "offline");
        }
    }

    private static InvalidRequestException noStore(FeatureGroup<?> group, String store) {
        return new InvalidRequestException(
                "Feature group '" + group.name() + "' has no " + store + " store to write to",
                group.name(),
                null,
                null);
    }

    static FeatureGroupNotFoundException notFound(String name) {
        return new FeatureGroupNotFoundException(
                "There is no feature group '" + name + "': create it first, or check its name and region",
                name,
                null,
                null);
    }

    @Override
    public String toString() {
        return "in-memory online store of " + tables.size() + " groups";
    }
}
