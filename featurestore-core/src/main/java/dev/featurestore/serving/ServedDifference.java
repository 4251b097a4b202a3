package dev.featurestore.serving;

import dev.featurestore.training.SpineRow;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A vector that was served with other values than its label's training row has.
 *
 * @param label its time and columns, as the training set has them
 * @param groups what differs, by selection; selections that are the same are left out
 */
public record ServedDifference(SpineRow label, Map<String, Part> groups) {
    /**
     * What differs of one selection.
     *
     * @param kind why
     * @param columns those that differ, in the order of the view
     */
    public record Part(Kind kind, List<String> columns) {
        /** Copies the list. */
        public Part {
            Objects.requireNonNull(kind, "kind");
            columns = List.copyOf(columns);
        }
    }

    /**
     * Why what was served and what is trained on differ. Of several reasons it is the first in this order.
     *
     * <p>In what follows the <em>label's time</em> is that of the fetch, and the <em>read</em> was the staleness earlier that
     * was logged, or at the same time. What the history <em>tells of a read</em> is the row that {@code AS_SERVED} gives: with
     * the arrivals of the service taken at their word, or with their unit over, or anything between the two where they are not
     * the same row. Ages are judged at the label's time.
     */
    public enum Kind {
        /** The group failed: no record was read, and the vector had defaults in its place, or nothing. */
        DEFAULTED,
        /**
         * The store judged a record's age otherwise than the definition does: it was served as expired or too old and training
         * has it, or it was served and is too old or expired by the definition. So it is where a record has a time to live of
         * its own, or the group's was changed.
         */
        EXPIRED,
        /**
         * The record, or the lack of one, came from a cache or another fetch: it is what the history tells of the read, and not
         * what it tells of the label's time with arrivals at their word.
         */
        STALE,
        /** Training has a row that was declared a backfill; only in {@code EVENT_TIME}. What was served is what the history tells. */
        BACKFILLED,
        /**
         * Training has a row that arrived after the label's time, or of whose arrival the service told nothing; only in {@code
         * EVENT_TIME}. What was served is what the history tells.
         */
        LATE,
        /**
         * What was served had an event time after the label's, which {@code EVENT_TIME} does not let in. What was served is what
         * the history tells.
         */
        AHEAD,
        /**
         * One of the two has a record and the other none, and a delete marker hides that record: training lets in a marker that
         * serving had not got, or had lost with a hard delete; or serving had got one that training does not let in yet. The
         * record is in the history, and the side without it had got it.
         */
        DELETED,
        /**
         * Rows arrived within the last arrival unit of the read or the label, so that {@code AS_SERVED} does not know what was
         * served; a second unless the group stamps arrivals. What was served is between what it had before and after: an older
         * record, or none where the first row of an identifier had not arrived yet.
         */
        ARRIVAL_UNIT,
        /**
         * None of these. What was served is not in the history, or is not what the history says: a write to the online store
         * alone, a row that is not in the offline store yet, a write to the offline store alone without origin, a fault of the
         * service or of this library; {@code docs/semantics.md} has the cases that an offline store cannot tell.
         */
        DEFECT
    }

    /** Refuses nulls, and copies the map. */
    public ServedDifference {
        Objects.requireNonNull(label, "label");
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }

    /** The selections and why they differ; no values. */
    @Override
    public String toString() {
        return "served otherwise: " + groups;
    }
}
