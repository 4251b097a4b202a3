package dev.featurestore;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.SchemaChange;
import dev.featurestore.schema.SchemaChange.Kind;
import dev.featurestore.schema.SchemaDifference;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the plan of one group. */
final class PlanExecution {
    private static final Logger LOG = LoggerFactory.getLogger(PlanExecution.class);

    private final AdminClient admin;

    private final FeatureGroupAdmin backend;

    private final FeatureGroup<?> definition;

    private final String name;

    PlanExecution(AdminClient admin, FeatureGroupAdmin backend, FeatureGroup<?> definition) {
        this.admin = admin;
        this.backend = backend;
        this.definition = definition;
        this.name = definition.name();
    }

    DeployedFeatureGroup run(FeatureGroupPlan plan) {
        SchemaDifference difference = plan.difference().orElse(null);
        if (difference == null) {
            difference = create();
        }
        if (!difference.isPossible()) {
            throw new InvalidDefinitionException(
                    "The definition of feature group '" + name + "', compared with what is deployed,",
                    difference.forbidden().stream().map(SchemaChange::text).toList(),
                    name);
        }
        if (!difference.isEmpty()) {
            try {
                carryOut(difference);
            } catch (WriteOutcomeUnknownException unknown) {
                // the comparison knows better
                if (!admin.settledPlan(definition).isEmpty()) {
                    throw unknown;
                }
            }
            requireDone();
        }
        return backend.describe(name);
    }

    /** Creates the group, unless somebody else was first; what is left to do then. */
    private SchemaDifference create() {
        LOG.debug("Creating feature group [group={}]", name);
        try {
            backend.create(definition);
        } catch (InvalidRequestException | ThrottledException | WriteOutcomeUnknownException failure) {
            if (!backend.exists(name)) {
                throw failure;
            }
            LOG.debug("Feature group is there all the same [group={}] [code={}]", name, failure.code());
        }
        return admin.settledPlan(definition)
                .difference()
                .orElseThrow(() -> new StoreUnavailableException(
                        "Feature group '" + name + "' was created and is not found: plan again in a while",
                        name,
                        null,
                        null));
    }

    private void carryOut(SchemaDifference difference) {
        for (SchemaChange change : difference.changes(Kind.THROUGHPUT)) {
            log(change);
            backend.updateThroughput(name, definition.throughput().orElseThrow());
        }
        for (SchemaChange change : difference.changes(Kind.STORAGE_UPGRADE)) {
            log(change);
            backend.updateStorageType(name, online().storageType());
        }
        for (SchemaChange change : difference.changes(Kind.TIME_TO_LIVE)) {
            log(change);
            backend.updateTtl(name, online().ttl().orElse(null));
        }
        addFeatures(difference.changes(Kind.NEW_FEATURE));
        for (SchemaChange change : difference.changes(Kind.FEATURE_DESCRIPTION)) {
            log(change);
            String feature = change.subject();
            backend.updateFeatureDescription(
                    name, feature, definition.feature(feature).description());
        }
        addTags(difference.changes(Kind.TAG));
    }

    private OnlineStoreSettings online() {
        return definition.onlineStore().orElseThrow();
    }

    private void addFeatures(List<SchemaChange> changes) {
        List<Feature<?>> features = new ArrayList<>();
        for (SchemaChange change : changes) {
            log(change);
            features.add(definition.feature(change.subject()));
        }
        for (int from = 0; from < features.size(); from += FeatureGroupAdmin.MAX_ADDED_FEATURES) {
            int to = Math.min(from + FeatureGroupAdmin.MAX_ADDED_FEATURES, features.size());
            backend.addFeatures(name, features.subList(from, to));
        }
    }

    private void addTags(List<SchemaChange> changes) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (SchemaChange change : changes) {
            log(change);
            tags.put(change.subject(), definition.tags().get(change.subject()));
        }
        if (!tags.isEmpty()) {
            backend.addTags(name, tags);
        }
    }

    private void requireDone() {
        FeatureGroupPlan left = admin.settledPlan(definition);
        if (!left.isEmpty()) {
            throw new StoreUnavailableException(
                    "The service reports the changes of feature group '" + name
                            + "' as done, and describes it without some of them: plan again in a while; left is "
                            + left,
                    name,
                    null,
                    null);
        }
    }

    private void log(SchemaChange change) {
        LOG.debug("Changing feature group [group={}] [change={}]", name, change);
    }
}
