package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;
import org.jspecify.annotations.Nullable;

/**
 * Where the in-memory service notes what it is about to do, so that it can be done again after a restart. What throws here is
 * not done.
 */
interface ChangeLog {
    /** Notes nothing. */
    ChangeLog NONE = new ChangeLog() {
        @Override
        public void created(FeatureGroup<?> group) {}

        @Override
        public void redefined(FeatureGroup<?> group) {}

        @Override
        public void deleted(String group) {}

        @Override
        public void written(
                String group, String identifier, @Nullable OnlineEntry online, @Nullable OfflineRow offline) {}
    };

    /** A group is made. */
    void created(FeatureGroup<?> group);

    /** A group gets another definition. */
    void redefined(FeatureGroup<?> group);

    /** A group is deleted, with its records. What it has offline is in files by now. */
    void deleted(String group);

    /**
     * A write takes effect.
     *
     * @param online the identifier's state from now on; null if that stays as it is
     * @param offline the row appended; null if there is none
     */
    void written(String group, String identifier, @Nullable OnlineEntry online, @Nullable OfflineRow offline);
}
