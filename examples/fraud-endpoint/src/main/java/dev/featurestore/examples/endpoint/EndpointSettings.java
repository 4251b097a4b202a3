package dev.featurestore.examples.endpoint;

import dev.featurestore.serving.ServingLog;
import java.time.Duration;
import java.util.Map;

/**
 * What an operator chooses.
 *
 * @param host the address to listen on
 * @param port 0 for a free one
 * @param idleTimeout for a caller that does not send, or does not read
 * @param deadline for the features of a payment
 * @param whenIncomplete what a caller gets if some of them did not come by then
 * @param warmUpKeys a card and a merchant to fetch before the first payment, best ones that exist
 * @param warmUpFetches how often
 * @param servingLog gets a sample of the vectors that were served
 */
record EndpointSettings(
        String host,
        int port,
        Duration idleTimeout,
        Duration deadline,
        WhenIncomplete whenIncomplete,
        Map<String, String> warmUpKeys,
        int warmUpFetches,
        ServingLog servingLog) {

    /** What a caller gets if the store did not say what it knows of a card or merchant. */
    enum WhenIncomplete {
        /** A score by the defaults of the definition; the answer says that it is not complete. */
        DEFAULTS,
        /** No score, but status 503. */
        REFUSE
    }
}
