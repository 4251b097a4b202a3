package dev.featurestore.examples.quickstart;

import java.time.Instant;

/**
 * One transaction.
 *
 * @param time to the microsecond
 * @param amount finite, zero or more
 */
record Payment(String id, Instant time, String cardId, String merchantId, double amount) {
    /** No values. */
    @Override
    public String toString() {
        return "a payment";
    }
}
