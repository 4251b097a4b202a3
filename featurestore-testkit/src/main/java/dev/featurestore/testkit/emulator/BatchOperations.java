package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of the runtime service on several groups at once. */
final class BatchOperations {
    private final InMemoryFeatureStore store;

    private final GroupCatalog catalog;

    private final WireErrors errors;

    BatchOperations(InMemoryFeatureStore store, GroupCatalog catalog, WireErrors errors) {
        this.store = store;
        this.catalog = catalog;
        this.errors = errors;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of("BatchGetRecord", this::get, "BatchWriteRecord", this::write);
    }

    /**
     * What a batch read asks of one group.
     *
     * @param nameOrArn as the caller sent it
     * @param group null if there is none that can be read
     */
    private record Part(
            String nameOrArn, @Nullable EmulatedGroup group, List<String> identifiers, List<String> features) {}

    private void get(EmulatedCall call, JsonGenerator out) throws IOException {
        List<Part> parts = new ArrayList<>();
        List<Part> unprocessed = new ArrayList<>();
        split(call, parts, unprocessed);
        Map<String, Part> byName = new LinkedHashMap<>();
        List<BatchGetCommand.Part> known = new ArrayList<>();
        for (Part part : parts) {
            if (part.group() != null && !part.identifiers().isEmpty()) {
                String name = part.group().definition().name();
                byName.putIfAbsent(name, part);
                known.add(new BatchGetCommand.Part(name, part.identifiers(), part.features()));
            }
        }
        BatchGetOutcome outcome = read(call, known);
        boolean withExpiry = "Enabled".equals(call.optionalText("ExpirationTimeResponse"));
        out.writeStartObject();
        out.writeArrayFieldStart("Records");
        for (Map.Entry<RecordKey, StoredRecord> found : outcome.records().entrySet()) {
            Part part = byName.get(found.getKey().group());
            if (part != null && part.group() != null) {
                writeFound(
                        out, part.nameOrArn(), part.group(), found.getKey().identifier(), found.getValue(), withExpiry);
            }
        }
        out.writeEndArray();
        writeErrors(out, parts, outcome);
        for (RecordKey key : outcome.unprocessed()) {
            Part part = byName.get(key.group());
            if (part != null) {
                unprocessed.add(new Part(part.nameOrArn(), part.group(), List.of(key.identifier()), part.features()));
            }
        }
        writeUnprocessed(out, unprocessed);
        out.writeEndObject();
    }

    /** Finds the groups, and sets aside what a fault leaves unprocessed. */
    private void split(EmulatedCall call, List<Part> parts, List<Part> unprocessed) {
        JsonNode identifiers = call.input().path("Identifiers");
        int keys = 0;
        for (JsonNode identifier : identifiers) {
            keys += identifier.path("RecordIdentifiersValueAsString").size();
        }
        if (keys > BatchGetCommand.MAX_RECORDS) {
            throw WireErrors.validationError("A request has at most " + BatchGetCommand.MAX_RECORDS
                    + " record identifiers in all its groups, got " + keys);
        }
        BitSet leftOut = call.faults().unprocessed(keys);
        int key = 0;
        for (JsonNode identifier : identifiers) {
            String nameOrArn = identifier.path("FeatureGroupName").asText();
            EmulatedGroup group = catalog.find(nameOrArn);
            List<String> wanted = new ArrayList<>();
            List<String> left = new ArrayList<>();
            for (JsonNode text : identifier.path("RecordIdentifiersValueAsString")) {
                (leftOut.get(key++) ? left : wanted).add(text.asText());
            }
            List<String> features = RecordJson.strings(EmulatedCall.optional(identifier, "FeatureNames"));
            parts.add(new Part(nameOrArn, group != null && catalog.isUsable(group) ? group : null, wanted, features));
            if (!left.isEmpty()) {
                unprocessed.add(new Part(nameOrArn, group, left, features));
            }
        }
    }

    private BatchGetOutcome read(EmulatedCall call, List<BatchGetCommand.Part> parts) {
        if (parts.isEmpty()) {
            return new BatchGetOutcome(Map.of(), Map.of(), List.of());
        }
        try {
            return call.faults().reader(store).batchGet(new BatchGetCommand(parts, Deadline.none()));
        } catch (FeatureStoreException e) {
            throw errors.ofStore(e);
        }
    }

