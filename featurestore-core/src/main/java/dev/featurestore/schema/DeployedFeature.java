package dev.featurestore.schema;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A feature as the service describes it. How the values of a type are meant, whether they are required and what their
 * default is, the service does not know.
 *
 * @param name as stored
 * @param type the stored type; for a collection, of its elements
 * @param collectionType the shape of a collection; null for a scalar
 * @param dimension the number of elements of a vector; 0 for anything else
 */
public record DeployedFeature(
        String name, FeatureType type, @Nullable CollectionType collectionType, int dimension) {
    /** @throws IllegalArgumentException if a vector has no dimension, or anything else has one */
    public DeployedFeature {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        if ((collectionType == CollectionType.VECTOR) != (dimension > 0)) {
            throw new IllegalArgumentException(
                    "Feature '" + name + "' needs a dimension if, and only if, it is a vector, got " + dimension);
        }
    }

    /** A feature of a definition, as the service describes it once it is deployed. */
    public static DeployedFeature of(Feature<?> feature) {
        CollectionCodec<?> collection = feature.collection().orElse(null);
        return collection == null
                ? new DeployedFeature(feature.name(), feature.type(), null, 0)
                : new DeployedFeature(
                        feature.name(), feature.type(), collection.collectionType(), collection.dimension());
    }

    /** The type in the service's words, such as {@code Integral}, {@code List<String>} or {@code Vector<Fractional>/128}. */
    public String typeName() {
        return collectionType == null
                ? type.wireName()
                : collectionType.wireName() + "<" + type.wireName() + ">" + (dimension > 0 ? "/" + dimension : "");
    }

    /** Such as {@code 'amount' Fractional}. */
    @Override
    public String toString() {
        return "'" + name + "' " + typeName();
    }
}
