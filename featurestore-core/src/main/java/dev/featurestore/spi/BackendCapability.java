package dev.featurestore.spi;

/** What a backend can do beyond the core of the service. */
public enum BackendCapability {
    /** Lists the identifiers of an online store. */
    LIST_RECORDS,
    /** Stores features that are lists, sets or vectors. */
    COLLECTIONS,
    /** Writes several records in one request. */
    BATCH_WRITE,
    /** Repeats requests that failed in passing itself, within their deadline; whoever calls it need not. */
    REPEATS
}
