package dev.featurestore.schema;

import dev.featurestore.schema.SchemaChange.Kind;
import dev.featurestore.schema.SchemaChange.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a deployed group lacks to be as its definition is. Names and types are compared, and the settings that the definition
 * makes:
 *
 * <ul>
 *   <li>The order of features does not count, nor do codecs, defaults and what is required: the service does not know them.
 *   <li>A role, a throughput and the names of the table are compared only if the definition gives them; so are descriptions.
 *   <li>Tags and descriptions that the definition does not have are left as they are.
 *   <li>A feature that is deployed and not defined is a forbidden difference: it cannot be removed, and a program that
 *       writes by the definition would erase its values, since a put replaces the whole record.
 * </ul>
 *
 * Immutable.
 */
public final class SchemaDifference {
    private final String group;

    private final List<SchemaChange> changes;

    private SchemaDifference(String group, List<SchemaChange> changes) {
        this.group = group;
        this.changes = List.copyOf(changes);
    }

    /** Compares features and settings; tags and descriptions of features are not looked at. */
    public static SchemaDifference between(FeatureGroup<?> definition, DeployedFeatureGroup deployed) {
        return between(definition, deployed, definition.tags(), Map.of());
    }

    /**
     * Compares everything.
     *
     * @param tags the group's tags as deployed
     * @param featureDescriptions by feature; a feature that is not among them is not compared
     */
    public static SchemaDifference between(
            FeatureGroup<?> definition,
            DeployedFeatureGroup deployed,
            Map<String, String> tags,
            Map<String, String> featureDescriptions) {
        SchemaComparison comparison = new SchemaComparison(definition, deployed);
        return new SchemaDifference(definition.name(), comparison.changes(tags, featureDescriptions));
    }

    /** The name of the group. */
    public String group() {
        return group;
    }

    /** All differences, what is forbidden last. */
    public List<SchemaChange> changes() {
        return changes;
    }

    /** The differences of a kind, in the order of the definition. */
    public List<SchemaChange> changes(Kind kind) {
        return changes.stream().filter(change -> change.kind() == kind).toList();
    }

    /** The differences that cannot be taken away by changing the deployed group. */
    public List<SchemaChange> forbidden() {
        return of(Verdict.FORBIDDEN);
    }

    /** The differences that can. */
    public List<SchemaChange> additive() {
        return of(Verdict.ADDITIVE);
    }

    /** Whether there is nothing to change, and nothing that is forbidden. What is left alone does not count. */
    public boolean isEmpty() {
        return changes.stream().allMatch(change -> change.kind().verdict() == Verdict.LEFT_ALONE);
    }

    /** Whether nothing is forbidden. */
    public boolean isPossible() {
        return forbidden().isEmpty();
    }

    private List<SchemaChange> of(Verdict verdict) {
        return changes.stream()
                .filter(change -> change.kind().verdict() == verdict)
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SchemaDifference that && group.equals(that.group) && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(group, changes);
    }

    /** One line for the group, and one for each difference. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("feature group '").append(group).append("': ");
        int forbidden = forbidden().size();
        int additive = additive().size();
        if (isEmpty()) {
            text.append("nothing to change");
        } else if (forbidden == 0) {
            text.append(additive).append(additive == 1 ? " change" : " changes");
        } else {
            text.append("cannot be changed as defined, ")
                    .append(forbidden)
                    .append(" forbidden and ")
                    .append(additive)
                    .append(" possible");
        }
        changes.forEach(change -> text.append("\n  ").append(change));
        return text.toString();
    }
}
