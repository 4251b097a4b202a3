package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What a read of many identifiers gave. Each identifier asked for is in exactly one of the four, in the order it was first
 * asked for. Immutable.
 *
 * @param <R> the row type
 */
public final class BatchResult<R> {
    private final Map<Object, R> found;

    private final List<Object> absent;

    private final Map<Object, FeatureStoreException> failed;

    private final List<Object> unprocessed;

    /** Takes the maps over. */
    BatchResult(
            Map<Object, R> found,
            List<Object> absent,
            Map<Object, FeatureStoreException> failed,
            List<Object> unprocessed) {
        this.found = Collections.unmodifiableMap(found);
        this.absent = List.copyOf(absent);
        this.failed = Collections.unmodifiableMap(failed);
        this.unprocessed = List.copyOf(unprocessed);
    }

    /** The rows found, by identifier. */
    public Map<Object, R> found() {
        return found;
    }

    /** Identifiers without a record, or whose record is deleted or expired. */
    public List<Object> absent() {
        return absent;
    }

    /** Identifiers that could not be read, each with why. */
    public Map<Object, FeatureStoreException> failed() {
        return failed;
    }

    /** Identifiers the store did not get to before the deadline, though asked several times; nothing is known of them. */
    public List<Object> unprocessed() {
        return unprocessed;
    }

    /** Whether the store answered for every identifier. */
    public boolean isComplete() {
        return failed.isEmpty() && unprocessed.isEmpty();
    }

    /** The counts; no identifiers. */
    @Override
    public String toString() {
        return "found " + found.size() + ", absent " + absent.size() + ", failed " + failed.size() + ", unprocessed "
                + unprocessed.size();
    }
}
