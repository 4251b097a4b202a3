package dev.featurestore.testkit.emulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** How long requests take, by the share of them that take no longer. Immutable. */
public enum LatencyCurve {
    /**
     * A published measurement of GetRecord by a client in Python, whose page is not linked here: half take 8 ms, 90 % 10,
     * 95 % 12 and 99 % 20. Take it as an assumption. What lies between is drawn as straight lines; that the fastest takes 4 ms
     * and the slowest 40 is made up.
     */
    PUBLISHED(points(0, 4, 0.5, 8, 0.9, 10, 0.95, 12, 0.99, 20, 0.999, 30, 1, 40)),
    /** Mostly fast, with a long tail: half take 4 ms, 95 % 8, 99 % 60 and the slowest 500. Made up. */
    HEAVY_TAIL(points(0, 2, 0.5, 4, 0.9, 6, 0.95, 8, 0.98, 15, 0.99, 60, 0.999, 250, 1, 500));

    /** Shares and milliseconds in turn, both rising. */
    @SuppressWarnings("ImmutableEnumChecker") // nothing writes to it
    private final double[] points;

    LatencyCurve(double[] points) {
        this.points = points;
    }

    private static double[] points(double... points) {
        return points;
    }

    /** Such as {@code heavy-tail}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static LatencyCurve ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(curve -> curve.wireName().equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no such latency curve: see docs/emulator.md for their names"));
    }

    /**
     * The time that a share of the requests do not exceed.
     *
     * @param share from 0 to 1
     */
    public Duration at(double share) {
        int i = 2;
        while (i < points.length - 2 && points[i] < share) {
            i += 2;
        }
        double part = (share - points[i - 2]) / (points[i] - points[i - 2]);
        return Duration.ofNanos((long) ((points[i - 1] + part * (points[i + 1] - points[i - 1])) * 1e6));
    }

    Duration sample(RandomGenerator random) {
        return at(random.nextDouble());
    }
}
