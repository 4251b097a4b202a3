package dev.featurestore.testkit.law;

/** The ordinary troubles of real histories, which a {@link RandomHistory} has on request. */
public enum Trouble {
    /** Records that arrive long after their event time, and after younger ones. */
    LATE_ROWS,
    /** Records resent as they were, and corrections with an event time that is there already. */
    EQUAL_TIMES,
    /** Writers other than this library, with 0, 3 or 9 fraction digits in their event times and no provenance. */
    OTHER_WRITERS,
    /** Event times ahead of the clock. */
    FUTURE_EVENTS,
    /** Soft deletes, late ones included, and records written again afterwards. */
    SOFT_DELETES,
    /** Deletes that leave no tombstone: training cannot tell them from soft ones. */
    HARD_DELETES,
    /** Writes to the offline store only, marked where the group stamps write origins. */
    BACKFILLS,
    /** Expired records purged at some time. */
    PURGES
}
