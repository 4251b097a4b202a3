package dev.featurestore.schema;

/** What a delete leaves in the online store. Both leave a marker in the offline store. */
public enum DeletionMode {
    /** A tombstone with the delete's event time: an older put stays invisible. The default. */
    SOFT_DELETE("SoftDelete"),
    /** Nothing: any later put is accepted, whatever its event time. */
    HARD_DELETE("HardDelete");

    private final String wireName;

    DeletionMode(String wireName) {
        this.wireName = wireName;
    }

    /** The service's own spelling, such as {@code SoftDelete}. */
    public String wireName() {
        return wireName;
    }
}
