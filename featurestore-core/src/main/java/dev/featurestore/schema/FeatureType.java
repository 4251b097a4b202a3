package dev.featurestore.schema;

import java.util.Locale;

/** The three value types the service has. Everything else is one of these with a codec in front. */
public enum FeatureType {
    /** UTF-8 text, possibly empty. */
    STRING("String"),
    /** A signed 64-bit integer. */
    INTEGRAL("Integral"),
    /** A finite IEEE 754 double. */
    FRACTIONAL("Fractional");

    private final String wireName;

    FeatureType(String wireName) {
        this.wireName = wireName;
    }

    /** The service's own spelling, such as {@code Integral}. */
    public String wireName() {
        return wireName;
    }

    /**
     * The type with this wire name.
     *
     * @throws IllegalArgumentException if the service has no such type
     */
    public static FeatureType ofWireName(String wireName) {
        for (FeatureType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "Unknown feature type '" + wireName + "': expected String, Integral or Fractional");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
