package dev.featurestore.schema;

/** The shapes of a collection feature. Only groups with {@link OnlineStorageType#IN_MEMORY} can hold them. */
public enum CollectionType {
    /** Ordered, duplicates kept. */
    LIST("List"),
    /** Unordered, duplicates collapse. */
    SET("Set"),
    /** A fixed number of fractional elements; at most one such feature in a group. */
    VECTOR("Vector");

    private final String wireName;

    CollectionType(String wireName) {
        this.wireName = wireName;
    }

    /** The service's own spelling, such as {@code List}. */
    public String wireName() {
        return wireName;
    }

    /**
     * The collection type with this wire name.
     *
     * @throws IllegalArgumentException if the service has no such type
     */
    public static CollectionType ofWireName(String wireName) {
        for (CollectionType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        throw new IllegalArgumentException("Unknown collection type '" + wireName + "': expected List, Set or Vector");
    }
}
