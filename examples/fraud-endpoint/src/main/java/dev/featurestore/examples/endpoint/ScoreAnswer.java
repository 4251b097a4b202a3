package dev.featurestore.examples.endpoint;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A score and what it rests on.
 *
 * @param score between 0 and 1
 * @param complete whether the store answered for all groups; if not, the defaults of those that failed are in the score
 * @param view the view the features are of
 * @param fingerprint its version
 * @param groups what each of the view's selections gave
 */
record ScoreAnswer(double score, boolean complete, String view, String fingerprint, Map<String, Group> groups) {
    static ScoreAnswer of(double score, FeatureVector vector) {
        return new ScoreAnswer(score, vector.isComplete(), vector.view().name(), vector.fingerprint(), groups(vector));
    }

    /** What each selection gave, by name. */
    static Map<String, Group> groups(FeatureVector vector) {
        Map<String, Group> groups = new LinkedHashMap<>();
        for (GroupResult group : vector.results()) {
            groups.put(
                    group.selection(),
                    new Group(
                            group.status(),
                            vector.age(group.selection())
                                    .map(Duration::toMillis)
                                    .orElse(null),
                            group.failure() == null ? null : group.failure().code()));
        }
        return groups;
    }

    /**
     * What one group gave.
     *
     * @param ageMillis of its record; null if there is none
     * @param failure null unless it failed
     */
    record Group(
            GroupResult.Status status,
            @Nullable Long ageMillis,
            @Nullable ErrorCode failure) {}
}
