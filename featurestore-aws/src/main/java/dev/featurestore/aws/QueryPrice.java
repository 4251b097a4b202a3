package dev.featurestore.aws;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * What Athena charges for a query: by the bytes it scans, rounded up to the megabyte, 10 MB at least. A query that failed is
 * free; one that was cancelled costs what it had scanned. A terabyte is taken as 10<sup>12</sup> bytes, the dearer reading.
 *
 * @param perTerabyte such as 5.00; the region's price list has it
 */
record QueryPrice(BigDecimal perTerabyte) {
    private static final long MEGABYTE = 1_000_000;

    private static final long LEAST_MEGABYTES = 10;

    private static final int MEGABYTES_PER_TERABYTE_DIGITS = 6;

    /** @throws IllegalArgumentException if it is negative */
    QueryPrice {
        Objects.requireNonNull(perTerabyte, "perTerabyte");
        if (perTerabyte.signum() < 0) {
            throw new IllegalArgumentException("A price is not negative, got " + perTerabyte);
        }
    }

    /** What a query costs that scanned so much, to the millionth of the currency's unit, rounded up. */
    BigDecimal of(long bytesScanned) {
        long megabytes = Math.max(LEAST_MEGABYTES, -Math.floorDiv(-bytesScanned, MEGABYTE));
        return perTerabyte
                .multiply(BigDecimal.valueOf(megabytes))
                .movePointLeft(MEGABYTES_PER_TERABYTE_DIGITS)
                .setScale(6, RoundingMode.UP);
    }
}
