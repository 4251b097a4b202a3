package dev.featurestore.training;

import java.io.Serializable;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One label: its time and its other columns, among them the join keys of the view. */
public final class SpineRow implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final Instant time;

    @SuppressWarnings("serial") // an unmodifiable map of serializable values
    private final Map<String, @Nullable Object> values;

    private SpineRow(Instant time, Map<String, @Nullable Object> values) {
        this.time = Objects.requireNonNull(time, "time");
        this.values = values;
    }

    /**
     * A label.
     *
     * @param time exact to the nanosecond
     * @param values by column; for {@link Spine#rows} each a {@code String, Long, Integer, Double, Boolean} or null, from an
     *     engine whatever its driver gives
     * @throws IllegalArgumentException if the time is outside the years 0000 to 9999
     */
    public static SpineRow of(Instant time, Map<String, ? extends @Nullable Object> values) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException("A label's time is between the years 0000 and 9999, got one outside");
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
        return new SpineRow(time, Collections.unmodifiableMap(copy));
    }

    /** The label's time. */
    public Instant time() {
        return time;
    }

    /** All columns but the time. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** The value of a column; null if it is null or there is no such column. */
    public @Nullable Object get(String column) {
        return values.get(column);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpineRow that && time.equals(that.time) && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return 31 * time.hashCode() + values.hashCode();
    }

    /** The names of the columns; no values. */
    @Override
    public String toString() {
        return "spine row of " + values.keySet();
    }
}
