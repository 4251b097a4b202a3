package dev.featurestore.testkit;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.DeployedFeature;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureMetadata;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OfflineStoreSettings.CatalogTable;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The service's control plane on the heap; every update takes effect at once. */
final class InMemoryFeatureGroupAdmin implements FeatureGroupAdmin {
    private static final String ARN = "arn:aws:sagemaker:us-east-1:000000000000:feature-group/";

    private static final int MAX_PARAMETERS = 25;

    private static final int MAX_TAGS = 50;

    private static final int MAX_DESCRIPTION = 255;

    private final InMemoryOnlineStore service;

    private final Consumer<FeatureGroup<?>> redefine;

    private final Map<String, Notes> notes = new HashMap<>();

    InMemoryFeatureGroupAdmin(InMemoryOnlineStore service, Consumer<FeatureGroup<?>> redefine) {
        this.service = service;
        this.redefine = redefine;
    }

    /** What a definition says of a group when it is created, and no update changes. */
    private record Notes(Map<String, String> tags, Map<String, FeatureMetadata> features) {
        static Notes of(FeatureGroup<?> definition) {
            Notes notes = new Notes(new TreeMap<>(definition.tags()), new HashMap<>());
            definition
                    .features()
                    .forEach(feature ->
                            notes.features.put(feature.name(), new FeatureMetadata(feature.description(), Map.of())));
            return notes;
        }
    }

    @Override
    public void create(FeatureGroup<?> group) {
        service.create(group);
    }

    @Override
    public boolean exists(String name) {
        return service.definition(name) != null;
    }

    @Override
    public List<String> list() {
        return service.names();
    }

    @Override
    public synchronized void delete(String name) {
        service.delete(name);
        notes.remove(name);
    }

    @Override
    public DeployedFeatureGroup describe(String name) {
        FeatureGroup<?> group = definition(name);
        DeployedFeatureGroup.Builder described = DeployedFeatureGroup.named(name)
                .arn(ARN + name)
                .keys(group.recordIdentifier().name(), group.eventTime().name())
                .features(group.features().stream().map(DeployedFeature::of).toList())
                .throughput(group.throughput().orElse(null))
                .roleArn(group.roleArn().orElse(null))
                .description(group.description())
                .createdAt(service.createdAt(name));
        group.onlineStore()
                .ifPresent(online -> described.onlineStore(
                        copy -> copyOnline(online, copy, online.ttl().orElse(null))));
        OfflineStoreSettings offline = group.offlineStore().orElse(null);
        if (offline != null) {
            long created = service.createdAt(name).getEpochSecond();
            described.offlineStore(copy -> describeOffline(group, offline, created, copy));
            described.offlineStoreState(
                    offline.s3Uri().replaceAll("/+$", "") + "/000000000000/sagemaker/us-east-1/offline-store/" + name
                            + "-" + created + "/data",
                    "Active");
        }
        return described.build();
    }

    /** With the names that the service gives a table. */
    private static void describeOffline(
            FeatureGroup<?> group, OfflineStoreSettings offline, long created, OfflineStoreSettings.Builder copy) {
        copy.s3Uri(offline.s3Uri()).tableFormat(offline.tableFormat());
        offline.kmsKeyId().ifPresent(copy::kmsKeyId);
        if (offline.catalogTable() == CatalogTable.NONE) {
            copy.withoutTable();
            return;
        }
        String database = offline.database().orElse("sagemaker_featurestore");
        String table = offline.table()
                .orElseGet(() -> group.name().toLowerCase(Locale.ROOT).replace('-', '_') + "_" + created);
        if (offline.catalogTable() == CatalogTable.BRING_YOUR_OWN) {
            copy.existingTable(database, table);
        } else {
            copy.table(database, table);
        }
    }

    private static void copyOnline(OnlineStoreSettings from, OnlineStoreSettings.Builder copy, @Nullable Ttl ttl) {
        copy.storageType(from.storageType());
        from.kmsKeyId().ifPresent(copy::kmsKeyId);
        if (ttl != null) {
            copy.ttl(ttl);
        }
    }

    @Override
    public DeployedFeatureGroup awaitSettled(String name) {
        return describe(name);
    }

    @Override
    public void addFeatures(String name, List<? extends Feature<?>> features) {
        if (features.isEmpty() || features.size() > MAX_ADDED_FEATURES) {
            throw refused(name, "1 to " + MAX_ADDED_FEATURES + " features are added at a time, got " + features.size());
        }
        update(name, group -> group.features(features));
    }

