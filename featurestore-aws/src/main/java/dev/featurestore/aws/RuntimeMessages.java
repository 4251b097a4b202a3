package dev.featurestore.aws;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordIdentifier;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.DeleteRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.ExpirationTimeResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.GetRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.GetRecordResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.PutRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.TtlDuration;

/**
 * Commands as requests of the runtime API, and its answers in wire terms, for both of its clients. A request is to be built
 * for each attempt: it carries what is left of the time.
 */
final class RuntimeMessages {
    /** What the stores over the runtime API can do. */
    static final Set<BackendCapability> CAPABILITIES = Set.of(BackendCapability.COLLECTIONS, BackendCapability.REPEATS);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final GroupNames groups;

    /**
     * With at least this much time left a request needs no timeout of its own: the client's is enough, or late by a
     * hundredth, since a moment has passed since the deadline was set.
     */
    private final @Nullable Duration sufficient;

    /** @param client the configuration of the client that sends the requests */
    RuntimeMessages(GroupNames groups, SdkServiceClientConfiguration client) {
        this.groups = groups;
        this.sufficient = client.overrideConfiguration()
                .apiCallTimeout()
                .map(timeout -> timeout.minus(timeout.dividedBy(100)))
                .orElse(null);
    }

    PutRecordRequest put(PutCommand command) {
        PutRecordRequest.Builder request = PutRecordRequest.builder()
                .featureGroupName(groups.sent(command.group()))
                .record(values(command.record()));
        if (!command.targetStores().isEmpty()) {
            request.targetStoresWithStrings(wireNames(command.targetStores()));
        }
        Ttl ttl = command.ttl();
        if (ttl != null) {
            request.ttlDuration(TtlDuration.builder()
                    .value(ttl.value())
                    .unit(ttl.unit().wireName())
                    .build());
        }
        return request.overrideConfiguration(within(command.deadline())).build();
    }

    GetRecordRequest get(GetCommand command) {
        GetRecordRequest.Builder request = GetRecordRequest.builder()
                .featureGroupName(groups.sent(command.group()))
                .recordIdentifierValueAsString(command.identifier())
                .expirationTimeResponse(ExpirationTimeResponse.ENABLED);
        if (!command.features().isEmpty()) {
            request.featureNames(command.features());
        }
        return request.overrideConfiguration(within(command.deadline())).build();
    }

    BatchGetRecordRequest batchGet(BatchGetCommand command) {
        List<BatchGetRecordIdentifier> identifiers =
                new ArrayList<>(command.parts().size());
        for (BatchGetCommand.Part part : command.parts()) {
            BatchGetRecordIdentifier.Builder identifier = BatchGetRecordIdentifier.builder()
                    .featureGroupName(groups.sent(part.group()))
                    .recordIdentifiersValueAsString(part.identifiers());
            if (!part.features().isEmpty()) {
                identifier.featureNames(part.features());
            }
            identifiers.add(identifier.build());
        }
        BatchGetRecordRequest.Builder request = BatchGetRecordRequest.builder()
                .identifiers(identifiers)
                .expirationTimeResponse(ExpirationTimeResponse.ENABLED);
        return request.overrideConfiguration(within(command.deadline())).build();
    }

    DeleteRecordRequest delete(DeleteCommand command) {
        DeleteRecordRequest.Builder request = DeleteRecordRequest.builder()
                .featureGroupName(groups.sent(command.group()))
                .recordIdentifierValueAsString(command.identifier())
                .eventTime(command.eventTime())
                .deletionMode(command.mode().wireName());
        if (!command.targetStores().isEmpty()) {
            request.targetStoresWithStrings(wireNames(command.targetStores()));
        }
        return request.overrideConfiguration(within(command.deadline())).build();
    }

    /** The timeout of one attempt; null where the deadline is no nearer than what the client allows anyway. */
    private @Nullable AwsRequestOverrideConfiguration within(Deadline deadline) {
        Duration remaining = deadline.remaining();
        if (sufficient != null && remaining.compareTo(sufficient) >= 0) {
            return null;
        }
        // the client counts in milliseconds, and takes none for no timeout at all
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(remaining.compareTo(SHORTEST) < 0 ? SHORTEST : remaining)
                .build();
    }

