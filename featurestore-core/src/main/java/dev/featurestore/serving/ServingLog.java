package dev.featurestore.serving;

import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sampled record of the vectors that were served, to be compared with what is trained on later. Give it to the {@code
 * FetchOptions} of a view's client.
 *
 * <p>The sample is by key: a salted hash of the request's join keys decides, so each combination of keys is either logged at
 * every fetch or never, on all hosts that have the same salt and share, and whatever the traffic is. A greater share logs what a
 * smaller one does, and more.
 *
 * <p>The log has a salted hash of the keys in place of the keys unless it is told otherwise. A hash hides identifiers only from
 * those who do not know the salt: keep it as a secret, and keep it as long as the log is to be compared.
 *
 * <p>Immutable but for its count; methods return changed copies, which count for themselves. Safe for use by many threads.
 */
public final class ServingLog {
    private static final ServingLog NONE = new ServingLog(vector -> {}, "none", 0, false);

    private static final Logger LOG = LoggerFactory.getLogger(ServingLog.class);

    private final ServingSink sink;

    private final String salt;

    private final double share;

    private final boolean hasKeys;

    private final LongAdder failures = new LongAdder();

    private ServingLog(ServingSink sink, String salt, double share, boolean hasKeys) {
        this.sink = sink;
        this.salt = salt;
        this.share = share;
        this.hasKeys = hasKeys;
    }

    /** Logs nothing. */
    public static ServingLog none() {
        return NONE;
    }

    /**
     * A log of every vector, with hashed keys.
     *
     * @param salt decides with the keys what is in a sample, and what their hash is; the same on all hosts
     * @throws IllegalArgumentException if the salt is blank
     */
    public static ServingLog to(ServingSink sink, String salt) {
        if (salt.isBlank()) {
            throw new IllegalArgumentException(
                    "A serving log needs a salt: any text that all hosts share, kept secret");
        }
        return new ServingLog(Objects.requireNonNull(sink, "sink"), salt, 1, false);
    }

    /**
     * The same with this share of all keys: 0.01 for one in a hundred, 1 for all.
     *
     * @throws IllegalArgumentException if the share is not above 0 and up to 1
     */
    public ServingLog withSampling(double shareOfKeys) {
        if (!(shareOfKeys > 0 && shareOfKeys <= 1)) {
            throw new IllegalArgumentException(
                    "A serving log takes a share of keys above 0 and up to 1, got " + shareOfKeys);
        }
        return new ServingLog(sink, salt, shareOfKeys, hasKeys);
    }

    /** The same with the join keys in place of their hash. */
    public ServingLog withKeys() {
        return new ServingLog(sink, salt, share, true);
    }

    /** How many vectors were not logged because the sink threw, or because they could not be put into the form of the log. */
    public long failures() {
        return failures.sum();
    }

    /**
     * Logs a vector if its keys are in the sample; the clients call it for each vector they give to a caller. What goes
     * wrong is counted by {@link #failures()} and not thrown, but for errors of the machine such as a lack of memory.
     *
     * @param identifiers the stored text of the identifier of each selection, in the order of the view
     */
    public void log(FeatureVector vector, List<String> identifiers) {
        if (this == NONE) {
            return;
        }
        try {
            logSampled(vector, identifiers);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            boolean isFirst = failures.sum() == 0;
            failures.increment();
            if (isFirst) {
                // its message may be about anything
                LOG.warn(
                        "A vector could not be logged, and more may not be [failure={}]",
                        e.getClass().getName());
            }
        }
    }

    private void logSampled(FeatureVector vector, List<String> identifiers) {
        Map<String, String> keys = new LinkedHashMap<>();
        FeatureView view = vector.view();
        for (int s = 0; s < identifiers.size(); s++) {
            keys.put(view.selections().get(s).joinKey(), identifiers.get(s));
        }
        KeysHash hash = KeysHash.of(salt, keys);
        if (!hash.isWithin(share)) {
            return;
        }
        sink.served(new ServedVector(
                view.name(),
                view.fingerprint(),
                vector.asOf(),
                hasKeys ? keys : Map.of(),
                hasKeys ? null : hash.text(),
                vector.results().stream().map(ServedGroup::of).toList(),
                ColumnText.all(vector.availableValues())));
    }

    /** The share, and whether it has keys; neither salt nor sink. */
    @Override
    public String toString() {
        return this == NONE
                ? "no serving log"
                : "serving log of " + share + " of all keys, with " + (hasKeys ? "the keys" : "their hash");
    }
}
