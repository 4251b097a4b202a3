package dev.featurestore.spi;

import dev.featurestore.schema.FeatureGroup;
import java.util.List;

/** Makes and removes feature groups. Safe for use by many threads. Methods block until the service is done. */
public interface FeatureGroupAdmin {
    /**
     * Creates a group.
     *
     * @throws dev.featurestore.errors.InvalidRequestException if a group of the name exists, or the service refuses it
     */
    void create(FeatureGroup<?> group);

    /** Whether a group of this name exists. */
    boolean exists(String name);

    /** The names of all groups, sorted. */
    List<String> list();

    /**
     * Deletes a group and its online records. What the offline store has stays.
     *
     * @throws dev.featurestore.errors.FeatureGroupNotFoundException if there is none
     */
    void delete(String name);
}
