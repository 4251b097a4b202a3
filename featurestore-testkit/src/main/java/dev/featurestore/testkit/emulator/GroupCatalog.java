package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.EmulatedGroup.GroupShape;
import dev.featurestore.testkit.emulator.EmulatedGroup.Status;
import dev.featurestore.testkit.emulator.EmulatedGroup.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The feature groups of the emulator. The store has the definitions and the records; groups that a program created in the
 * store directly are found here as well, created when they were first asked for.
 */
final class GroupCatalog {
    static final String ACCOUNT = "000000000000";

    private static final String RESOURCE = ":feature-group/";

    private static final String DEFAULT_REGION = "us-east-1";

    private final InMemoryFeatureStore store;

    private final @Nullable CatalogFile file;

    private final String region;

    private final Lifetimes lifetimes;

    private final Map<String, EmulatedGroup> groups = new HashMap<>();

    /** @param region null for that of the groups in the store's data folder, else us-east-1 */
    GroupCatalog(InMemoryFeatureStore store, @Nullable String region, Lifetimes lifetimes) {
        this.store = store;
        this.lifetimes = lifetimes;
        this.file = store.data().map(CatalogFile::new).orElse(null);
        String before = file == null ? null : file.region();
        if (before != null && region != null && !before.equals(region)) {
            throw new IllegalStateException("The feature groups in the data folder are in region " + before + ", not "
                    + region + ": start the emulator in that region, or choose another folder");
        }
        this.region = Objects.requireNonNullElse(region == null ? before : region, DEFAULT_REGION);
        if (file != null) {
            file.groups(store::definition)
                    .forEach(group -> groups.put(group.definition().name(), group));
            save();
        }
    }

    /** How long the service takes to create, update and delete a group, on the store's clock. */
    record Lifetimes(Duration creation, Duration update, Duration deletion) {}

    String region() {
        return region;
    }

    String arn(String name) {
        return "arn:aws:sagemaker:" + region + ":" + ACCOUNT + RESOURCE + name;
    }

    Instant now() {
        return store.clock().instant();
    }

    /** The name of a group given as name or ARN; null if the ARN is of another account or region. */
    @Nullable
    String nameOf(String nameOrArn) {
        if (!nameOrArn.startsWith("arn:")) {
            return nameOrArn;
        }
        String[] parts = nameOrArn.split(":", 6);
        boolean here = parts.length == 6 && parts[3].equals(region) && parts[4].equals(ACCOUNT);
        int resource = nameOrArn.indexOf(RESOURCE);
        return here && resource >= 0 ? nameOrArn.substring(resource + RESOURCE.length()) : null;
    }

    /** The group in whatever status; null if there is none. */
    @Nullable
    EmulatedGroup find(String nameOrArn) {
        String name = nameOf(nameOrArn);
        return name == null ? null : named(name);
    }

    private synchronized @Nullable EmulatedGroup named(String name) {
        Instant now = now();
        EmulatedGroup known = groups.get(name);
        if (known != null && known.status(now) == Status.DELETING) {
            return known;
        }
        FeatureGroup<?> definition = store.definition(name).orElse(null);
        if (definition == null) {
            groups.remove(name);
            return null;
        }
        if (known == null || known.status(now) == null) {
            known = new EmulatedGroup(GroupShape.of(definition), Status.CREATED, now, now);
            groups.put(name, known);
            save();
        } else if (!isSame(known.definition(), definition)) {
            known.changeShape(GroupShape.of(definition), now);
            save();
        }
        finishUpdate(known, now);
        return known;
    }

    /** Comparing what is in them would be slow, and the store hands out the one it has. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(FeatureGroup<?> one, FeatureGroup<?> other) {
        return one == other;
    }

    /** Whether records of the group can be written and read. */
    boolean isUsable(EmulatedGroup group) {
        return group.status(now()) == Status.CREATED;
    }

    /** All groups in whatever status. */
    List<EmulatedGroup> all() {
        List<String> names = new ArrayList<>(store.admin().list());
        synchronized (this) {
            groups.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        }
        List<EmulatedGroup> all = new ArrayList<>();
        for (String name : names) {
            EmulatedGroup group = named(name);
            if (group != null) {
                all.add(group);
            }
        }
        return all;
    }

    /** Creates a group; false if one of its name is there, or is still being deleted. */
    synchronized boolean create(GroupShape shape) {
        String name = shape.definition().name();
        if (named(name) != null) {
            return false;
        }
        store.admin().backend().create(shape.definition());
        Instant now = now();
        groups.put(name, new EmulatedGroup(shape, Status.CREATING, now, now.plus(lifetimes.creation())));
        save();
        return true;
    }

    /** Deletes a group: its records are gone at once, the group itself after a while. False if there is none. */
    synchronized boolean delete(String name) {
        EmulatedGroup group = named(name);
        if (group == null) {
            return false;
        }
        Instant now = now();
        if (group.status(now) != Status.DELETING) {
            store.admin().delete(name);
            group.deleteAt(now.plus(lifetimes.deletion()));
            save();
        }
        return true;
    }

    /**
     * Starts to change a group's definition; false if the group is being created, updated or deleted.
     *
     * @param request what was asked for
     * @param change makes of the group what was asked for; what it throws changes nothing
     */
    synchronized boolean update(EmulatedGroup group, JsonNode request, UnaryOperator<GroupShape> change) {
        Update running = group.update();
        if (!isUsable(group) || (running != null && running.isRunning())) {
            return false;
        }
        GroupShape target = change.apply(group.shape());
        Instant now = now();
        group.setUpdate(new Update(request, target, now.plus(lifetimes.update()), Update.IN_PROGRESS, null));
        group.touch(now);
        save();
        finishUpdate(group, now);
        return true;
    }

    /** Deletes all groups at once, and forgets those that are being deleted. */
    synchronized void clear() {
        for (String name : store.admin().list()) {
            try {
                store.admin().delete(name);
            } catch (FeatureGroupNotFoundException e) {
                // a program deleted it in the store at the same time
            }
        }
        groups.clear();
        save();
    }

    /** Keeps what is noted of the groups, if the store keeps its state. */
    synchronized void save() {
        if (file != null) {
            file.write(region, groups.values());
        }
    }

    private void finishUpdate(EmulatedGroup group, Instant now) {
        Update update = group.update();
        if (update == null || !update.isRunning() || now.isBefore(update.due())) {
            return;
        }
        try {
            store.admin().apply(update.target().definition());
            FeatureGroup<?> changed =
                    store.definition(group.definition().name()).orElseThrow();
            group.changeShape(new GroupShape(changed, update.target().order()), now);
            group.setUpdate(update.ended("Successful", null));
        } catch (FeatureStoreException e) {
            group.setUpdate(update.ended("Failed", e.getMessage()));
        }
        save();
    }
}
