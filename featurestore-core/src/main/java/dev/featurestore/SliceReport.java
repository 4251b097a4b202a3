package dev.featurestore;

import java.net.URI;
import java.util.List;

/**
 * A sliced training set that is complete.
 *
 * @param files where its rows are, in the order of label time: these together are the set, and nothing else is
 * @param computed how many slices this run made
 * @param reused how many it found done
 * @param rows how many rows the set has; -1 if the store does not tell
 * @param superseded what earlier runs left and is not part of the set: it may be removed
 */
public record SliceReport(List<URI> files, int computed, int reused, long rows, List<URI> superseded) {
    /** Copies the lists. */
    public SliceReport {
        files = List.copyOf(files);
        superseded = List.copyOf(superseded);
    }

    /** The counts. */
    @Override
    public String toString() {
        return files.size() + " slices, " + computed + " computed and " + reused + " reused, " + rows + " rows; "
                + superseded.size() + " superseded";
    }
}
