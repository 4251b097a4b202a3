package dev.featurestore.spi;

import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record, replacing the whole record of its identifier.
 *
 * @param group the group's name or ARN
 * @param record with identifier and event time
 * @param targetStores the stores to write; empty for all the group has
 * @param ttl the record's own time to live; null for the group's
 * @param deadline when the call must have ended
 */
public record PutCommand(
        String group,
        WireRecord record,
        Set<TargetStore> targetStores,
        @Nullable Ttl ttl,
        Deadline deadline) {
    /** Copies the set. */
    public PutCommand {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(deadline, "deadline");
        targetStores = Set.copyOf(targetStores);
    }

    /** A put to all stores with the group's own time to live and no deadline. */
    public static PutCommand of(String group, WireRecord record) {
        return new PutCommand(group, record, Set.of(), null, Deadline.none());
    }
}
