package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.RecordUpdate;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The operations of the runtime service on one group. */
final class RecordOperations {
    private static final int DEFAULT_PAGE = 100;

    private final InMemoryFeatureStore store;

    private final GroupCatalog catalog;

    private final WireErrors errors;

    RecordOperations(InMemoryFeatureStore store, GroupCatalog catalog, WireErrors errors) {
        this.store = store;
        this.catalog = catalog;
        this.errors = errors;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of(
                "PutRecord", this::put,
                "GetRecord", this::get,
                "DeleteRecord", this::delete,
                "ListRecords", this::list,
                "UpdateRecord", this::update);
    }

    private void put(EmulatedCall call, JsonGenerator out) {
        EmulatedGroup group = group(call, call.text("FeatureGroupName"));
        PutCommand command = new PutCommand(
                group.definition().name(),
                RecordJson.read(group.definition(), call.input().path("Record")),
                RecordJson.targetStores(call.optional("TargetStores")),
                RecordJson.ttl(call.optional("TtlDuration")),
                Deadline.none());
        inStore(call, () -> {
            store.onlineStore().put(command);
            return command;
        });
    }

    private void get(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = group(call, call.text("FeatureGroupName"));
        GetCommand command = new GetCommand(
                group.definition().name(),
                call.text("RecordIdentifierValueAsString"),
                RecordJson.strings(call.optional("FeatureNames")),
                Deadline.none());
        Optional<StoredRecord> found =
                inStore(call, () -> call.faults().reader(store).get(command));
        out.writeStartObject();
        if (found.isPresent()) {
            out.writeFieldName("Record");
            RecordJson.write(out, group.shape(), found.get().record());
            Instant expiresAt = found.get().expiresAt();
            if (expiresAt != null && "Enabled".equals(call.optionalText("ExpirationTimeResponse"))) {
                out.writeStringField("ExpiresAt", RecordJson.expiresAt(expiresAt));
            }
        }
        out.writeEndObject();
    }

    private void delete(EmulatedCall call, JsonGenerator out) {
        EmulatedGroup group = group(call, call.text("FeatureGroupName"));
        boolean hard = "HardDelete".equals(call.optionalText("DeletionMode"));
        DeleteCommand command = new DeleteCommand(
                group.definition().name(),
                call.text("RecordIdentifierValueAsString"),
                call.text("EventTime"),
                hard ? DeletionMode.HARD_DELETE : DeletionMode.SOFT_DELETE,
                RecordJson.targetStores(call.optional("TargetStores")),
                Deadline.none());
        inStore(call, () -> {
            store.onlineStore().delete(command);
            return command;
        });
    }

    private void list(EmulatedCall call, JsonGenerator out) throws IOException {
        EmulatedGroup group = group(call, call.text("FeatureGroupName"));
        ListCommand command = new ListCommand(
                group.definition().name(),
                call.input().path("IncludeSoftDeletedRecords").asBoolean(),
                call.input().path("MaxResults").asInt(DEFAULT_PAGE),
                call.optionalText("NextToken"),
                Deadline.none());
        ListPage page = inStore(call, () -> store.onlineStore().list(command));
        out.writeStartObject();
        out.writeArrayFieldStart("RecordIdentifiers");
        for (String identifier : page.identifiers()) {
            out.writeString(identifier);
        }
        out.writeEndArray();
        if (page.nextToken() != null) {
            out.writeStringField("NextToken", page.nextToken());
        }
        out.writeEndObject();
    }

    private void update(EmulatedCall call, JsonGenerator out) {
        String nameOrArn = call.text("FeatureGroupName");
        EmulatedGroup group = group(call, nameOrArn);
        JsonNode features = call.input().path("Features");
        RecordUpdate update = new RecordUpdate(
                group.definition().name(),
                call.text("RecordIdentifierValueAsString"),
                RecordJson.read(group.definition(), features),
                RecordJson.targetStores(call.optional("TargetStores")),
                RecordJson.ttl(call.optional("TtlDuration")));
        switch (inStore(call, () -> store.update(update))) {
            case APPLIED -> {
                // an empty answer
            }
            case NO_RECORD ->
                throw new WireError(
                        WireErrors.RESOURCE_NOT_FOUND,
                        404,
                        "The feature group [" + nameOrArn + "] has no record of this identifier");
            case OLDER ->
                throw new WireError(
                        "ConflictException",
                        409,
                        "The event time feature named ["
                                + group.definition().eventTime().name() + "] is older than the record's");
        }
    }

    /** The group of a request on its records; while it is created or deleted it is refused with one error for all. */
    private EmulatedGroup group(EmulatedCall call, String nameOrArn) {
        EmulatedGroup group = catalog.find(nameOrArn);
        if (group == null) {
            throw errors.unknownGroup(call.operation(), nameOrArn);
        }
        if (!catalog.isUsable(group)) {
            throw WireErrors.validationError(WireErrors.notFoundText(nameOrArn));
        }
        return group;
    }

    private <T> T inStore(EmulatedCall call, Supplier<T> work) {
        try {
            return work.get();
        } catch (FeatureGroupNotFoundException e) {
            throw errors.unknownGroup(call.operation(), call.text("FeatureGroupName"));
        } catch (FeatureStoreException e) {
            throw errors.ofStore(e);
        }
    }
}
