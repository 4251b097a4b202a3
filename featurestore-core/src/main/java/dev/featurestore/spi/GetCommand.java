package dev.featurestore.spi;

import java.util.List;
import java.util.Objects;

/**
 * Reads the latest record of one identifier, with its expiry.
 *
 * @param group the group's name or ARN
 * @param identifier the identifier's text
 * @param features the features wanted; empty for all
 * @param deadline when the call must have ended
 */
public record GetCommand(String group, String identifier, List<String> features, Deadline deadline) {
    /** Copies the list. */
    public GetCommand {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(deadline, "deadline");
        features = List.copyOf(features);
    }

    /** A read of all features without deadline. */
    public static GetCommand of(String group, String identifier) {
        return new GetCommand(group, identifier, List.of(), Deadline.none());
    }

    /** The group and the number of features; no identifier. */
    @Override
    public String toString() {
        return "GetCommand[group=" + group + ", features=" + features.size() + "]";
    }
}
