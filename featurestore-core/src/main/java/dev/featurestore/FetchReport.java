package dev.featurestore;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch did. Names, counts and times; no values and no identifiers.
 *
 * @param view the view's name
 * @param vectors how many vectors were asked for
 * @param took from the call to the vectors
 * @param getRecords GetRecord requests sent, hedges and repeats included
 * @param batchGetRecords batches of up to a hundred records asked for, hedges included
 * @param hedges second requests for reads that were slow
 * @param hedgesWon hedges that answered first
 * @param repeats requests sent again because one had failed
 * @param shared records that came from a request of another fetch
 * @param defaultsUsed columns of all vectors that were given their default
 * @param groups one for each selection of the view, in its order
 */
public record FetchReport(
        String view,
        int vectors,
        Duration took,
        int getRecords,
        int batchGetRecords,
        int hedges,
        int hedgesWon,
        int repeats,
        int shared,
        int defaultsUsed,
        List<Group> groups) {
    /**
     * What one selection gave to the vectors.
     *
     * @param selection the selection's name
     * @param group the group's name
     * @param found vectors with a record
     * @param absent vectors without record
     * @param expired vectors whose record's time to live was over
     * @param tooOld vectors whose record was older than the view allows
     * @param throttled vectors for which the store was over its capacity
     * @param timedOut vectors for which the store had not answered in time
     * @param failed vectors for which the store failed otherwise
     * @param stale vectors whose record was read before the fetch
     * @param oldest the greatest age of a record that was found; null if none was
     * @param latency from the call to the answer for the last record of the group that was read; null if none was read
     */
    public record Group(
            String selection,
            String group,
            int found,
            int absent,
            int expired,
            int tooOld,
            int throttled,
            int timedOut,
            int failed,
            int stale,
            @Nullable Duration oldest,
            @Nullable Duration latency) {}

    /** Copies the list. */
    public FetchReport {
        groups = List.copyOf(groups);
    }
}
