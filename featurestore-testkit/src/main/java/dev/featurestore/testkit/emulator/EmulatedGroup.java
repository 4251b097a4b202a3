package dev.featurestore.testkit.emulator;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group as the control plane knows it: the store's definition, and what the store does not keep. */
final class EmulatedGroup {
    private final Instant createdAt;

    private final Map<String, String> tags;

    private final Map<String, FeatureNotes> notes = new LinkedHashMap<>();

    private volatile GroupShape shape;

    private Instant modifiedAt;

    private Status status;

    private Instant statusUntil;

    private @Nullable Update update;

    EmulatedGroup(GroupShape shape, Status status, Instant createdAt, Instant statusUntil) {
        this.shape = shape;
        this.status = status;
        this.createdAt = createdAt;
        this.modifiedAt = createdAt;
        this.statusUntil = statusUntil;
        this.tags = new LinkedHashMap<>(shape.definition().tags());
    }

    /** Where a group is in its life. */
    enum Status {
        CREATING("Creating"),
        CREATED("Created"),
        DELETING("Deleting");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /**
     * A definition with its features in the order in which the service was told of them.
     *
     * @param definition has the record identifier and the event time first
     * @param order all features in the service's order
     */
    record GroupShape(FeatureGroup<?> definition, List<Feature<?>> order) {
        static GroupShape of(FeatureGroup<?> definition) {
            return new GroupShape(definition, definition.features());
        }

        /** Whether the service's order is the definition's. */
        boolean isColumnOrder() {
            for (int i = 0; i < order.size(); i++) {
                if (!order.get(i).name().equals(definition.columns().name(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The last update of the definition.
     *
     * @param target what the group becomes
     * @param due when
     * @param status InProgress, Successful or Failed
     * @param failure why it failed; null if it did not
     */
    record Update(
            GroupShape target,
            Instant due,
            String status,
            @Nullable String failure) {
        boolean isRunning() {
            return status.equals("InProgress");
        }
    }

    /** What people noted about a feature. */
    record FeatureNotes(String description, Map<String, String> parameters, Instant modifiedAt) {}

    FeatureGroup<?> definition() {
        return shape.definition();
    }

    GroupShape shape() {
        return shape;
    }

    synchronized void changeShape(GroupShape changed, Instant now) {
        this.shape = changed;
        this.modifiedAt = now;
    }

    /** The status at a time; null if the group is gone by then. */
    synchronized @Nullable Status status(Instant now) {
        boolean over = !now.isBefore(statusUntil);
        if (over && status == Status.CREATING) {
            status = Status.CREATED;
        }
        return over && status == Status.DELETING ? null : status;
    }

    synchronized void deleteAt(Instant gone) {
        this.status = Status.DELETING;
        this.statusUntil = gone;
    }

    synchronized @Nullable Update update() {
        return update;
    }

    synchronized void setUpdate(Update value) {
        this.update = value;
    }

    Instant createdAt() {
        return createdAt;
    }

    synchronized Instant modifiedAt() {
        return modifiedAt;
    }

    synchronized void touch(Instant now) {
        this.modifiedAt = now;
    }

    /** Guarded by itself. */
    Map<String, String> tags() {
        return tags;
    }

    synchronized FeatureNotes notes(Feature<?> feature) {
        FeatureNotes known = notes.get(feature.name());
        return known != null ? known : new FeatureNotes(feature.description(), Map.of(), createdAt);
    }

    synchronized void note(Feature<?> feature, FeatureNotes value) {
        notes.put(feature.name(), value);
    }
}