    @Override
    public void updateTtl(String name, @Nullable Ttl ttl) {
        OnlineStoreSettings online = online(name);
        update(name, group -> group.onlineStore(copy -> copyOnline(online, copy, ttl)));
    }

    @Override
    public void updateStorageType(String name, OnlineStorageType storageType) {
        OnlineStoreSettings online = online(name);
        if (online.storageType() != OnlineStorageType.STANDARD || storageType != OnlineStorageType.STANDARD_V2) {
            throw refused(name, "the storage type can only change from Standard to Standard_V2");
        }
        update(
                name,
                group -> group.onlineStore(copy -> {
                    copyOnline(online, copy, online.ttl().orElse(null));
                    copy.storageType(storageType);
                }));
    }

    @Override
    public void updateThroughput(String name, Throughput throughput) {
        update(name, group -> group.throughput(throughput));
    }

    private OnlineStoreSettings online(String name) {
        return definition(name).onlineStore().orElseThrow(() -> refused(name, "it has no online store"));
    }

    private synchronized void update(String name, Consumer<FeatureGroup.Builder<?>> change) {
        FeatureGroup<?> before = definition(name);
        Notes kept = notes(name);
        FeatureGroup.Builder<?> changed = before.toBuilder();
        change.accept(changed);
        try {
            redefine.accept(changed.build());
        } catch (InvalidDefinitionException e) {
            throw refused(name, String.join("; ", e.problems()));
        }
        notes.put(name, kept);
    }

    @Override
    public synchronized FeatureMetadata featureMetadata(String name, String feature) {
        requireFeature(name, feature);
        return notes(name).features().getOrDefault(feature, new FeatureMetadata("", Map.of()));
    }

    @Override
    public synchronized void updateFeatureDescription(String name, String feature, String description) {
        FeatureMetadata before = featureMetadata(name, feature);
        if (description.length() > MAX_DESCRIPTION) {
            throw refused(name, "a description has at most " + MAX_DESCRIPTION + " characters");
        }
        notes(name).features().put(feature, new FeatureMetadata(description, before.parameters()));
    }

    @Override
    public synchronized void updateFeatureParameters(
            String name, String feature, Map<String, String> set, Set<String> removed) {
        FeatureMetadata before = featureMetadata(name, feature);
        Map<String, String> parameters = new HashMap<>(before.parameters());
        parameters.keySet().removeAll(removed);
        parameters.putAll(set);
        if (parameters.size() > MAX_PARAMETERS) {
            throw refused(name, "a feature has at most " + MAX_PARAMETERS + " parameters, got " + parameters.size());
        }
        notes(name).features().put(feature, new FeatureMetadata(before.description(), parameters));
    }

    @Override
    public synchronized Map<String, String> tags(String name) {
        return Collections.unmodifiableMap(new TreeMap<>(notes(name).tags()));
    }

    @Override
    public synchronized void addTags(String name, Map<String, String> tags) {
        Map<String, String> all = new TreeMap<>(notes(name).tags());
        all.putAll(tags);
        if (all.size() > MAX_TAGS) {
            throw refused(name, "a group has at most " + MAX_TAGS + " tags, got " + all.size());
        }
        notes(name).tags().putAll(tags);
    }

    @Override
    public synchronized void removeTags(String name, Set<String> keys) {
        notes(name).tags().keySet().removeAll(keys);
    }

    /** Those of the definition until something is changed: a group may have been made by asking for a client of it. */
    private Notes notes(String name) {
        FeatureGroup<?> group = definition(name);
        return notes.computeIfAbsent(name, key -> Notes.of(group));
    }

    private void requireFeature(String name, String feature) {
        if (definition(name).columns().find(feature) < 0) {
            throw new FeatureGroupNotFoundException(
                    "There is no feature '" + feature + "' in feature group '" + name + "'", name, null, null);
        }
    }

    private FeatureGroup<?> definition(String name) {
        FeatureGroup<?> group = service.definition(name);
        if (group == null) {
            throw InMemoryOnlineStore.notFound(name);
        }
        return group;
    }

    private static InvalidRequestException refused(String name, String why) {
        return new InvalidRequestException(
                "Feature group '" + name + "' refuses the request: " + why, name, null, null);
    }

    @Override
    public String toString() {
        return "in-memory feature groups";
    }
}
