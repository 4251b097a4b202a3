package dev.featurestore;

/** Is told of fetches: for metrics and tracing. Called on the thread that ends the fetch, so it must be quick; what it throws is logged. */
@FunctionalInterface
public interface FetchListener {
    /** A fetch has ended, whatever came of it. */
    void fetched(FetchReport report);
}
