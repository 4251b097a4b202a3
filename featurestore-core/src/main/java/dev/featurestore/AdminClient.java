package dev.featurestore;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.schema.DefinitionSource;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.SchemaChange;
import dev.featurestore.schema.SchemaChange.Kind;
import dev.featurestore.schema.SchemaDifference;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Brings deployed groups in line with their definitions, and says where they are not. Safe for use by many threads. Methods
 * block until the service is done, which takes about a minute for a new group.
 */
public final class AdminClient {
    private final FeatureGroupAdmin backend;

    AdminClient(FeatureGroupAdmin backend) {
        this.backend = Objects.requireNonNull(backend, "backend");
    }

    /**
     * What would have to be done for the deployed group to be as its definition. Changes nothing.
     *
     * <p>Descriptions of features are compared where the definition has one; each takes a request.
     */
    public FeatureGroupPlan plan(FeatureGroup<?> definition) {
        try {
            return planFor(definition, backend.describe(definition.name()));
        } catch (FeatureGroupNotFoundException e) {
            return FeatureGroupPlan.creating(definition);
        }
    }

    private FeatureGroupPlan planFor(FeatureGroup<?> definition, DeployedFeatureGroup deployed) {
        String name = definition.name();
        Map<String, String> tags = definition.tags().isEmpty() ? Map.of() : backend.tags(name);
        Map<String, String> descriptions = new HashMap<>();
        for (Feature<?> feature : definition.features()) {
            if (!feature.description().isEmpty()) {
                // one that is not deployed yet has none yet
                descriptions.put(
                        feature.name(),
                        deployed.findFeature(feature.name()).isEmpty()
                                ? ""
                                : backend.featureMetadata(name, feature.name()).description());
            }
        }
        return FeatureGroupPlan.changing(
                definition, SchemaDifference.between(definition, deployed, tags, descriptions));
    }

    /**
     * Makes the deployed group as its definition: creates it if there is none, or else carries out what is additive, one kind
     * a request, and waits for each: throughput, storage type, time to live, features (100 a request, in the order of the
     * definition), descriptions of features, tags. An update of somebody else's that is under way is waited for first. If
     * everything is as defined, nothing is done, so a program may apply its definitions whenever it starts.
     *
     * <p>If a change fails, those before it stay: a new plan shows what is left, and applying again goes on with it.
     *
     * @return the group as it is afterwards
     * @throws InvalidDefinitionException if any difference is forbidden; nothing has been changed then, and all are named
     * @throws InvalidRequestException if the service refuses a change or fails at it; with its reason
     * @throws StoreUnavailableException if the service takes too long, or says that it is done and describes the group as
     *     before
     */
    public DeployedFeatureGroup apply(FeatureGroup<?> definition) {
        return new PlanExecution(this, backend, definition).run(settledPlan(definition));
    }

    /**
     * Carries out a plan that was looked at, as {@link #apply(FeatureGroup)}.
     *
     * @throws InvalidRequestException if what has to be done is no longer what the plan says, and not nothing either
     */
    public DeployedFeatureGroup apply(FeatureGroupPlan plan) {
        FeatureGroup<?> definition = plan.definition();
        FeatureGroupPlan now = settledPlan(definition);
        if (!now.isEmpty() && !now.equals(plan)) {
            throw new InvalidRequestException(
                    "Feature group '" + definition.name()
                            + "' has changed since the plan was made: look at a new one; now " + now,
                    definition.name(),
                    null,
                    null);
        }
        return new PlanExecution(this, backend, definition).run(now);
    }

    /** The plan once nobody else's work on the group is under way. */
    FeatureGroupPlan settledPlan(FeatureGroup<?> definition) {
        try {
            return planFor(definition, backend.awaitSettled(definition.name()));
        } catch (FeatureGroupNotFoundException e) {
            return FeatureGroupPlan.creating(definition);
        }
    }

    /**
     * Fails unless the deployed groups are what a program that writes by these definitions was made for: the same features,
     * keys, stores and time to live. A deployed feature that the definition does not have counts: every put of the program
     * would erase it. Capacity, keys, roles, tags and descriptions do not count. Meant for the start of a program: one
     * request a group.
     *
     * @throws InvalidDefinitionException if one does not match, or is not there; names every problem of all of them
     */
    public void verify(FeatureGroup<?>... definitions) {
        verify(List.of(definitions), change -> change.kind().concernsPrograms());
    }

    /**
     * As {@link #verify} for programs that only read: the deployed groups may have more features than the definitions.
     *
     * @throws InvalidDefinitionException if one does not match, or is not there; names every problem of all of them
     */
    public void verifyForReading(FeatureGroup<?>... definitions) {
        verify(
                List.of(definitions),
                change -> change.kind().concernsPrograms() && change.kind() != Kind.UNDEFINED_FEATURE);
    }

    private void verify(List<FeatureGroup<?>> definitions, Predicate<SchemaChange> counts) {
        List<String> problems = new ArrayList<>();
        for (FeatureGroup<?> definition : definitions) {
            String group = "feature group '" + definition.name() + "': ";
            try {
                DeployedFeatureGroup deployed = backend.describe(definition.name());
                if (deployed.status() == DeployedFeatureGroup.Status.CREATING) {
                    problems.add(group + "it is still being created");
                }
                SchemaDifference.between(definition, deployed).changes().stream()
                        .filter(counts)
                        .forEach(change -> problems.add(group + problem(change)));
            } catch (FeatureGroupNotFoundException e) {
                problems.add(group + "it is not deployed; apply its definition, or check its region and account");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(
                    "What this program is made for, compared with what is deployed,", problems);
        }
    }

    private static String problem(SchemaChange change) {
        return switch (change.kind()) {
            case NEW_FEATURE -> change.text() + " is not deployed; apply the definition";
            case TIME_TO_LIVE -> change.text() + " is not done; apply the definition";
            default -> change.text();
        };
    }

    /**
     * The Java source of a definition of the deployed group; see {@link DefinitionSource} for what it has and has not.
     *
     * @param packageName empty for none
     * @throws FeatureGroupNotFoundException if there is no such group
     * @throws IllegalArgumentException if the package cannot be called so
     */
    public String importDefinition(String name, String packageName) {
        return DefinitionSource.of(backend.describe(name), packageName);
    }

    /**
     * The group as it is now.
     *
     * @throws FeatureGroupNotFoundException if there is none
     */
    public DeployedFeatureGroup describe(String name) {
        return backend.describe(name);
    }

    /** Whether a group of this name exists, in whatever status. */
    public boolean exists(String name) {
        return backend.exists(name);
    }

    /** The names of all groups, sorted. */
    public List<String> list() {
        return backend.list();
    }

    /**
     * Deletes a group and its online records. What the offline store has stays.
     *
     * @throws FeatureGroupNotFoundException if there is none
     */
    public void delete(String name) {
        backend.delete(name);
    }

    /** The backend, for single requests: tags and notes about features that are not part of a definition. */
    public FeatureGroupAdmin backend() {
        return backend;
    }

    @Override
    public String toString() {
        return "administration of " + backend;
    }
}
