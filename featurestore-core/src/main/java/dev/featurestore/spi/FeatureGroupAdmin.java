package dev.featurestore.spi;

import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureMetadata;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes, describes, changes and removes feature groups. Safe for use by many threads.
 *
 * <p>Methods block until the service is done: an update is one request, carries one kind of change, as the service demands,
 * begins when no other update of the group is under way, and returns once it has taken effect. Every method but {@link
 * #create}, {@link #exists} and {@link #list} throws {@link dev.featurestore.errors.FeatureGroupNotFoundException} if there is
 * no such group; every update throws {@link dev.featurestore.errors.InvalidRequestException}, with the service's reason, if it
 * is refused or fails, and {@link dev.featurestore.errors.StoreUnavailableException} if it takes too long.
 */
public interface FeatureGroupAdmin {
    /** How many features one update can add. */
    int MAX_ADDED_FEATURES = 100;

    /**
     * Creates a group, with its tags and the descriptions of its features.
     *
     * @throws dev.featurestore.errors.InvalidRequestException if a group of the name exists, or the service refuses it
     */
    void create(FeatureGroup<?> group);

    /** Whether a group of this name exists, in whatever status. */
    boolean exists(String name);

    /** The names of all groups, sorted. */
    List<String> list();

    /** The group as it is now, in whatever status. */
    DeployedFeatureGroup describe(String name);

    /**
     * The group once nothing is under way: when it is neither being created nor updated. A group that is being deleted is
     * waited for until there is none.
     */
    DeployedFeatureGroup awaitSettled(String name);

    /** Adds features, 1 to {@link #MAX_ADDED_FEATURES}, without their descriptions. Records that are there lack them. */
    void addFeatures(String name, List<? extends Feature<?>> features);

    /** Sets the time to live of records that are written afterwards; null for none. */
    void updateTtl(String name, @Nullable Ttl ttl);

    /** Changes the storage type, which can only be from Standard to Standard_V2. */
    void updateStorageType(String name, OnlineStorageType storageType);

    /** Changes the throughput. */
    void updateThroughput(String name, Throughput throughput);

    /**
     * What is noted about a feature.
     *
     * @throws dev.featurestore.errors.FeatureGroupNotFoundException if there is no such group, or no such feature in it
     */
    FeatureMetadata featureMetadata(String name, String feature);

    /** Replaces the description of a feature, at most 255 characters. */
    void updateFeatureDescription(String name, String feature, String description);

    /**
     * Sets and removes parameters of a feature; others stay.
     *
     * @param set new ones, and new values; at most 25 in all afterwards
     * @param removed keys; those that are not there are passed over
     */
    void updateFeatureParameters(String name, String feature, Map<String, String> set, Set<String> removed);

    /** The tags of a group, sorted by key. */
    Map<String, String> tags(String name);

    /** Adds tags, at most 50 in all afterwards; a tag that is there gets another value. */
    void addTags(String name, Map<String, String> tags);

    /** Removes tags by key; those that are not there are passed over. */
    void removeTags(String name, Set<String> keys);

    /**
     * Deletes a group and its online records. What the offline store has stays.
     */
    void delete(String name);
}
