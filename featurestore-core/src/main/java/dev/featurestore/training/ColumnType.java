package dev.featurestore.training;

/** The types of columns, as engines name them. */
public enum ColumnType {
    /** Text. */
    STRING,
    /** Whole numbers of 64 bits. */
    BIGINT,
    /** Whole numbers of 32 bits. */
    INTEGER,
    /** Floating-point numbers of 64 bits. */
    DOUBLE,
    /** Floating-point numbers of 32 bits. */
    FLOAT,
    /** True and false. */
    BOOLEAN,
    /** Days. */
    DATE,
    /**
     * Timestamps, taken as UTC. On Athena in whole milliseconds, to which finer ones are rounded: where that matters write
     * text, and read it as {@link LabelTime#ISO_8601}.
     */
    TIMESTAMP
}
