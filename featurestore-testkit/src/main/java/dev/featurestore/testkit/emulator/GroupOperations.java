package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.Feature;
import dev.featurestore.testkit.emulator.EmulatedGroup.GroupShape;
import dev.featurestore.testkit.emulator.EmulatedGroup.Status;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creating, describing, deleting and listing groups. */
final class GroupOperations {
    private static final int DEFAULT_PAGE = 100;

    private final GroupCatalog catalog;

    private final GroupDescription description;

    private final int describePageSize;

    GroupOperations(GroupCatalog catalog, int describePageSize) {
        this.catalog = catalog;
        this.description = new GroupDescription(catalog);
        this.describePageSize = describePageSize;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of(
                "CreateFeatureGroup", this::create,
                "DescribeFeatureGroup", this::describe,
                "DeleteFeatureGroup", this::delete,
                "ListFeatureGroups", this::list);
    }

    private void create(EmulatedCall call, JsonGenerator out) throws IOException {
        String name = call.text("FeatureGroupName");
        GroupShape shape;
        try {
            shape = GroupDefinitions.read(call.input());
        } catch (InvalidDefinitionException | IllegalArgumentException e) {
            throw WireErrors.validationException("Validation Error: " + e.getMessage());
        }
        if (!created(shape)) {
            throw new WireError(
                    "ResourceInUse",
                    400,
                    "Resource Already Exists: FeatureGroup with name " + name
                            + " already exists. Choose a different name.");
        }
        out.writeStartObject();
        out.writeStringField("FeatureGroupArn", catalog.arn(name));
        out.writeEndObject();
    }

    private boolean created(GroupShape shape) {
        try {
            return catalog.create(shape);
        } catch (InvalidRequestException e) {
            // a program created it in the store at the same time
            return false;
        }
    }

    private void describe(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = group(catalog, call.text("FeatureGroupName"));
        List<Feature<?>> features = group.shape().order();
        int from = Math.min(PageToken.start(call.optionalText("NextToken")), features.size());
        int to = Math.min(from + describePageSize, features.size());
        out.writeStartObject();
        description.write(out, group, statusOf(group), features.subList(from, to));
        if (to < features.size()) {
            out.writeStringField("NextToken", PageToken.of(to));
        }
        out.writeEndObject();
    }

    private void delete(EmulatedCall call, JsonGenerator out) {
        String name = call.text("FeatureGroupName");
        if (!catalog.delete(name)) {
            throw WireErrors.noSuchGroup(name);
        }
    }

    private void list(EmulatedCall call, JsonGenerator out) throws IOException {
        List<EmulatedGroup> found = catalog.all().stream()
                .filter(group -> matches(call, group))
                .sorted(order(call))
                .toList();
        int from = Math.min(PageToken.start(call.optionalText("NextToken")), found.size());
        int to = Math.min(from + call.input().path("MaxResults").asInt(DEFAULT_PAGE), found.size());
        out.writeStartObject();
        out.writeArrayFieldStart("FeatureGroupSummaries");
        for (EmulatedGroup group : found.subList(from, to)) {
            out.writeStartObject();
            out.writeStringField("FeatureGroupName", group.definition().name());
            out.writeStringField(
                    "FeatureGroupArn", catalog.arn(group.definition().name()));
            GroupDescription.time(out, "CreationTime", group.createdAt());
            out.writeStringField("FeatureGroupStatus", statusOf(group).wireName());
            GroupDescription.offlineStatus(out, group);
            out.writeEndObject();
        }
        out.writeEndArray();
        if (to < found.size()) {
            out.writeStringField("NextToken", PageToken.of(to));
        }
        out.writeEndObject();
    }

    private boolean matches(EmulatedCall call, EmulatedGroup group) {
        String contains = call.optionalText("NameContains");
        String status = call.optionalText("FeatureGroupStatusEquals");
        String offline = call.optionalText("OfflineStoreStatusEquals");
        Instant after = time(call.optional("CreationTimeAfter"));
        Instant before = time(call.optional("CreationTimeBefore"));
        return (contains == null || group.definition().name().contains(contains))
                && (status == null || statusOf(group).wireName().equals(status))
                && (offline == null || offlineStatus(group).equals(offline))
                && (after == null || group.createdAt().isAfter(after))
                && (before == null || group.createdAt().isBefore(before));
    }

    private static @Nullable Instant time(@Nullable JsonNode epochSeconds) {
        if (epochSeconds == null) {
            return null;
        }
        BigDecimal millis = epochSeconds.decimalValue().movePointRight(3);
        return Instant.ofEpochMilli(millis.longValue());
    }

    private static String offlineStatus(EmulatedGroup group) {
        return group.definition().offlineStore().isPresent() ? "Active" : "";
    }

    private Comparator<EmulatedGroup> order(EmulatedCall call) {
        Comparator<EmulatedGroup> byName =
                Comparator.comparing(group -> group.definition().name());
        String key = Objects.requireNonNullElse(call.optionalText("SortBy"), "CreationTime");
        Comparator<EmulatedGroup> order =
                switch (key) {
                    case "Name" -> byName;
                    case "FeatureGroupStatus" ->
                        Comparator.comparing(group -> statusOf(group).wireName());
                    case "OfflineStoreStatus" -> Comparator.comparing(GroupOperations::offlineStatus);
                    default -> Comparator.comparing(EmulatedGroup::createdAt);
                };
        Comparator<EmulatedGroup> total = order.thenComparing(byName);
        return "Descending".equals(call.optionalText("SortOrder")) ? total.reversed() : total;
    }

    private Status statusOf(EmulatedGroup group) {
        Status status = group.status(catalog.now());
        return status == null ? Status.DELETING : status;
    }

    /** @throws WireError if there is no such group */
    static EmulatedGroup group(GroupCatalog catalog, String nameOrArn) {
        EmulatedGroup group = catalog.find(nameOrArn);
        if (group == null) {
            throw WireErrors.noSuchGroup(nameOrArn);
        }
        return group;
    }
}
