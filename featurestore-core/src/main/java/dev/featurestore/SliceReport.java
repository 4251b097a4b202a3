package dev.featurestore;

import java.net.URI;
import java.util.List;

/** A sliced training set that is complete. */
public final class SliceReport {
    private final List<URI> files;

    private final int computed;

    private final int reused;

    private final long rows;

    private final List<URI> superseded;

    SliceReport(List<URI> files, int computed, int reused, long rows, List<URI> superseded) {
        this.files = List.copyOf(files);
        this.computed = computed;
        this.reused = reused;
        this.rows = rows;
        this.superseded = List.copyOf(superseded);
    }

    /** Where its rows are, in the order of label time: these together are the set, and nothing else is. */
    public List<URI> files() {
        return files;
    }

    /** How many slices this run made. */
    public int computed() {
        return computed;
    }

    /** How many it found done. */
    public int reused() {
        return reused;
    }

    /** How many rows the set has; -1 if the store does not tell. */
    public long rows() {
        return rows;
    }

    /** What earlier runs left and is not part of the set: it may be removed. */
    public List<URI> superseded() {
        return superseded;
    }

    /** The counts. */
    @Override
    public String toString() {
        return files.size() + " slices, " + computed + " computed and " + reused + " reused, " + rows + " rows; "
                + superseded.size() + " superseded";
    }
}
