package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureView;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UpdateFeatureGroup, feature metadata and tags. */
class GroupChangesTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String ARN = "arn:aws:sagemaker:us-east-1:000000000000:feature-group/cards";

    private static final String NEW_FEATURE =
            "'FeatureAdditions': [{'FeatureName': 'fresh', 'FeatureType': 'Integral'}]";

    private final ManualClock clock = ManualClock.startingAt(Instant.parse(T0));

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .store(InMemoryFeatureStore.create(clock))
            .updateTime(Duration.ofMinutes(5))
            .start();

    private final Wire wire = new Wire(emulator);

    @BeforeEach
    void createGroup() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    private HttpResponse<String> update(String change) {
        return wire.control("UpdateFeatureGroup", "{'FeatureGroupName': 'cards', " + change + "}");
    }

    private JsonNode describe() {
        return Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}"));
    }

    private String get(String id) {
        return wire.runtime(
                        "GET",
                        "/FeatureGroup/cards?ExpirationTimeResponse=Enabled&RecordIdentifierValueAsString=" + id,
                        "")
                .body();
    }

    @Test
    void addedFeaturesCanBeWrittenOnceTheUpdateIsDoneAndOldRecordsLackThem() {
        wire.put("cards", "card_id", "old", "event_time", T0);
        HttpResponse<String> updated = update(NEW_FEATURE);

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(updated.body()).isEqualTo("{\"FeatureGroupArn\":\"" + ARN + "\"}");
        assertThat(describe().path("LastUpdateStatus")).isEqualTo(Wire.json("{'Status': 'InProgress'}"));
        assertThat(describe().path("FeatureDefinitions")).hasSize(4);
        String record = "{'Record': " + Wire.record("card_id", "new", "event_time", T0, "fresh", "1") + "}";
        assertThat(wire.runtime("PUT", "/FeatureGroup/cards", record).statusCode())
                .isEqualTo(400);

        clock.advance(Duration.ofMinutes(5));
        assertThat(describe().path("LastUpdateStatus")).isEqualTo(Wire.json("{'Status': 'Successful'}"));
        assertThat(describe().path("FeatureDefinitions").get(4))
                .isEqualTo(Wire.json("{'FeatureName': 'fresh', 'FeatureType': 'Integral'}"));
        assertThat(describe().path("LastModifiedTime").asDouble())
                .isGreaterThan(describe().path("CreationTime").asDouble());
        assertThat(wire.runtime("PUT", "/FeatureGroup/cards", record).statusCode())
                .isEqualTo(200);
        assertThat(get("new")).contains("fresh");
        assertThat(get("old")).contains("Record").doesNotContain("fresh");
    }

    @Test
    void anotherTimeToLiveIsForLaterWritesOnly() {
        update("'OnlineStoreConfig': {'TtlDuration': {'Unit': 'Days', 'Value': 1}}");
        wire.put("cards", "card_id", "before", "event_time", T0);
        clock.advance(Duration.ofMinutes(5));
        wire.put("cards", "card_id", "after", "event_time", T0);

        assertThat(get("before")).doesNotContain("ExpiresAt");
        assertThat(get("after")).contains("2025-06-02T12:00:00Z");
        assertThat(describe().path("OnlineStoreConfig").path("TtlDuration"))
                .isEqualTo(Wire.json("{'Unit': 'Days', 'Value': 1}"));

        update("'OnlineStoreConfig': {'TtlDuration': {}}");
        clock.advance(Duration.ofMinutes(5));
        wire.put("cards", "card_id", "later", "event_time", T0);
        assertThat(get("later")).doesNotContain("ExpiresAt");
        assertThat(get("after")).contains("ExpiresAt");
        assertThat(describe().path("OnlineStoreConfig").has("TtlDuration")).isFalse();
    }

    @Test
    void standardBecomesStandardV2AndKeepsItsTimeToLive() {
        update("'OnlineStoreConfig': {'TtlDuration': {'Unit': 'Days', 'Value': 1}}");
        clock.advance(Duration.ofMinutes(5));
        update("'OnlineStoreConfig': {'StorageType': 'Standard_V2'}");
        clock.advance(Duration.ofMinutes(5));

        assertThat(describe().path("OnlineStoreConfig"))
                .isEqualTo(Wire.json("{'EnableOnlineStore': true, 'TtlDuration': {'Unit': 'Days', 'Value': 1},"
                        + " 'StorageType': 'Standard_V2'}"));
        assertThat(update("'OnlineStoreConfig': {'StorageType': 'Standard'}").body())
                .contains("ValidationException")
                .contains("Standard to Standard_V2");
    }

    @Test
    void throughputIsChanged() {
        update("'ThroughputConfig': {'ThroughputMode': 'Provisioned', 'ProvisionedReadCapacityUnits': 10,"
                + " 'ProvisionedWriteCapacityUnits': 20}");
        clock.advance(Duration.ofMinutes(5));
        update("'ThroughputConfig': {'ProvisionedReadCapacityUnits': 11}");
        clock.advance(Duration.ofMinutes(5));

        assertThat(describe().path("ThroughputConfig"))
                .isEqualTo(Wire.json("{'ThroughputMode': 'Provisioned', 'ProvisionedReadCapacityUnits': 11,"
                        + " 'ProvisionedWriteCapacityUnits': 20}"));
        update("'ThroughputConfig': {'ThroughputMode': 'OnDemand'}");
        clock.advance(Duration.ofMinutes(5));
        assertThat(describe().path("ThroughputConfig")).isEqualTo(Wire.json("{'ThroughputMode': 'OnDemand'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Other': 1 | exactly one of",
                NEW_FEATURE + ", 'ThroughputConfig': {'ThroughputMode': 'OnDemand'} | exactly one of",
                "'FeatureAdditions': [{'FeatureName': 'count', 'FeatureType': 'String'}] | twice",
                "'OnlineStoreConfig': {'TtlDuration': {'Unit': 'Days'}} | a Unit and a Value",
                "'OnlineStoreConfig': {'StorageType': 'InMemory'} | Standard to Standard_V2",
                "'ThroughputConfig': {'ThroughputMode': 'Provisioned', 'ProvisionedReadCapacityUnits': 40001} | 40000",
            })
    void aChangeThatBreaksARuleIsRefused(String change, String reason) {
        HttpResponse<String> response = update(change);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.json(response).path("__type").asText()).isEqualTo("ValidationException");
        assertThat(Wire.json(response).path("Message").asText()).contains(reason);
        assertThat(describe().has("LastUpdateStatus")).isFalse();
    }

    @Test
    void oneUpdateRunsAtATimeAndOnlyOfAGroupThatIsThere() {
        update(NEW_FEATURE);

        assertThat(update(NEW_FEATURE).body()).contains("ValidationException");
        assertThat(wire.control("UpdateFeatureGroup", "{'FeatureGroupName': 'nowhere', " + NEW_FEATURE + "}")
                        .body())
                .contains("\"__type\":\"ResourceNotFound\"");
    }

    @Test
    void featuresAreAddedToAGroupWhoseHistoryIsInFiles(@TempDir Path directory) {
        try (LocalOfflineStore files = LocalOfflineStore.at(directory, clock);
                FeatureStoreEmulator other = FeatureStoreEmulator.builder()
                        .store(InMemoryFeatureStore.builder()
                                .clock(clock)
                                .offlineStore(files)
                                .build())
                        .start()) {
            Wire there = new Wire(other);
            there.control("CreateFeatureGroup", Groups.transactions("cards"));
            there.put("cards", "card_id", "old", "event_time", T0, "amount", "1.5");
            there.control("UpdateFeatureGroup", "{'FeatureGroupName': 'cards', " + NEW_FEATURE + "}");
            JsonNode group = Wire.json(there.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}"));
            there.put("cards", "card_id", "new", "event_time", T0, "fresh", "7");
            clock.advance(Duration.ofMinutes(1));

            assertThat(group.path("LastUpdateStatus")).isEqualTo(Wire.json("{'Status': 'Successful'}"));
            assertThat(training(other.store(), "old", "new"))
                    .containsExactlyInAnyOrder("[1.5, NaN, NaN]", "[NaN, NaN, 7.0]");
        }
    }

    /** What a model that takes all features of the group is trained on, for labels of these cards. */
    private List<String> training(InMemoryFeatureStore store, String... cards) {
        FeatureView view = FeatureView.named("model")
                .from(
                        store.definition("cards").orElseThrow(),
                        select -> select.key("card_id").allFeatures())
                .build();
        List<SpineRow> labels = Stream.of(cards)
                .map(card -> SpineRow.of(clock.instant(), Map.of("card_id", card)))
                .toList();
        try (TrainingRows rows =
                store.view(view).trainingSet(Spine.rows(labels)).run()) {
            return StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> Arrays.toString(row.vector().toDoubleArray()))
                    .toList();
        }
    }

    @Test
    void anUpdateThatTheStoreCannotMakeFails() {
        update(NEW_FEATURE);
        FeatureGroup<?> before = emulator.store().definition("cards").orElseThrow();
        emulator.store()
                .admin()
                .apply(FeatureGroup.named("cards")
                        .recordIdentifier(before.recordIdentifier())
                        .eventTime(before.eventTime())
                        .features(
                                before.feature("amount", Double.class),
                                before.feature("count", Long.class),
                                Feature.string("fresh"))
                        .onlineStore()
                        .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                        .build());
        clock.advance(Duration.ofMinutes(5));

        JsonNode status = describe().path("LastUpdateStatus");
        assertThat(status.path("Status").asText()).isEqualTo("Failed");
        assertThat(status.path("FailureReason").asText()).contains("'fresh'").contains("deployed as String");
    }

    @Test
    void featuresAreAnnotated() {
        String feature = "{'FeatureGroupName': '" + ARN + "', 'FeatureName': 'amount'";
        clock.advance(Duration.ofSeconds(1));
        HttpResponse<String> updated = wire.control(
                "UpdateFeatureMetadata",
                feature + ", 'Description': 'In euro', 'ParameterAdditions': [{'Key': 'team', 'Value': 'fraud'},"
                        + " {'Key': 'pii', 'Value': 'no'}]}");
        wire.control("UpdateFeatureMetadata", feature + ", 'ParameterRemovals': ['pii']}");

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(updated.body()).isEmpty();
        assertThat(Wire.json(wire.control("DescribeFeatureMetadata", feature + "}")))
                .isEqualTo(
                        Wire.json(
                                "{'FeatureGroupArn': '" + ARN + "', 'FeatureGroupName': 'cards', 'FeatureName':"
                                        + " 'amount', 'FeatureType': 'Fractional', 'CreationTime': 1748779200.000, 'LastModifiedTime':"
                                        + " 1748779201.000, 'Description': 'In euro', 'Parameters': [{'Key': 'team', 'Value': 'fraud'}]}"));
        assertThat(wire.control("DescribeFeatureMetadata", "{'FeatureGroupName': 'cards', 'FeatureName': 'other'}")
                        .body())
                .contains("\"__type\":\"ResourceNotFound\"");
    }

    @Test
    void aFeatureHasAtMostTwentyFiveParameters() {
        String feature = "{'FeatureGroupName': 'cards', 'FeatureName': 'amount', 'ParameterAdditions': [";
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            parameters.append(i == 0 ? "" : ",").append("{'Key': 'k").append(i).append("', 'Value': 'v'}");
        }

        assertThat(wire.control("UpdateFeatureMetadata", feature + parameters + "]}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(wire.control("UpdateFeatureMetadata", feature + "{'Key': 'one-more', 'Value': 'v'}]}")
                        .body())
                .contains("ValidationException")
                .contains("at most 25 parameters");
    }

    @Test
    void tagsAreAddedListedAndDeleted() {
        String resource = "{'ResourceArn': '" + ARN + "'";
        HttpResponse<String> added = wire.control(
                "AddTags", resource + ", 'Tags': [{'Key': 'team', 'Value': 'fraud'}, {'Key': 'env', 'Value': ''}]}");
        HttpResponse<String> deleted = wire.control("DeleteTags", resource + ", 'TagKeys': ['team', 'never']}");

        assertThat(added.body())
                .isEqualTo(Wire.text("{'Tags':[{'Key':'team','Value':'fraud'},{'Key':'env','Value':''}]}"));
        assertThat(deleted.body()).isEqualTo("{}");
        assertThat(wire.control("ListTags", resource + "}").body())
                .isEqualTo(Wire.text("{'Tags':[{'Key':'env','Value':''}]}"));
        assertThat(wire.control("ListTags", "{'ResourceArn': '" + ARN + "2'}").body())
                .contains("\"__type\":\"ValidationException\"");
    }
}
