package dev.featurestore.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A label that {@code EVENT_TIME} and {@code AS_SERVED} give different rows: late data reached it, or data ahead of the clock.
 *
 * @param label its time and columns
 * @param columns by selection, the columns of the view whose values differ, in their order; none where only the event time of
 *     the row does. Selections that are the same are left out
 */
public record ModeDifference(SpineRow label, Map<String, List<String>> columns) {
    /** Refuses nulls, and copies the map. */
    public ModeDifference {
        Objects.requireNonNull(label, "label");
        Map<String, List<String>> copy = new LinkedHashMap<>();
        columns.forEach((selection, names) -> copy.put(selection, List.copyOf(names)));
        columns = Collections.unmodifiableMap(copy);
    }
}
