package dev.featurestore.testkit.fault;

/** The requests of an online store. */
public enum Operation {
    /** A put. */
    PUT,
    /** A write of several records. */
    BATCH_WRITE,
    /** A read of one record. */
    GET,
    /** A read of several records. */
    BATCH_GET,
    /** A delete. */
    DELETE,
    /** A listing of identifiers. */
    LIST
}
