package dev.featurestore.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of the identifiers in an online store.
 *
 * @param group the group's name or ARN
 * @param softDeleted whether identifiers with only a tombstone are listed as well
 * @param pageSize 1 to 100; a hint
 * @param nextToken the token of the page before; null for the first page
 * @param deadline when the call must have ended
 */
public record ListCommand(
        String group,
        boolean softDeleted,
        int pageSize,
        @Nullable String nextToken,
        Deadline deadline) {
    /** @throws IllegalArgumentException if the page size is out of range */
    public ListCommand {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(deadline, "deadline");
        if (pageSize < 1 || pageSize > 100) {
            throw new IllegalArgumentException("A page has 1 to 100 identifiers, got " + pageSize);
        }
    }
    /** The group and whether it is the first page; not the token, which may hold an identifier. */
    @Override
    public String toString() {
        return "ListCommand[group=" + group + ", first=" + (nextToken == null) + "]";
    }
}
