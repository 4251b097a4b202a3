package dev.featurestore.serving;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a serving log: a vector that a caller was given.
 *
 * @param view the view's name
 * @param fingerprint the view's fingerprint, which changes with its version
 * @param time of the fetch, which the ages were counted at
 * @param keys the stored text of each join key; empty if the log has their hash
 * @param keysHash the salted hash of the join keys; null if the log has the keys
 * @param groups what each group gave, in the order of the view's selections
 * @param values by column of the view the wire text of what the vector had, defaults included; a collection is a JSON array
 *     of texts. Columns without a value are left out, as are those of a group that failed and was given no defaults
 */
public record ServedVector(
        String view,
        String fingerprint,
        Instant time,
        Map<String, String> keys,
        @Nullable String keysHash,
        List<ServedGroup> groups,
        Map<String, String> values) {
    /** @throws IllegalArgumentException unless there are keys or a hash, and not both */
    public ServedVector {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(time, "time");
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        groups = List.copyOf(groups);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (keys.isEmpty() == (keysHash == null)) {
            throw new IllegalArgumentException("there must be either keys or their hash");
        }
    }

    /** The view and what each group gave; no keys and no values. */
    @Override
    public String toString() {
        return "served vector of feature view '" + view + "' (" + values.size() + " values), "
                + groups.stream()
                        .map(group -> group.selection() + " " + group.status())
                        .toList();
    }
}
