package dev.featurestore.schema;

import java.util.Map;
import java.util.Objects;

/**
 * What people noted about a deployed feature.
 *
 * @param description at most 255 characters; empty if there is none
 * @param parameters at most 25, keys and values of at most 255 characters
 */
public record FeatureMetadata(String description, Map<String, String> parameters) {
    /** Copies the parameters. */
    public FeatureMetadata {
        Objects.requireNonNull(description, "description");
        parameters = Map.copyOf(parameters);
    }

    /** How much there is of it. */
    @Override
    public String toString() {
        return "feature metadata (" + description.length() + " characters, " + parameters.size() + " parameters)";
    }
}
