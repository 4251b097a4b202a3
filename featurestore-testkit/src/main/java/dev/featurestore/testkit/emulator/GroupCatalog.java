package dev.featurestore.testkit.emulator;

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
import org.jspecify.annotations.Nullable;

/**
 * The feature groups of the emulator. The store has the definitions and the records; groups that a program created in the
 * store directly are found here as well, created when they were first asked for.
 */
final class GroupCatalog {
    static final String ACCOUNT = "000000000000";

    private static final String RESOURCE = ":feature-group/";

    private final InMemoryFeatureStore store;

    private final String region;

    private final Lifetimes lifetimes;

    private final Map<String, EmulatedGroup> groups = new HashMap<>();

    GroupCatalog(InMemoryFeatureStore store, String region, Lifetimes lifetimes) {
        this.store = store;
        this.region = region;
        this.lifetimes = lifetimes;
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
        } else if (!isSame(known.definition(), definition)) {
            known.changeShape(GroupShape.of(definition), now);
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
        store.admin().create(shape.definition());
        Instant now = now();
        groups.put(name, new EmulatedGroup(shape, Status.CREATING, now, now.plus(lifetimes.creation())));
        return true;
    }

    /** Deletes a group: its records are gone at once, the group itself after a while. */
    synchronized void delete(EmulatedGroup group) {
        Instant now = now();
        if (group.status(now) != Status.DELETING) {
            store.admin().delete(group.definition().name());
            group.deleteAt(now.plus(lifetimes.deletion()));
        }
    }

    /** Starts to change a group's definition. */
    synchronized void update(EmulatedGroup group, GroupShape target) {
        Instant now = now();
        group.setUpdate(new Update(target, now.plus(lifetimes.update()), "InProgress", null));
        group.touch(now);
        finishUpdate(group, now);
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
            group.setUpdate(new Update(update.target(), update.due(), "Successful", null));
        } catch (FeatureStoreException e) {
            group.setUpdate(new Update(update.target(), update.due(), "Failed", e.getMessage()));
        }
    }
}
