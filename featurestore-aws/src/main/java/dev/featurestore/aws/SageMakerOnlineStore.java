package dev.featurestore.aws;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
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

/** The online store over the official runtime client: a translation of requests and answers. */
final class SageMakerOnlineStore implements OnlineStore {
    private final SageMakerFeatureStoreRuntimeClient client;

    private final Requests requests;

    private final GroupNames groups;

    /**
     * With at least this much time left a request needs no timeout of its own: the client's is enough, or late by a
     * hundredth, since a moment has passed since the deadline was set.
     */
    private final @Nullable Duration sufficient;

    SageMakerOnlineStore(SageMakerFeatureStoreRuntimeClient client, Requests requests, GroupNames groups) {
        this.client = client;
        this.requests = requests;
        this.groups = groups;
        this.sufficient = client.serviceClientConfiguration()
                .overrideConfiguration()
                .apiCallTimeout()
                .map(timeout -> timeout.minus(timeout.dividedBy(100)))
                .orElse(null);
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of(BackendCapability.COLLECTIONS);
    }

    @Override
    public void put(PutCommand command) {
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
        requests.send(
                new ServiceErrors.Call(
                        "Putting a record to feature group '" + command.group() + "'", command.group(), true),
                command.deadline(),
                () -> client.putRecord(request.overrideConfiguration(within(command.deadline()))
                        .build()));
    }

    @Override
    public Optional<StoredRecord> get(GetCommand command) {
        GetRecordRequest.Builder request = GetRecordRequest.builder()
                .featureGroupName(groups.sent(command.group()))
                .recordIdentifierValueAsString(command.identifier())
                .expirationTimeResponse(ExpirationTimeResponse.ENABLED);
        if (!command.features().isEmpty()) {
            request.featureNames(command.features());
        }
        GetRecordResponse answer = requests.send(
                new ServiceErrors.Call(
                        "Getting a record of feature group '" + command.group() + "'", command.group(), false),
                command.deadline(),
                () -> client.getRecord(request.overrideConfiguration(within(command.deadline()))
                        .build()));
        return answer.hasRecord() && !answer.record().isEmpty()
                ? Optional.of(new StoredRecord(record(answer.record()), time(answer.expiresAt())))
                : Optional.empty();
    }

    @Override
    public BatchGetOutcome batchGet(BatchGetCommand command) {
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
        String group = command.parts().size() == 1 ? command.parts().get(0).group() : null;
        BatchGetRecordResponse answer = requests.send(
                new ServiceErrors.Call(
                        "Getting records of " + command.parts().size() + " feature groups", group, false),
                command.deadline(),
                () -> client.batchGetRecord(request.overrideConfiguration(within(command.deadline()))
                        .build()));
        return outcome(answer);
    }

    private BatchGetOutcome outcome(BatchGetRecordResponse answer) {
        Map<RecordKey, StoredRecord> records = new LinkedHashMap<>();
        answer.records()
                .forEach(found -> records.put(
                        key(found.featureGroupName(), found.recordIdentifierValueAsString()),
                        new StoredRecord(record(found.record()), time(found.expiresAt()))));
        Map<RecordKey, FeatureStoreException> errors = new LinkedHashMap<>();
        answer.errors().forEach(error -> {
            RecordKey key = key(error.featureGroupName(), error.recordIdentifierValueAsString());
            ServiceErrors.Call call = new ServiceErrors.Call(
                    "Getting a record of feature group '" + key.group() + "'", key.group(), false);
            errors.put(
                    key,
                    ServiceErrors.of(String.valueOf(error.errorCode()), String.valueOf(error.errorMessage()), call));
        });
        List<RecordKey> unprocessed = new ArrayList<>();
        answer.unprocessedIdentifiers()
                .forEach(part -> part.recordIdentifiersValueAsString()
                        .forEach(identifier -> unprocessed.add(key(part.featureGroupName(), identifier))));
        return new BatchGetOutcome(records, errors, unprocessed);
    }

    @Override
    public void delete(DeleteCommand command) {
        DeleteRecordRequest.Builder request = DeleteRecordRequest.builder()
                .featureGroupName(groups.sent(command.group()))
                .recordIdentifierValueAsString(command.identifier())
                .eventTime(command.eventTime())
                .deletionMode(command.mode().wireName());
        if (!command.targetStores().isEmpty()) {
            request.targetStoresWithStrings(wireNames(command.targetStores()));
        }
        requests.send(
                new ServiceErrors.Call(
                        "Deleting a record of feature group '" + command.group() + "'", command.group(), true),
                command.deadline(),
                () -> client.deleteRecord(request.overrideConfiguration(within(command.deadline()))
                        .build()));
    }

    /** The timeout of one attempt; null where the deadline is no nearer than what the client allows anyway. */
    private @Nullable AwsRequestOverrideConfiguration within(Deadline deadline) {
        Duration remaining = deadline.remaining();
        if (sufficient != null && remaining.compareTo(sufficient) >= 0) {
            return null;
        }
        Duration positive = remaining.isZero() ? Duration.ofMillis(1) : remaining;
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(positive)
                .build();
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
    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    @Override
    public String toString() {
        return "SageMaker online store";
    }
}
