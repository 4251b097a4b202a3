package dev.featurestore.testkit;

import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.WireRecord;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces single features of a record that is there.
 *
 * @param group the group's name
 * @param identifier the identifier's text
 * @param features what is replaced; may have an event time, which then must not be older than the record's
 * @param targetStores the stores to write; empty for all the group has, else with the online store
 * @param ttl the record's new time to live, only together with an event time; null to keep the one it has
 */
public record RecordUpdate(
        String group,
        String identifier,
        WireRecord features,
        Set<TargetStore> targetStores,
        @Nullable Ttl ttl) {
    /** The most features that one update replaces. */
    public static final int MAX_FEATURES = 100;

    /** How an update ended. */
    public enum Outcome {
        /** The record has the new values. */
        APPLIED,
        /** There is no record, or it is deleted or expired. */
        NO_RECORD,
        /** The update's event time is older than the record's. */
        OLDER
    }

    /** Copies the set. */
    public RecordUpdate {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(features, "features");
        targetStores = Set.copyOf(targetStores);
    }

    /** The group and the number of features; no identifier. */
    @Override
    public String toString() {
        return "RecordUpdate[group=" + group + ", features=" + features.size() + "]";
    }
}
