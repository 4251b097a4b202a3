package dev.featurestore.spi;

import java.util.Objects;

/**
 * Which record: of which group, of which identifier.
 *
 * @param group the group's name or ARN
 * @param identifier the identifier's text
 */
public record RecordKey(String group, String identifier) {
    /** Refuses nulls. */
    public RecordKey {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(identifier, "identifier");
    }

    /** The group; no identifier. */
    @Override
    public String toString() {
        return "RecordKey[group=" + group + "]";
    }
}
