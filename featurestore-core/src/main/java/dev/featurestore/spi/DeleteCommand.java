package dev.featurestore.spi;

import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.TargetStore;
import java.util.Objects;
import java.util.Set;

/**
 * Deletes the record of one identifier.
 *
 * @param group the group's name or ARN
 * @param identifier the identifier's text
 * @param eventTime the delete's event time, as the group writes it; to take effect online it must be later than the record's
 * @param mode soft or hard
 * @param targetStores the stores to delete from; empty for all the group has
 * @param deadline when the call must have ended
 */
public record DeleteCommand(
        String group,
        String identifier,
        String eventTime,
        DeletionMode mode,
        Set<TargetStore> targetStores,
        Deadline deadline) {
    /** Copies the set. */
    public DeleteCommand {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(eventTime, "eventTime");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(deadline, "deadline");
        targetStores = Set.copyOf(targetStores);
    }

    /** The group and mode; no identifier. */
    @Override
    public String toString() {
        return "DeleteCommand[group=" + group + ", mode=" + mode + "]";
    }
}
