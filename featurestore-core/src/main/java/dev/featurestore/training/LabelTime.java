package dev.featurestore.training;

/** How a spine's column holds the time of a label. */
public enum LabelTime {
    /** A timestamp of the engine, with or without zone; without one it is taken as UTC. */
    TIMESTAMP,
    /** UTC text such as {@code 2025-01-31T23:59:59.123Z}, with 0 to 9 fraction digits. */
    ISO_8601,
    /** Whole or fractional seconds since 1970-01-01T00:00:00Z, exact to the microsecond. */
    EPOCH_SECONDS,
    /** Whole milliseconds since 1970-01-01T00:00:00Z. */
    EPOCH_MILLIS
}
