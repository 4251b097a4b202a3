package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupOperationsTest {
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00.250Z");

    private final ManualClock clock = ManualClock.startingAt(NOW);

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .store(InMemoryFeatureStore.create(clock))
            .creationTime(Duration.ofMinutes(1))
            .deletionTime(Duration.ofSeconds(30))
            .region("eu-central-1")
            .behaviour(EmulatorBehaviour.defaults().withDescribePageSize(3))
            .start();

    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void creationAnswersWithTheArn() {
        HttpResponse<String> created = wire.control("CreateFeatureGroup", Groups.transactions("cards"));

        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(created.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.1");
        assertThat(created.headers().firstValue("x-amzn-requestid")).isPresent();
        assertThat(created.body())
                .isEqualTo("{\"FeatureGroupArn\":\"arn:aws:sagemaker:eu-central-1:000000000000:feature-group/cards\"}");
    }

    @Test
    void aGroupIsDescribedPageByPage() {
        wire.control("CreateFeatureGroup", Groups.transactions("my-Cards"));

        JsonNode first = Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'my-Cards'}"));

        String base =
                "s3://features/offline/000000000000/sagemaker/eu-central-1/offline-store/my-Cards-1748779200/data";
        String token = first.path("NextToken").asText();
        assertThat(first)
                .isEqualTo(Wire.json("{'FeatureGroupArn': 'arn:aws:sagemaker:eu-central-1:000000000000:feature-group"
                        + "/my-Cards', 'FeatureGroupName': 'my-Cards', 'RecordIdentifierFeatureName': 'card_id',"
                        + " 'EventTimeFeatureName': 'event_time', 'FeatureDefinitions': ["
                        + "{'FeatureName': 'amount', 'FeatureType': 'Fractional'},"
                        + "{'FeatureName': 'card_id', 'FeatureType': 'String'},"
                        + "{'FeatureName': 'event_time', 'FeatureType': 'String'}],"
                        + " 'CreationTime': 1748779200.250, 'LastModifiedTime': 1748779200.250,"
                        + " 'OnlineStoreConfig': {'EnableOnlineStore': true, 'StorageType': 'Standard'},"
                        + " 'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://features/offline',"
                        + " 'ResolvedOutputS3Uri': '" + base + "'}, 'DisableGlueTableCreation': false,"
                        + " 'DataCatalogConfig': {'TableName': 'my_cards_1748779200', 'Catalog': 'AwsDataCatalog',"
                        + " 'Database': 'sagemaker_featurestore'}, 'TableFormat': 'Glue'},"
                        + " 'RoleArn': '" + Groups.ROLE + "', 'FeatureGroupStatus': 'Creating',"
                        + " 'OfflineStoreStatus': {'Status': 'Active'}, 'NextToken': '" + token + "'}"));
        JsonNode second = Wire.json(wire.control(
                "DescribeFeatureGroup",
                "{'FeatureGroupName': 'arn:aws:sagemaker:eu-central-1:000000000000:feature-group/my-Cards',"
                        + " 'NextToken': '" + token + "'}"));
        assertThat(second.path("FeatureDefinitions"))
                .isEqualTo(Wire.json("[{'FeatureName': 'count', 'FeatureType': 'Integral'}]"));
        assertThat(second.has("NextToken")).isFalse();
    }

    @Test
    void recordsCanBeUsedOnceTheGroupIsCreated() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        String record = "{'Record': " + Wire.record("card_id", "c1", "event_time", "2025-06-01T12:00:00Z") + "}";

        HttpResponse<String> early = wire.runtime("PUT", "/FeatureGroup/cards", record);
        HttpResponse<String> earlyGet = wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c", "");
        clock.advance(Duration.ofMinutes(1));

        assertThat(early.statusCode()).isEqualTo(400);
        assertThat(early.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(early.body()).contains("Resource Not Found");
        assertThat(earlyGet.statusCode()).isEqualTo(400);
        assertThat(wire.runtime("PUT", "/FeatureGroup/cards", record).statusCode())
                .isEqualTo(200);
        assertThat(status("cards")).isEqualTo("Created");
    }

    @Test
    void aNameIsTakenUntilTheGroupIsGone() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        clock.advance(Duration.ofMinutes(1));
        HttpResponse<String> again = wire.control("CreateFeatureGroup", Groups.transactions("cards"));

        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.1");
        assertThat(again.body())
                .isEqualTo("{\"__type\":\"ResourceInUse\",\"Message\":\"Resource Already Exists: FeatureGroup with name"
                        + " cards already exists. Choose a different name.\"}");

        HttpResponse<String> deleted = wire.control("DeleteFeatureGroup", "{'FeatureGroupName': 'cards'}");
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.body()).isEmpty();
        assertThat(status("cards")).isEqualTo("Deleting");
        assertThat(wire.control("CreateFeatureGroup", Groups.transactions("cards"))
                        .body())
                .contains("ResourceInUse");
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c", "")
                        .statusCode())
                .isEqualTo(400);

        clock.advance(Duration.ofSeconds(30));
        HttpResponse<String> gone = wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}");
        assertThat(gone.statusCode()).isEqualTo(400);
        assertThat(gone.body())
                .isEqualTo("{\"__type\":\"ResourceNotFound\",\"Message\":\"Resource Not Found: Amazon SageMaker can't"
                        + " find a FeatureGroup with name [cards].\"}");
        assertThat(wire.control("CreateFeatureGroup", Groups.transactions("cards"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void anUnknownGroupCannotBeDeletedAndNoGroupByArn() {
        assertThat(wire.control("DeleteFeatureGroup", "{'FeatureGroupName': 'cards'}")
                        .body())
                .contains("\"__type\":\"ResourceNotFound\"");
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
        assertThat(wire.control(
                                "DeleteFeatureGroup",
                                "{'FeatureGroupName': 'arn:aws:sagemaker:eu-central-1:000000000000:feature-group/cards'}")
                        .body())
                .contains("\"__type\":\"ValidationException\"");
    }

    @Test
    void aGroupCreatedByAProgramIsThereAsWell() {
        FeatureGroup<?> group = FeatureGroup.named("direct")
                .recordIdentifier(Feature.integral("id"))
                .eventTime(Feature.eventTime("at"))
                .onlineStore(online -> online.ttl(Duration.ofDays(14)))
                .build();
        emulator.store().admin().apply(group);

        JsonNode described = Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'direct'}"));

        assertThat(described.path("FeatureGroupStatus").asText()).isEqualTo("Created");
        assertThat(described.path("OnlineStoreConfig"))
                .isEqualTo(Wire.json("{'EnableOnlineStore': true, 'TtlDuration': {'Unit': 'Weeks', 'Value': 2},"
                        + " 'StorageType': 'Standard'}"));
    }

    @Test
    void everySettingOfAGroupComesBack() {
        HttpResponse<String> created = wire.control(
                "CreateFeatureGroup",
                Groups.group(
                        "wide",
                        "'Description': 'About cards'",
                        "'Tags': [{'Key': 'team', 'Value': 'fraud'}]",
                        "'ThroughputConfig': {'ThroughputMode': 'Provisioned', 'ProvisionedReadCapacityUnits': 5,"
                                + " 'ProvisionedWriteCapacityUnits': 7}",
                        Groups.online(", 'SecurityConfig': {'KmsKeyId': 'alias/online'},"
                                + " 'TtlDuration': {'Unit': 'Days', 'Value': 90}, 'StorageType': 'Standard'"),
                        "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://features/', 'KmsKeyId': 'alias/off'},"
                                + " 'DisableGlueTableCreation': true, 'TableFormat': 'Glue', 'DataCatalogConfig':"
                                + " {'TableName': 'mine', 'Catalog': 'AwsDataCatalog', 'Database': 'lake'}}"));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);

        JsonNode group = Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'wide'}"));
        assertThat(group.path("Description").asText()).isEqualTo("About cards");
        assertThat(group.path("ThroughputConfig"))
                .isEqualTo(Wire.json("{'ThroughputMode': 'Provisioned', 'ProvisionedReadCapacityUnits': 5,"
                        + " 'ProvisionedWriteCapacityUnits': 7}"));
        assertThat(group.path("OnlineStoreConfig"))
                .isEqualTo(Wire.json("{'SecurityConfig': {'KmsKeyId': 'alias/online'}, 'EnableOnlineStore': true,"
                        + " 'TtlDuration': {'Unit': 'Days', 'Value': 90}, 'StorageType': 'Standard'}"));
        assertThat(group.path("OfflineStoreConfig").path("DataCatalogConfig"))
                .isEqualTo(Wire.json("{'TableName': 'mine', 'Catalog': 'AwsDataCatalog', 'Database': 'lake'}"));
        assertThat(group.path("OfflineStoreConfig")
                        .path("DisableGlueTableCreation")
                        .asBoolean())
                .isTrue();
        assertThat(group.path("OfflineStoreConfig")
                        .path("S3StorageConfig")
                        .path("KmsKeyId")
                        .asText())
                .isEqualTo("alias/off");
        assertThat(Wire.json(wire.control(
                        "ListTags",
                        "{'ResourceArn': 'arn:aws:sagemaker:eu-central-1:000000000000:feature-group/wide'}")))
                .isEqualTo(Wire.json("{'Tags': [{'Key': 'team', 'Value': 'fraud'}]}"));
    }

    @Test
    void vectorsListsAndSetsAreDefinedAndDescribed() {
        String definitions = "[{'FeatureName': 'id', 'FeatureType': 'Integral'},"
                + "{'FeatureName': 'at', 'FeatureType': 'Fractional'},"
                + "{'FeatureName': 'tags', 'FeatureType': 'String', 'CollectionType': 'Set'}]";
        HttpResponse<String> created = wire.control(
                "CreateFeatureGroup",
                "{'FeatureGroupName': 'vectors', 'RecordIdentifierFeatureName': 'id', 'EventTimeFeatureName': 'at',"
                        + " 'FeatureDefinitions': " + definitions + ", "
                        + Groups.online(", 'StorageType': 'InMemory'") + "}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        assertThat(Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'vectors'}"))
                        .path("FeatureDefinitions"))
                .isEqualTo(Wire.json(definitions));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'OnlineStoreConfig': {'EnableOnlineStore': false} | no store",
                "'OnlineStoreConfig': {'TtlDuration': {'Unit': 'Days', 'Value': 1}} | needs an online store",
                "'OnlineStoreConfig': {'EnableOnlineStore': true, 'TtlDuration': {'Unit': 'Days'}} | a Unit and a Value",
                "'OnlineStoreConfig': {'EnableOnlineStore': true, 'StorageType': 'Fast'} | enum value set",
                "'OfflineStoreConfig': {} | s3StorageConfig' failed to satisfy constraint: Member must not be null",
                "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 'ftp://x'}} | regular expression pattern",
                "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://x'}, 'TableFormat': 'Iceberg',"
                        + " 'DisableGlueTableCreation': true} | Iceberg",
                "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://x'}, 'DataCatalogConfig': {'TableName': 'a-b',"
                        + " 'Catalog': 'AwsDataCatalog', 'Database': 'd'}} | table name",
                "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://x'}, 'DataCatalogConfig': {'TableName': 't',"
                        + " 'Catalog': 'Other', 'Database': 'd'}} | AwsDataCatalog",
            })
    void aDefinitionThatBreaksARuleIsRefused(String stores, String reason) {
        HttpResponse<String> created = wire.control("CreateFeatureGroup", Groups.group("bad", stores));

        assertThat(created.statusCode()).isEqualTo(400);
        assertThat(Wire.json(created).path("__type").asText()).isEqualTo("ValidationException");
        assertThat(Wire.json(created).path("Message").asText()).contains(reason);
        assertThat(emulator.store().admin().exists("bad")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'FeatureName': 'is_deleted', 'FeatureType': 'String'} | reserves",
                "{'FeatureName': 'EVENT_TIME', 'FeatureType': 'String'} | differ only in case",
                "{'FeatureName': 'x_', 'FeatureType': 'String'} | regular expression pattern",
                "{'FeatureName': 'x', 'FeatureType': 'Boolean'} | enum value set",
                "{'FeatureName': 'x', 'FeatureType': 'String', 'CollectionType': 'List'} | InMemory",
            })
    void aFeatureThatBreaksARuleIsRefused(String feature, String reason) {
        HttpResponse<String> created = wire.control(
                "CreateFeatureGroup",
                Groups.group("bad", Groups.online(""))
                        .replace("'FeatureDefinitions': [", "'FeatureDefinitions': [" + feature + ","));

        assertThat(created.statusCode()).isEqualTo(400);
        assertThat(Wire.json(created).path("__type").asText()).isEqualTo("ValidationException");
        assertThat(Wire.json(created).path("Message").asText()).contains(reason);
    }

    @Test
    void anEventTimeMustNotBeIntegral() {
        HttpResponse<String> created = wire.control(
                "CreateFeatureGroup",
                Groups.group("bad", Groups.online(""))
                        .replace("'EventTimeFeatureName': 'event_time'", "'EventTimeFeatureName': 'count'"));

        assertThat(Wire.json(created).path("Message").asText()).contains("String or Fractional, got Integral");
    }

    @Test
    void anOfflineStoreNeedsARole() {
        HttpResponse<String> created = wire.control(
                "CreateFeatureGroup", Groups.transactions("bad").replace("'RoleArn': '" + Groups.ROLE + "', ", ""));

        assertThat(Wire.json(created).path("Message").asText()).contains("RoleArn");
    }

    @Test
    void groupsAreListedFilteredSortedAndPaged() {
        wire.control("CreateFeatureGroup", Groups.transactions("b-cards"));
        clock.advance(Duration.ofSeconds(1));
        wire.control("CreateFeatureGroup", Groups.group("a-cards", Groups.online("")));
        clock.advance(Duration.ofSeconds(59));
        wire.control("CreateFeatureGroup", Groups.group("c-users", Groups.online("")));

        assertThat(names("{}")).containsExactly("b-cards", "a-cards", "c-users");
        assertThat(names("{'SortOrder': 'Descending'}")).containsExactly("c-users", "a-cards", "b-cards");
        assertThat(names("{'SortBy': 'Name'}")).containsExactly("a-cards", "b-cards", "c-users");
        assertThat(names("{'NameContains': 'cards'}")).containsExactly("b-cards", "a-cards");
        assertThat(names("{'FeatureGroupStatusEquals': 'Created'}")).containsExactly("b-cards");
        assertThat(names("{'OfflineStoreStatusEquals': 'Active'}")).containsExactly("b-cards");
        assertThat(names("{'CreationTimeAfter': 1748779200.5, 'CreationTimeBefore': 1.74877925E9}"))
                .containsExactly("a-cards");
        JsonNode page = Wire.json(wire.control("ListFeatureGroups", "{'MaxResults': 2}"));
        assertThat(page.path("FeatureGroupSummaries")).hasSize(2);
        assertThat(page.path("FeatureGroupSummaries").get(0))
                .isEqualTo(
                        Wire.json(
                                "{'FeatureGroupName': 'b-cards', 'FeatureGroupArn':"
                                        + " 'arn:aws:sagemaker:eu-central-1:000000000000:feature-group/b-cards', 'CreationTime':"
                                        + " 1748779200.250, 'FeatureGroupStatus': 'Created', 'OfflineStoreStatus': {'Status': 'Active'}}"));
        assertThat(names("{'MaxResults': 2, 'NextToken': '"
                        + page.path("NextToken").asText() + "'}"))
                .containsExactly("c-users");
        assertThat(wire.control("ListFeatureGroups", "{'NextToken': 'mine'}").body())
                .contains("ValidationException");
    }

    private String status(String group) {
        return Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': '" + group + "'}"))
                .path("FeatureGroupStatus")
                .asText();
    }

    private List<String> names(String request) {
        return Wire.json(wire.control("ListFeatureGroups", request))
                .path("FeatureGroupSummaries")
                .findValuesAsText("FeatureGroupName");
    }
}
