package dev.featurestore.schema;

/** A store of a group that one write can be limited to. */
public enum TargetStore {
    /** The latest record of each identifier. */
    ONLINE_STORE("OnlineStore"),
    /** Every record ever written. */
    OFFLINE_STORE("OfflineStore");

    private final String wireName;

    TargetStore(String wireName) {
        this.wireName = wireName;
    }

    /** The service's own spelling, such as {@code OnlineStore}. */
    public String wireName() {
        return wireName;
    }
}