    static ServiceErrors.Call call(PutCommand command) {
        return new ServiceErrors.Call(
                "Putting a record to feature group '" + command.group() + "'", command.group(), true);
    }

    static ServiceErrors.Call call(GetCommand command) {
        return getting(command.group());
    }

    static ServiceErrors.Call call(BatchGetCommand command) {
        Set<String> asked = new LinkedHashSet<>();
        for (BatchGetCommand.Part part : command.parts()) {
            asked.add(part.group());
        }
        return new ServiceErrors.Call("Getting records of feature groups " + asked, asked, false);
    }

    static ServiceErrors.Call call(DeleteCommand command) {
        return new ServiceErrors.Call(
                "Deleting a record of feature group '" + command.group() + "'", command.group(), true);
    }

    private static ServiceErrors.Call getting(String group) {
        return new ServiceErrors.Call("Getting a record of feature group '" + group + "'", group, false);
    }

    Optional<StoredRecord> stored(String group, GetRecordResponse answer) {
        return answer.hasRecord() && !answer.record().isEmpty()
                ? Optional.of(new StoredRecord(record(answer.record()), time(group, answer.expiresAt())))
                : Optional.empty();
    }

    /** What failed in passing is unprocessed: it is to be asked for again. */
    BatchGetOutcome outcome(BatchGetRecordResponse answer) {
        Map<RecordKey, StoredRecord> records = new LinkedHashMap<>();
        Map<RecordKey, FeatureStoreException> errors = new LinkedHashMap<>();
        List<RecordKey> unprocessed = new ArrayList<>();
        answer.records().forEach(found -> {
            RecordKey key = key(found.featureGroupName(), found.recordIdentifierValueAsString());
            try {
                records.put(key, new StoredRecord(record(found.record()), time(key.group(), found.expiresAt())));
            } catch (RecordMappingException e) {
                errors.put(key, e);
            }
        });
        answer.errors().forEach(error -> {
            RecordKey key = key(error.featureGroupName(), error.recordIdentifierValueAsString());
            FeatureStoreException failure = ServiceErrors.of(
                    String.valueOf(error.errorCode()), String.valueOf(error.errorMessage()), getting(key.group()));
            if (failure.retryable()) {
                unprocessed.add(key);
            } else {
                errors.put(key, failure);
            }
        });
        answer.unprocessedIdentifiers()
                .forEach(part -> part.recordIdentifiersValueAsString()
                        .forEach(identifier -> unprocessed.add(key(part.featureGroupName(), identifier))));
        return new BatchGetOutcome(records, errors, unprocessed);
    }

    private RecordKey key(String group, String identifier) {
        return new RecordKey(groups.received(group), identifier);
    }

    private static List<String> wireNames(Collection<TargetStore> stores) {
        return stores.stream().map(TargetStore::wireName).toList();
    }

    private static List<FeatureValue> values(WireRecord record) {
        List<FeatureValue> values = new ArrayList<>(record.size());
        for (int n = 0; n < record.size(); n++) {
            FeatureValue.Builder value = FeatureValue.builder().featureName(record.name(n));
            String text = record.text(n);
            values.add((text != null ? value.valueAsString(text) : value.valueAsStringList(record.texts(n))).build());
        }
        return values;
    }

    private static WireRecord record(List<FeatureValue> values) {
        String[] names = new String[values.size()];
        Object[] texts = new Object[names.length];
        for (int n = 0; n < names.length; n++) {
            FeatureValue value = values.get(n);
            names[n] = value.featureName();
            String text = value.valueAsString();
            texts[n] = text != null ? text : value.valueAsStringList();
        }
        return WireRecord.of(names, texts);
    }

    /** The service documents ISO 8601 in UTC and no more, so any number of digits and an offset are read. */
    private static @Nullable Instant time(String group, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new RecordMappingException(
                    "Cannot read a record of feature group '" + group + "': the service says when it expires in "
                            + text.length() + " characters that are not a time of ISO 8601 with an offset",
                    group,
                    null,
                    null);
        }
    }
}
