package dev.featurestore;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one fetch did. Names, counts and times; no values and no identifiers. */
public final class FetchReport {
    private final String view;

    private final int vectors;

    private final Duration took;

    private final int getRecords;

    private final int batchGetRecords;

    private final int hedges;

    private final int hedgesWon;

    private final int repeats;

    private final int shared;

    private final int defaultsUsed;

    private final List<Group> groups;

    FetchReport(
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
        this.view = view;
        this.vectors = vectors;
        this.took = took;
        this.getRecords = getRecords;
        this.batchGetRecords = batchGetRecords;
        this.hedges = hedges;
        this.hedgesWon = hedgesWon;
        this.repeats = repeats;
        this.shared = shared;
        this.defaultsUsed = defaultsUsed;
        this.groups = List.copyOf(groups);
    }

    /** The view's name. */
    public String view() {
        return view;
    }

    /** How many vectors were asked for. */
    public int vectors() {
        return vectors;
    }

    /** How long it took, from the call to the vectors. */
    public Duration took() {
        return took;
    }

    /** How many GetRecord requests were sent, hedges and repeats included. */
    public int getRecords() {
        return getRecords;
    }

    /** How many batches of up to a hundred records were asked for, repeats and hedges included. */
    public int batchGetRecords() {
        return batchGetRecords;
    }

    /** How many second requests were sent for reads that were slow. */
    public int hedges() {
        return hedges;
    }

    /** How many hedges answered first. */
    public int hedgesWon() {
        return hedgesWon;
    }

    /** How many requests were sent again because one had failed. */
    public int repeats() {
        return repeats;
    }

    /** How many records came from a request of another fetch. */
    public int shared() {
        return shared;
    }

    /** How many columns of all vectors were given their default. */
    public int defaultsUsed() {
        return defaultsUsed;
    }

    /** What each selection gave, one for each selection of the view, in its order. */
    public List<Group> groups() {
        return groups;
    }

    /** All of it. */
    @Override
    public String toString() {
        return vectors + " vectors of feature view '" + view + "' in " + took + ": " + getRecords + " GetRecord, "
                + batchGetRecords + " batches, " + hedges + " hedges of which " + hedgesWon + " won, " + repeats
                + " repeats, " + shared + " shared, " + defaultsUsed + " defaults; " + groups;
    }

    /** What one selection gave to the vectors. */
    public static final class Group {
        private final String selection;

        private final String group;

        private final int found;

        private final int absent;

        private final int expired;

        private final int tooOld;

        private final int throttled;

        private final int timedOut;

        private final int failed;

        private final int stale;

        private final @Nullable Duration oldest;

        private final @Nullable Duration latency;

        Group(
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
                @Nullable Duration latency) {
            this.selection = selection;
            this.group = group;
            this.found = found;
            this.absent = absent;
            this.expired = expired;
            this.tooOld = tooOld;
            this.throttled = throttled;
            this.timedOut = timedOut;
            this.failed = failed;
            this.stale = stale;
            this.oldest = oldest;
            this.latency = latency;
        }

        /** The selection's name. */
        public String selection() {
            return selection;
        }

        /** The group's name. */
        public String group() {
            return group;
        }

        /** How many vectors had a record. */
        public int found() {
            return found;
        }

        /** How many vectors had none. */
        public int absent() {
            return absent;
        }

        /** For how many vectors the record's time to live was over. */
        public int expired() {
            return expired;
        }

        /** For how many vectors the record was older than the view allows. */
        public int tooOld() {
            return tooOld;
        }

        /** For how many vectors the store was over its capacity. */
        public int throttled() {
            return throttled;
        }

        /** For how many vectors the store had not answered in time. */
        public int timedOut() {
            return timedOut;
        }

        /** For how many vectors the store failed otherwise. */
        public int failed() {
            return failed;
        }

        /** For how many vectors the record was read before the fetch. */
        public int stale() {
            return stale;
        }

        /** The greatest age of a record that was found; null if none was. */
        public @Nullable Duration oldest() {
            return oldest;
        }

        /** How long it took from the call to the answer for the last record of the group that was read; null if none was read. */
        public @Nullable Duration latency() {
            return latency;
        }

        /** All of it. */
        @Override
        public String toString() {
            return selection + " of '" + group + "': " + found + " found, " + absent + " absent, " + expired
                    + " expired, "
                    + tooOld + " too old, " + throttled + " throttled, " + timedOut + " timed out, " + failed
                    + " failed, " + stale + " stale, oldest " + oldest + ", latency " + latency;
        }
    }
}
