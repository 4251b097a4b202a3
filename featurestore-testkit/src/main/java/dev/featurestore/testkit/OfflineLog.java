package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;

/** Where the in-memory service appends what it writes offline. */
interface OfflineLog {
    /** Called once for each group, before its first row. */
    void created(FeatureGroup<?> group);

    /** Appends a row of a group, in the order of arrival. Called by one thread at a time for one group. */
    void append(FeatureGroup<?> group, OfflineRow row);
}
