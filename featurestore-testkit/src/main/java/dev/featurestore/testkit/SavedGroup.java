package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.OnlineEntry.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group as a journal tells of it. Not safe for use by many threads. */
final class SavedGroup {
    private FeatureGroup<?> definition;

    private final Map<String, OnlineEntry> entries = new LinkedHashMap<>();

    private final List<OfflineRow> rows = new ArrayList<>();

    SavedGroup(FeatureGroup<?> definition) {
        this.definition = definition;
    }

    void redefine(FeatureGroup<?> changed) {
        this.definition = changed;
    }

    void store(String identifier, OnlineEntry entry) {
        if (entry.state() == State.GONE) {
            entries.remove(identifier);
        } else {
            entries.put(identifier, entry);
        }
    }

    void append(OfflineRow row) {
        rows.add(row);
    }

    FeatureGroup<?> definition() {
        return definition;
    }

    /** What is in the online store, tombstones too. */
    Map<String, OnlineEntry> entries() {
        return entries;
    }

    /** The rows that may not be in files yet. */
    List<OfflineRow> rows() {
        return rows;
    }
}
