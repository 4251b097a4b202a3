package dev.featurestore.aws;

import dev.featurestore.Sleeper;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.DeployedFeatureGroup.LastUpdate;
import dev.featurestore.schema.DeployedFeatureGroup.Status;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureMetadata;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.CreateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureMetadataResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;
import software.amazon.awssdk.services.sagemaker.model.FeatureParameter;
import software.amazon.awssdk.services.sagemaker.model.UpdateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.UpdateFeatureMetadataRequest;

/** Makes, changes and removes groups through the SageMaker API, and waits until the service is done. */
final class SageMakerFeatureGroupAdmin implements FeatureGroupAdmin {
    private static final Duration POLL = Duration.ofSeconds(2);

    private final Supplier<SageMakerClient> client;

    private final Supplier<Requests> requests;

    private final GroupNames names;

    private final Sleeper sleeper;

    private final LongSupplier nanoTime;

    private final Duration patience;

    /**
     * @param requests new ones for each request: that a group is not found is the answer here, and not repeated
     * @param nanoTime such as {@code System::nanoTime}
     * @param patience how long one creation, update or deletion is waited for
     */
    SageMakerFeatureGroupAdmin(
            Supplier<SageMakerClient> client,
            Supplier<Requests> requests,
            GroupNames names,
            Sleeper sleeper,
            LongSupplier nanoTime,
            Duration patience) {
        this.client = client;
        this.requests = requests;
        this.names = names;
        this.sleeper = sleeper;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    @Override
    public void create(FeatureGroup<?> group) {
        requireOwn("create", group.name());
        CreateFeatureGroupRequest request = GroupRequests.create(group);
        String name = group.name();
        write("Creating feature group '" + name + "'", name, () -> client.get().createFeatureGroup(request));
        DeployedFeatureGroup created = awaitSettled(name);
        if (created.status() != Status.CREATED) {
            throw new InvalidRequestException(
                    "Feature group '" + name + "' was not created: its status is "
                            + created.status().wireName() + ", the service's reason: "
                            + created.failure().orElse("none given"),
                    name,
                    null,
                    null);
        }
        for (Feature<?> feature : group.features()) {
            if (!feature.description().isEmpty()) {
                updateFeatureDescription(name, feature.name(), feature.description());
            }
        }
    }

    @Override
    public boolean exists(String name) {
        return status(name) != null;
    }

    @Override
    public List<String> list() {
        return send(
                new ServiceErrors.Call("Listing feature groups", Set.of(), false),
                () -> client.get().listFeatureGroupsPaginator(page -> {}).stream()
                        .flatMap(page -> page.featureGroupSummaries().stream())
                        .map(summary -> summary.featureGroupName())
                        .sorted()
                        .toList());
    }

    @Override
    public void delete(String name) {
        requireOwn("delete", name);
        try {
            write(
                    "Deleting feature group '" + name + "'",
                    name,
                    () -> client.get().deleteFeatureGroup(delete -> delete.featureGroupName(name)));
        } catch (WriteOutcomeUnknownException e) {
            // a group that is gone, or is going, says what became of the request
            FeatureGroupStatus status = status(name);
            if (status != null && status != FeatureGroupStatus.DELETING) {
                throw e;
            }
        }
        awaitDeleted(name);
    }

    private void awaitDeleted(String name) {
        Deadline deadline = Deadline.after(patience, nanoTime);
        for (FeatureGroupStatus status = status(name); status != null; status = status(name)) {
            if (status == FeatureGroupStatus.DELETE_FAILED) {
                throw new InvalidRequestException(
                        "Feature group '" + name + "' was not deleted: its status is " + status
                                + "; describe it for the service's reason",
                        name,
                        null,
                        null);
            }
            pause(name, "to be deleted", deadline);
        }
    }

    /** Null if there is no such group. */
    private @Nullable FeatureGroupStatus status(String name) {
        try {
            return describePage(name, null).featureGroupStatus();
        } catch (FeatureGroupNotFoundException e) {
            return null;
        }
    }

    /** The service makes and removes groups of the caller's own account only, where one of that name may be another. */
    private void requireOwn(String what, String name) {
        if (!names.sent(name).equals(name)) {
            throw new InvalidRequestException(
                    "Cannot " + what + " feature group '" + name + "': this store addresses it by ARN, as a group of"
                            + " another account; use a store of the account that owns it",
                    name,
                    null,
                    null);
        }
    }

    @Override
    public DeployedFeatureGroup describe(String name) {
        List<DescribeFeatureGroupResponse> pages = new ArrayList<>();
        String token = null;
        do {
            DescribeFeatureGroupResponse page = describePage(name, token);
            pages.add(page);
            token = page.nextToken();
        } while (token != null && !token.isEmpty());
        return GroupDescriptions.read(pages);
    }

    private DescribeFeatureGroupResponse describePage(String name, @Nullable String token) {
        return read(
                "Describing feature group '" + name + "'",
                name,
                () -> client.get()
                        .describeFeatureGroup(describe ->
                                describe.featureGroupName(names.sent(name)).nextToken(token)));
    }

    @Override
    public DeployedFeatureGroup awaitSettled(String name) {
        Deadline deadline = Deadline.after(patience, nanoTime);
        DeployedFeatureGroup group = describe(name);
        while (group.isChanging()) {
            pause(name, "to be created, updated or deleted", deadline);
            group = describe(name);
        }
        return group;
    }

    @Override
    public void addFeatures(String name, List<? extends Feature<?>> features) {
        update(
                name,
                "Adding " + features.size() + " features to",
                request -> request.featureAdditions(GroupRequests.definitions(features)));
    }

    @Override
    public void updateTtl(String name, @Nullable Ttl ttl) {
        update(
                name,
                "Changing the time to live of",
                request -> request.onlineStoreConfig(online -> online.ttlDuration(GroupRequests.ttl(ttl))));
    }

    @Override
    public void updateStorageType(String name, OnlineStorageType storageType) {
        update(
                name,
                "Changing the storage type of",
                request -> request.onlineStoreConfig(online -> {})
                        .overrideConfiguration(
                                config -> config.addPlugin(new StorageTypeUpdate(names.sent(name), storageType))));
    }

    @Override
    public void updateThroughput(String name, Throughput throughput) {
        update(
                name,
                "Changing the throughput of",
                request -> request.throughputConfig(GroupRequests.update(throughput)));
    }

    private void update(String name, String what, Consumer<UpdateFeatureGroupRequest.Builder> change) {
        awaitSettled(name);
        UpdateFeatureGroupRequest.Builder request =
                UpdateFeatureGroupRequest.builder().featureGroupName(names.sent(name));
        change.accept(request);
        String call = what + " feature group '" + name + "'";
        write(call, name, () -> client.get().updateFeatureGroup(request.build()));
        DeployedFeatureGroup updated = awaitSettled(name);
        if (updated.lastUpdate() == LastUpdate.FAILED) {
            throw new InvalidRequestException(
                    call + " failed, the service's reason: "
                            + updated.lastUpdateFailure().orElse("none given"),
                    name,
                    null,
                    null);
        }
    }

    @Override
    public FeatureMetadata featureMetadata(String name, String feature) {
        DescribeFeatureMetadataResponse described = read(
                "Describing feature '" + feature + "' of feature group '" + name + "'",
                name,
                () -> client.get()
                        .describeFeatureMetadata(describe ->
                                describe.featureGroupName(names.sent(name)).featureName(feature)));
        Map<String, String> parameters = new HashMap<>();
        described
                .parameters()
                .forEach(parameter ->
                        parameters.put(parameter.key(), Objects.requireNonNullElse(parameter.value(), "")));
        return new FeatureMetadata(Objects.requireNonNullElse(described.description(), ""), parameters);
    }

    @Override
    public void updateFeatureDescription(String name, String feature, String description) {
        updateFeature(name, feature, request -> request.description(description));
    }

    @Override
    public void updateFeatureParameters(String name, String feature, Map<String, String> set, Set<String> removed) {
        List<FeatureParameter> additions = set.entrySet().stream()
                .map(entry -> FeatureParameter.builder()
                        .key(entry.getKey())
                        .value(entry.getValue())
                        .build())
                .toList();
        updateFeature(
                name, feature, request -> request.parameterAdditions(additions).parameterRemovals(removed));
    }

    private void updateFeature(String name, String feature, Consumer<UpdateFeatureMetadataRequest.Builder> change) {
        write(
                "Noting on feature '" + feature + "' of feature group '" + name + "'",
                name,
                () -> client.get()
                        .updateFeatureMetadata(request -> change.accept(
                                request.featureGroupName(names.sent(name)).featureName(feature))));
    }

    @Override
    public Map<String, String> tags(String name) {
        String arn = arn(name);
        Map<String, String> tags = new TreeMap<>();
        read(
                        "Reading the tags of feature group '" + name + "'",
                        name,
                        () -> client.get().listTagsPaginator(list -> list.resourceArn(arn)).tags().stream()
                                .toList())
                .forEach(tag -> tags.put(tag.key(), Objects.requireNonNullElse(tag.value(), "")));
        return Collections.unmodifiableMap(tags);
    }

    @Override
    public void addTags(String name, Map<String, String> tags) {
        String arn = arn(name);
        write(
                "Tagging feature group '" + name + "'",
                name,
                () -> client.get().addTags(add -> add.resourceArn(arn).tags(GroupRequests.tags(tags))));
    }

    @Override
    public void removeTags(String name, Set<String> keys) {
        String arn = arn(name);
        write(
                "Removing tags of feature group '" + name + "'",
                name,
                () -> client.get().deleteTags(delete -> delete.resourceArn(arn).tagKeys(keys)));
    }

    /** Tags are asked for by ARN alone. */
    private String arn(String name) {
        return describePage(name, null).featureGroupArn();
    }

    private <T> T read(String what, String group, Supplier<T> request) {
        return send(new ServiceErrors.Call(what, group, false), request);
    }

    private void write(String what, String group, Supplier<?> request) {
        send(new ServiceErrors.Call(what, group, true), request);
    }

    private <T> T send(ServiceErrors.Call call, Supplier<T> request) {
        return requests.get().send(call, Deadline.after(patience, nanoTime), request);
    }

    private void pause(String name, String event, Deadline deadline) {
        if (deadline.isOver()) {
            throw unavailable(name, event, "within " + patience);
        }
        try {
            sleeper.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(name, event, "before the thread was interrupted");
        }
    }

    private static FeatureStoreException unavailable(String name, String event, String when) {
        return new StoreUnavailableException(
                "Feature group '" + name + "' did not come " + event + " " + when
                        + ": the service may still be at it, look at its status later",
                name,
                null,
                null);
    }

    @Override
    public String toString() {
        return "SageMaker feature groups";
    }
}
