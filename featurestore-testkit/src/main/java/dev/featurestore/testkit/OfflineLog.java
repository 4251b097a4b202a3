package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;

/** Where the in-memory service appends what it writes offline. */
interface OfflineLog {
    /** Called when a group is made, before its first row: a group of a name that was deleted begins a new history. */
    void created(FeatureGroup<?> group);

    /** Called when a group is deleted. What is there stays, and can be queried, until a group of its name is made. */
    void deleted(String group);

    /** Appends a row of a group, in the order of arrival. Called by one thread at a time for one group. */
    void append(FeatureGroup<?> group, OfflineRow row);
}
