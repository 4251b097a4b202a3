package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts and batch writes of one group by requests to an emulator, as a backend over a newer SDK would. */
final class WireOnlineStore implements OnlineStore {
    private final Wire wire;

    WireOnlineStore(FeatureStoreEmulator emulator) {
        this.wire = new Wire(emulator);
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of(BackendCapability.BATCH_WRITE);
    }

    @Override
    public void put(PutCommand command) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("Record", json(command.record()));
        send("PUT", "/FeatureGroup/" + command.group(), body, command.group());
    }

    @Override
    public BatchWriteOutcome batchWrite(BatchWriteCommand command) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = body.putArray("Entries");
        List<JsonNode> sent = new ArrayList<>();
        for (PutCommand put : command.puts()) {
            sent.add(entries.addObject().put("FeatureGroupName", put.group()).set("Record", json(put.record())));
        }
        String group = command.puts().get(0).group();
        JsonNode answer = Wire.json(send("POST", "/BatchWriteRecord", body, group));
        Map<Integer, FeatureStoreException> errors = new HashMap<>();
        for (JsonNode error : answer.path("Errors")) {
            errors.put(
                    sent.indexOf(error.path("Entry")),
                    failure(400, error.path("ErrorCode").asText(), group));
        }
        List<Integer> unprocessed = new ArrayList<>();
        answer.path("UnprocessedEntries").forEach(entry -> unprocessed.add(sent.indexOf(entry)));
        return new BatchWriteOutcome(errors, unprocessed);
    }

    private HttpResponse<String> send(String method, String path, ObjectNode body, String group) {
        HttpResponse<String> response;
        try {
            response = wire.runtime(method, path, body.toString());
        } catch (UncheckedIOException e) {
            throw new WriteOutcomeUnknownException("No answer came", group, null, e);
        }
        if (response.statusCode() != 200) {
            throw failure(
                    response.statusCode(),
                    response.headers().firstValue("x-amzn-ErrorType").orElse(""),
                    group);
        }
        return response;
    }

    private static FeatureStoreException failure(int status, String code, String group) {
        if (code.startsWith("Throttling")) {
            return new ThrottledException(code, group, null, null);
        }
        if (code.startsWith("ResourceNotFound")) {
            return new FeatureGroupNotFoundException(code, group, null, null);
        }
        return status >= 500
                ? new StoreUnavailableException(code, group, null, null)
                : new InvalidRequestException(code, group, null, null);
    }

    private static ArrayNode json(WireRecord record) {
        ArrayNode features = JsonNodeFactory.instance.arrayNode();
        for (int n = 0; n < record.size(); n++) {
            features.addObject().put("FeatureName", record.name(n)).put("ValueAsString", record.text(n));
        }
        return features;
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        throw new UnsupportedOperationException("get");
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
        throw new UnsupportedOperationException("batchGet");
    }

    @Override
    public void delete(DeleteCommand command) {
        throw new UnsupportedOperationException("delete");
    }
}
