package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A group as the control plane knows it: the store's definition, and what the store does not keep. */
final class EmulatedGroup {
    private final Instant createdAt;

    private final Map<String, String> tags;

    private final Map<String, FeatureNotes> notes;

    private volatile GroupShape shape;

    private Instant modifiedAt;

    private Status status;

    private Instant statusUntil;

    private @Nullable Update update;

    /** A group that is made now. */
    EmulatedGroup(GroupShape shape, Status status, Instant createdAt, Instant statusUntil) {
        this(
                shape,
                status,
                statusUntil,
                new History(createdAt, createdAt, shape.definition().tags(), Map.of(), null));
    }

    /** A group with what was noted of it. */
    EmulatedGroup(GroupShape shape, Status status, Instant statusUntil, History history) {
        this.shape = shape;
        this.status = status;
        this.statusUntil = statusUntil;
        this.createdAt = history.createdAt();
        this.modifiedAt = history.modifiedAt();
        this.tags = new LinkedHashMap<>(history.tags());
        this.notes = new LinkedHashMap<>(history.notes());
        this.update = history.update();
    }

    /** What the control plane has noted of a group. */
    record History(
            Instant createdAt,
            Instant modifiedAt,
            Map<String, String> tags,
            Map<String, FeatureNotes> notes,
            @Nullable Update update) {}

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
     * @param request what was asked for
     * @param target what the group becomes
     * @param due when
     * @param status InProgress, Successful or Failed
     * @param failure why it failed; null if it did not
     */
    record Update(
            JsonNode request,
            GroupShape target,
            Instant due,
            String status,
            @Nullable String failure) {
        static final String IN_PROGRESS = "InProgress";

        boolean isRunning() {
            return status.equals(IN_PROGRESS);
        }

        Update ended(String how, @Nullable String why) {
            return new Update(request, target, due, how, why);
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

    /** Hands over the status that was set and the time until which it holds. */
    synchronized void writeStatus(BiConsumer<Status, Instant> out) {
        out.accept(status, statusUntil);
    }

    synchronized History history() {
        return new History(createdAt, modifiedAt, new LinkedHashMap<>(tags), new LinkedHashMap<>(notes), update);
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

    synchronized Map<String, String> tags() {
        return new LinkedHashMap<>(tags);
    }

    /** Changes the tags, unless the change throws. */
    synchronized void changeTags(UnaryOperator<Map<String, String>> change) {
        Map<String, String> changed = change.apply(new LinkedHashMap<>(tags));
        tags.clear();
        tags.putAll(changed);
    }

    synchronized FeatureNotes notes(Feature<?> feature) {
        FeatureNotes known = notes.get(feature.name());
        return known != null ? known : new FeatureNotes(feature.description(), Map.of(), createdAt);
    }

    /** Changes what is noted about a feature, unless the change throws. */
    synchronized void changeNotes(Feature<?> feature, UnaryOperator<FeatureNotes> change) {
        notes.put(feature.name(), change.apply(notes(feature)));
    }
}
