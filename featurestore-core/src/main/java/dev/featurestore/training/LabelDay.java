package dev.featurestore.training;

import java.time.LocalDate;
import java.util.Objects;

/**
 * The labels of one day, and whether their rows may have changed.
 *
 * @param day of the labels' time, in UTC
 * @param labels how many there are
 * @param digest the same for the same labels in any order: their time, keys and kept columns. It may change with the engine's
 *     version
 * @param touched how many of them may have another row since the history grew: none is left out, some may be counted whose
 *     row is the same
 */
public record LabelDay(LocalDate day, long labels, String digest, long touched) {
    /** Refuses nulls. */
    public LabelDay {
        Objects.requireNonNull(day, "day");
        Objects.requireNonNull(digest, "digest");
    }
}
