package dev.featurestore.serving;

import org.slf4j.LoggerFactory;

/**
 * Where a serving log goes. It gets the values, and the keys if the log has them: guard what it writes as the data itself.
 *
 * <p>Called on the thread that ends a fetch, by many threads at once: it must be quick and must not wait. What it throws is
 * counted by the {@link ServingLog} and does not reach the caller of the fetch.
 */
@FunctionalInterface
public interface ServingSink {
    /** Takes a vector that was served. */
    void served(ServedVector vector);

    /**
     * Writes each vector as one line of JSON, in the form of {@link ServedVectors}, to an slf4j logger at INFO. Whether that
     * waits is up to the appender: give it an asynchronous one that discards.
     *
     * @param logger its name, such as {@code fraud.served}: one that nothing else uses, and that goes to a place of its own
     */
    static ServingSink slf4j(String logger) {
        org.slf4j.Logger log = LoggerFactory.getLogger(logger);
        return vector -> {
            if (log.isInfoEnabled()) {
                log.info("{}", ServedJson.line(vector));
            }
        };
    }
}
