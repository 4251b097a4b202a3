package dev.featurestore;

import dev.featurestore.schema.DeployedFeature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.SchemaDifference;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done for a deployed group to be as its definition. Immutable; equal to another plan that does the same.
 * Print it to look at it: names and types are in it, values of tags are not.
 */
public final class FeatureGroupPlan {
    private final FeatureGroup<?> definition;

    private final @Nullable SchemaDifference difference;

    private FeatureGroupPlan(FeatureGroup<?> definition, @Nullable SchemaDifference difference) {
        this.definition = definition;
        this.difference = difference;
    }

    static FeatureGroupPlan creating(FeatureGroup<?> definition) {
        return new FeatureGroupPlan(definition, null);
    }

    static FeatureGroupPlan changing(FeatureGroup<?> definition, SchemaDifference difference) {
        return new FeatureGroupPlan(definition, difference);
    }

    /** What the group shall be. */
    public FeatureGroup<?> definition() {
        return definition;
    }

    /** Whether there is no such group, so that it has to be created. */
    public boolean isCreation() {
        return difference == null;
    }

    /** In what the deployed group differs; empty if there is none. */
    public Optional<SchemaDifference> difference() {
        return Optional.ofNullable(difference);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return difference != null && difference.isEmpty();
    }

    /** Whether it can be applied: nothing in it is forbidden. */
    public boolean isPossible() {
        return difference == null || difference.isPossible();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureGroupPlan that
                && definition.equals(that.definition)
                && Objects.equals(difference, that.difference);
    }

    @Override
    public int hashCode() {
        return Objects.hash(definition, difference);
    }

    /** One line for the group, then one for each thing to do or in the way. */
    @Override
    public String toString() {
        if (difference != null) {
            return difference.toString();
        }
        StringBuilder text = new StringBuilder("feature group '" + definition.name() + "': to be created");
        definition.features().forEach(feature -> text.append("\n  + feature ").append(DeployedFeature.of(feature)));
        return text.toString();
    }
}
