package dev.featurestore.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A row of a training set that is not what the point-in-time rule gives its label.
 *
 * @param label its time and columns, as the set has them
 * @param groups what is wrong, by selection; selections that are right are left out
 */
public record Leak(SpineRow label, Map<String, Kind> groups) {
    /** How a selection's part of a row is wrong. */
    public enum Kind {
        /** There is a row where the label has none: it was deleted, too old, or not there yet. */
        UNEXPECTED,
        /** There is none where the label has one. */
        MISSING,
        /** It is a later one than the label's: what had not happened or not arrived by then. */
        LATER,
        /** It is an earlier one: a newer one was there by then. */
        EARLIER,
        /** It is of the right time, but has other values, or another time of arrival. */
        VALUES
    }

    /** Refuses nulls, and copies the map. */
    public Leak {
        Objects.requireNonNull(label, "label");
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }
}