    private static void writeFound(
            JsonGenerator out,
            String nameOrArn,
            EmulatedGroup group,
            String identifier,
            StoredRecord found,
            boolean withExpiry)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("FeatureGroupName", nameOrArn);
        out.writeStringField("RecordIdentifierValueAsString", identifier);
        out.writeFieldName("Record");
        RecordJson.write(out, group.shape(), found.record());
        Instant expiresAt = found.expiresAt();
        if (withExpiry && expiresAt != null) {
            out.writeStringField("ExpiresAt", RecordJson.expiresAt(expiresAt));
        }
        out.writeEndObject();
    }

    private void writeErrors(JsonGenerator out, List<Part> parts, BatchGetOutcome outcome) throws IOException {
        out.writeArrayFieldStart("Errors");
        for (Part part : parts) {
            for (String identifier : part.identifiers()) {
                WireError error = error(part, identifier, outcome);
                if (error != null) {
                    out.writeStartObject();
                    out.writeStringField("FeatureGroupName", part.nameOrArn());
                    out.writeStringField("RecordIdentifierValueAsString", identifier);
                    out.writeStringField("ErrorCode", error.code());
                    out.writeStringField("ErrorMessage", error.text());
                    out.writeEndObject();
                }
            }
        }
        out.writeEndArray();
    }

    private @Nullable WireError error(Part part, String identifier, BatchGetOutcome outcome) {
        EmulatedGroup group = part.group();
        if (group == null) {
            return new WireError(WireErrors.RESOURCE_NOT_FOUND, 404, WireErrors.notFoundText(part.nameOrArn()));
        }
        FeatureStoreException failure =
                outcome.errors().get(new RecordKey(group.definition().name(), identifier));
        return failure == null ? null : errors.ofStore(failure);
    }

    private static void writeUnprocessed(JsonGenerator out, List<Part> unprocessed) throws IOException {
        out.writeArrayFieldStart("UnprocessedIdentifiers");
        for (Part part : unprocessed) {
            out.writeStartObject();
            out.writeStringField("FeatureGroupName", part.nameOrArn());
            writeStrings(out, "RecordIdentifiersValueAsString", part.identifiers());
            if (!part.features().isEmpty()) {
                writeStrings(out, "FeatureNames", part.features());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeStrings(JsonGenerator out, String name, List<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private void write(EmulatedCall call, JsonGenerator out) throws IOException {
        JsonNode entries = call.input().path("Entries");
        List<EmulatedGroup> groups = new ArrayList<>();
        for (JsonNode entry : entries) {
            groups.add(writable(call, entry.path("FeatureGroupName").asText()));
        }
        BitSet leftOut = call.faults().unprocessed(entries.size());
        Ttl ttl = RecordJson.ttl(call.optional("TtlDuration"));
        out.writeStartObject();
        out.writeArrayFieldStart("Errors");
        for (int i = 0; i < groups.size(); i++) {
            if (!leftOut.get(i)) {
                WireError error = write(groups.get(i), entries.get(i), ttl);
                if (error != null && error.isRetryable()) {
                    leftOut.set(i);
                } else if (error != null) {
                    out.writeStartObject();
                    out.writeFieldName("Entry");
                    out.writeTree(entries.get(i));
                    out.writeStringField("ErrorCode", error.code());
                    out.writeStringField("ErrorMessage", error.text());
                    out.writeEndObject();
                }
            }
        }
        out.writeEndArray();
        out.writeArrayFieldStart("UnprocessedEntries");
        for (int i = leftOut.nextSetBit(0); i >= 0; i = leftOut.nextSetBit(i + 1)) {
            out.writeTree(entries.get(i));
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** A group that is not there fails the whole request, before anything is written. */
    private EmulatedGroup writable(EmulatedCall call, String nameOrArn) {
        EmulatedGroup group = catalog.find(nameOrArn);
        if (group == null) {
            throw errors.unknownGroup(call.operation(), nameOrArn);
        }
        if (!catalog.isUsable(group)) {
            throw WireErrors.validationError(WireErrors.notFoundText(nameOrArn));
        }
        return group;
    }

    /** Writes one entry, whose own time to live goes before the request's; what was wrong with it, or null. */
    private @Nullable WireError write(EmulatedGroup group, JsonNode entry, @Nullable Ttl requestTtl) {
        Set<TargetStore> targets = RecordJson.targetStores(EmulatedCall.optional(entry, "TargetStores"));
        Ttl own = RecordJson.ttl(EmulatedCall.optional(entry, "TtlDuration"));
        try {
            store.onlineStore()
                    .put(new PutCommand(
                            group.definition().name(),
                            RecordJson.read(group.definition(), entry.path("Record")),
                            targets,
                            own == null ? requestTtl : own,
                            Deadline.none()));
            return null;
        } catch (WireError e) {
            return e;
        } catch (FeatureStoreException e) {
            WireError error = errors.ofStore(e);
            if (error.isConnectionDropped()) {
                throw error;
            }
            return error;
        }
    }
}
