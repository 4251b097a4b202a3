package dev.featurestore.testkit.emulator;

import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Something that goes wrong with a request. Immutable; {@link WireFaults} says when it happens. */
public final class WireFault {
    /** The 99th percentile of the standard normal distribution. */
    private static final double Z_99 = 2.326347874040841;

    private final Kind kind;

    private final @Nullable ThrottleForm form;

    private final Duration median;

    private final Duration p99;

    private final double share;

    private final @Nullable LatencyCurve curve;

    /** The share of identifiers that are hit; 1 for all requests. */
    private final double shard;

    private WireFault(
            Kind kind,
            @Nullable ThrottleForm form,
            Duration median,
            Duration p99,
            double share,
            @Nullable LatencyCurve curve,
            double shard) {
        this.kind = kind;
        this.form = form;
        this.median = median;
        this.p99 = p99;
        this.share = share;
        this.curve = curve;
        this.shard = shard;
    }

    private WireFault(Kind kind, @Nullable ThrottleForm form, Duration median, Duration p99, double share) {
        this(kind, form, median, p99, share, null, 1);
    }

    /** The kinds of faults. */
    enum Kind {
        THROTTLED,
        INTERNAL_FAILURE,
        SERVICE_UNAVAILABLE,
        LATENCY,
        DROPPED_BEFORE,
        DROPPED_AFTER,
        UNPROCESSED,
        GROUP_NOT_FOUND,
        STALE_READ;

        /** Such as {@code dropped-before}. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind ofWireName(String wireName) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(wireName)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("There is no such fault: see docs/emulator.md for their names");
        }
    }

    private static WireFault of(Kind kind) {
        return new WireFault(kind, null, Duration.ZERO, Duration.ZERO, 0);
    }

    /** The request is refused as over the capacity, in the form that the emulator's behaviour says. */
    public static WireFault throttled() {
        return of(Kind.THROTTLED);
    }

    /** The request is refused as over the capacity, in this form. */
    public static WireFault throttled(ThrottleForm form) {
        return new WireFault(Kind.THROTTLED, form, Duration.ZERO, Duration.ZERO, 0);
    }

    /** The request fails with InternalFailure, HTTP 500, and has no effect. */
    public static WireFault internalFailure() {
        return of(Kind.INTERNAL_FAILURE);
    }

    /** The request fails with ServiceUnavailable, HTTP 503, and has no effect. */
    public static WireFault serviceUnavailable() {
        return of(Kind.SERVICE_UNAVAILABLE);
    }

    /** The answer comes this much later; the request itself is carried out after the pause. */
    public static WireFault latency(Duration duration) {
        return latency(duration, duration);
    }

    /**
     * The answer comes later by a random time: log-normal, seeded.
     *
     * @param median half of the pauses are shorter; positive
     * @param p99 99 of 100 are shorter; at least the median
     */
    public static WireFault latency(Duration median, Duration p99) {
        if (median.isNegative() || median.isZero() || p99.compareTo(median) < 0) {
            throw new IllegalArgumentException(
                    "A latency has a positive median and a 99th percentile not below it, got " + median + " and "
                            + p99);
        }
        return new WireFault(Kind.LATENCY, null, median, p99, 0);
    }

    /** The answer comes later by a random time that goes by a curve, seeded. */
    public static WireFault latency(LatencyCurve curve) {
        return new WireFault(Kind.LATENCY, null, curve.at(0.5), curve.at(0.99), 0, curve, 1);
    }

    /** The connection ends without an answer, and the request has no effect. */
    public static WireFault droppedBefore() {
        return of(Kind.DROPPED_BEFORE);
    }

    /** The connection ends without an answer, and the request has had its effect. */
    public static WireFault droppedAfter() {
        return of(Kind.DROPPED_AFTER);
    }

    /**
     * A batch is carried out in part; the rest is returned as unprocessed. For BatchGetRecord and BatchWriteRecord.
     *
     * @param share the chance of each record to be left out, above 0 and at most 1; at least one is
     */
    public static WireFault unprocessed(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of unprocessed records is above 0 and at most 1");
        }
        return new WireFault(Kind.UNPROCESSED, null, Duration.ZERO, Duration.ZERO, share);
    }

    /** The service does not find the group although it is there, as it has been seen to do. For operations on records. */
    public static WireFault groupNotFound() {
        return of(Kind.GROUP_NOT_FOUND);
    }

    /**
     * A read does not see a record's latest change, however old, but what was there before. For GetRecord and BatchGetRecord.
     * Hard deletes and purges are always seen.
     */
    public static WireFault staleRead() {
        return of(Kind.STALE_READ);
    }

    /**
     * A read does not see a record's latest change if that is younger on the store's clock, but what was there before;
     * otherwise as {@link #staleRead()}.
     */
    public static WireFault staleRead(Duration lag) {
        if (lag.isNegative() || lag.isZero()) {
            throw new IllegalArgumentException("A stale read is behind by a positive time, got " + lag);
        }
        return new WireFault(Kind.STALE_READ, null, lag, lag, 0);
    }

    /**
     * The same fault, for the records of one shard: always the same identifiers, whatever asks for them. It does not happen to
     * requests that are not for one record.
     *
     * @param identifiers the share of identifiers that are on the shard, above 0 and below 1
     */
    public WireFault onShard(double identifiers) {
        if (!(identifiers > 0 && identifiers < 1)) {
            throw new IllegalArgumentException("The share of identifiers on a shard is above 0 and below 1");
        }
        return new WireFault(kind, form, median, p99, share, curve, identifiers);
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    LatencyCurve curve() {
        return curve;
    }

    /** The share of identifiers that are hit; 1 for all requests. */
    double shard() {
        return shard;
    }

    /** @param place where the request's identifier is, from 0 to 1; 1 if it is for no single record */
    boolean hits(double place) {
        return shard == 1 || place < shard;
    }

    @Nullable
    ThrottleForm form() {
        return form;
    }

    double share() {
        return share;
    }

    Duration median() {
        return median;
    }

    Duration p99() {
        return p99;
    }

    /** How far a stale read is behind; zero for any age. */
    Duration lag() {
        return median;
    }

    Duration sample(RandomGenerator random) {
        if (curve != null) {
            return curve.sample(random);
        }
        if (median.equals(p99)) {
            return median;
        }
        double sigma = Math.log((double) p99.toNanos() / median.toNanos()) / Z_99;
        return Duration.ofNanos((long) (median.toNanos() * Math.exp(sigma * random.nextGaussian())));
    }

    /** The kind and its settings. */
    @Override
    public String toString() {
        return text() + (shard == 1 ? "" : " on a shard of " + shard + " of all identifiers");
    }

    private String text() {
        return switch (kind) {
            case LATENCY ->
                curve != null
                        ? kind.wireName() + " by the curve " + curve.wireName()
                        : kind.wireName() + " with median " + median + " and 99th percentile " + p99;
            case UNPROCESSED -> kind.wireName() + " with share " + share;
            case STALE_READ -> kind.wireName() + (median.isZero() ? "" : " with lag " + median);
            case THROTTLED -> kind.wireName() + (form == null ? "" : " with status " + form.status());
            default -> kind.wireName();
        };
    }
}
