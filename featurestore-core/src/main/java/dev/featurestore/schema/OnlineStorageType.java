package dev.featurestore.schema;

/** Where the online store keeps its records. */
public enum OnlineStorageType {
    /** The default: milliseconds, on demand or provisioned. */
    STANDARD("Standard"),
    /** As standard, and single features can be updated. */
    STANDARD_V2("Standard_V2"),
    /** Faster, with collections, without an offline store or a key of your own. */
    IN_MEMORY("InMemory");

    private final String wireName;

    OnlineStorageType(String wireName) {
        this.wireName = wireName;
    }

    /** The service's own spelling, such as {@code InMemory}. */
    public String wireName() {
        return wireName;
    }

    /**
     * The storage type with this wire name.
     *
     * @throws IllegalArgumentException if the service has no such type
     */
    public static OnlineStorageType ofWireName(String wireName) {
        for (OnlineStorageType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "Unknown storage type '" + wireName + "': expected Standard, Standard_V2 or InMemory");
    }
}
