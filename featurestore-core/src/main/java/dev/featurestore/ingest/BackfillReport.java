package dev.featurestore.ingest;

/** What became of a backfill. */
public final class BackfillReport {
    private final IngestReport ingest;

    private final int sampled;

    private final int changedOnline;

    private final int unchecked;

    BackfillReport(IngestReport ingest, int sampled, int changedOnline, int unchecked) {
        this.ingest = ingest;
        this.sampled = sampled;
        this.changedOnline = changedOnline;
        this.unchecked = unchecked;
    }

    /** What became of its records. */
    public IngestReport ingest() {
        return ingest;
    }

    /** How many identifiers were read online before and after; 0 if the group has no online store. */
    public int sampled() {
        return sampled;
    }

    /**
     * How many of them had another record afterwards. Live writers change records too: where the group declares a write
     * origin only records with this backfill's id count; elsewhere pause the writers to be sure.
     */
    public int changedOnline() {
        return changedOnline;
    }

    /** How many of them could not be read, before or after. */
    public int unchecked() {
        return unchecked;
    }

    /** Whether every record was written and none that was sampled changed online. */
    public boolean isComplete() {
        return ingest.isComplete() && changedOnline == 0;
    }

    /** The counts. */
    @Override
    public String toString() {
        return ingest + "; " + changedOnline + " of " + sampled + " sampled changed online, " + unchecked
                + " unchecked";
    }
}
