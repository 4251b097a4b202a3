package dev.featurestore.spi;

import java.util.List;
import java.util.Objects;

/**
 * Reads the latest records of several identifiers in one request.
 *
 * @param parts one for each group
 * @param deadline when the call must have ended
 */
public record BatchGetCommand(List<Part> parts, Deadline deadline) {
    /** The service's limit of records in one request. */
    public static final int MAX_RECORDS = 100;

    /**
     * What is read of one group.
     *
     * @param group the group's name or ARN
     * @param identifiers the identifiers' texts, each once
     * @param features the features wanted; empty for all
     */
    public record Part(String group, List<String> identifiers, List<String> features) {
        /** Copies the lists. */
        public Part {
            Objects.requireNonNull(group, "group");
            identifiers = List.copyOf(identifiers);
            features = List.copyOf(features);
        }

        /** The group and counts; no identifiers. */
        @Override
        public String toString() {
            return "Part[group=" + group + ", identifiers=" + identifiers.size() + ", features=" + features.size()
                    + "]";
        }
    }

    /** Copies the list. */
    public BatchGetCommand {
        parts = List.copyOf(parts);
        Objects.requireNonNull(deadline, "deadline");
    }
}
