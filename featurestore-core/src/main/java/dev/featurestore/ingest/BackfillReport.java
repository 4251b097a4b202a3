package dev.featurestore.ingest;

/**
 * What became of a backfill.
 *
 * @param ingest what became of its records
 * @param sampled how many identifiers were read online before and after; 0 if the group has no online store
 * @param changedOnline how many of them had another record afterwards. Live writers change records too: where the group
 *     declares a write origin only records with this backfill's id count; elsewhere pause the writers to be sure
 * @param unchecked how many of them could not be read, before or after
 */
public record BackfillReport(IngestReport ingest, int sampled, int changedOnline, int unchecked) {
    /** Whether every record was written and none that was sampled changed online. */
    public boolean isComplete() {
        return ingest.isComplete() && changedOnline == 0;
    }
}
