package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordOperationsTest {
    private static final String T0 = "2025-06-01T12:00:00Z";

    private static final String T1 = "2025-06-01T12:00:01Z";

    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2025-06-01T13:00:00Z"));

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .store(InMemoryFeatureStore.create(clock))
            .start();

    private final Wire wire = new Wire(emulator);

    @BeforeEach
    void createGroup() {
        assertThat(wire.control("CreateFeatureGroup", Groups.transactions("cards"))
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void aPutIsAnsweredWithAnEmptyBody() {
        HttpResponse<String> put = wire.runtime(
                "PUT", "/FeatureGroup/cards", "{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(put.body()).isEmpty();
        assertThat(put.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(put.headers().firstValue("content-length")).hasValue("0");
        assertThat(put.headers().firstValue("x-amzn-requestid"))
                .get()
                .asString()
                .hasSize(36);
    }

    @Test
    void aRecordComesBackVerbatimInTheOrderOfTheDefinition() {
        wire.put("cards", "card_id", "c1", "event_time", T0, "count", "3", "amount", "9.90");

        HttpResponse<String> get = wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "");

        assertThat(get.body())
                .isEqualTo(Wire.text("{'Record':[{'FeatureName':'amount','ValueAsString':'9.90'},"
                        + "{'FeatureName':'card_id','ValueAsString':'c1'},"
                        + "{'FeatureName':'event_time','ValueAsString':'" + T0 + "'},"
                        + "{'FeatureName':'count','ValueAsString':'3'}]}"));
        assertThat(get.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void anAbsentRecordIsAnEmptyObject() {
        HttpResponse<String> get = wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=nobody", "");

        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).isEqualTo("{}");
    }

    @Test
    void aGroupIsFoundByItsPercentEncodedArn() {
        String arn = "arn%3Aaws%3Asagemaker%3Aus-east-1%3A000000000000%3Afeature-group%2Fcards";
        HttpResponse<String> put = wire.runtime(
                "PUT", "/FeatureGroup/" + arn, "{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(wire.runtime("GET", "/FeatureGroup/" + arn + "?RecordIdentifierValueAsString=c1", "")
                        .body())
                .contains("c1");
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .contains("c1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn%3Aaws%3Asagemaker%3Aeu-west-1%3A000000000000%3Afeature-group%2Fcards",
                "arn%3Aaws%3Asagemaker%3Aus-east-1%3A111111111111%3Afeature-group%2Fcards"
            })
    void anArnOfAnotherRegionOrAccountIsNotFound(String arn) {
        HttpResponse<String> get = wire.runtime("GET", "/FeatureGroup/" + arn + "?RecordIdentifierValueAsString=c", "");

        assertThat(get.statusCode()).isEqualTo(404);
        assertThat(get.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFound");
    }

    @Test
    void identifiersOfTheQueryAreDecodedOnceAndAPlusIsAPlus() {
        wire.put("cards", "card_id", "a b+c/d%41é", "event_time", T0);

        HttpResponse<String> get =
                wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=a%20b+c%2Fd%2541%C3%A9", "");

        assertThat(Wire.json(get).path("Record")).hasSize(2);
    }

    @Test
    void featuresAreSelectedByRepeatedKeys() {
        wire.put("cards", "card_id", "c1", "event_time", T0, "count", "3", "amount", "9.9");

        HttpResponse<String> get = wire.runtime(
                "GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1&FeatureName=count&FeatureName=amount", "");

        assertThat(get.body())
                .isEqualTo(Wire.text("{'Record':[{'FeatureName':'amount','ValueAsString':'9.9'},"
                        + "{'FeatureName':'count','ValueAsString':'3'}]}"));
    }

    @Test
    void aReadOfAnUnknownFeatureIsRefused() {
        wire.put("cards", "card_id", "c1", "event_time", T0);

        HttpResponse<String> get =
                wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1&FeatureName=missing", "");

        assertThat(get.statusCode()).isEqualTo(400);
        assertThat(get.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(get.body())
                .isEqualTo(Wire.text("{'Message':'The feature named [missing] is not in the feature group'}"));
    }

    @Test
    void theTimeOfExpiryIsSentOnRequestOnly() {
        assertThat(wire.runtime(
                                "PUT",
                                "/FeatureGroup/cards",
                                "{'Record': " + Wire.record("card_id", "c1", "event_time", "2025-06-01T12:59:59.500Z")
                                        + ", 'TtlDuration': {'Unit': 'Minutes', 'Value': 2}}")
                        .statusCode())
                .isEqualTo(200);
        String path = "/FeatureGroup/cards?RecordIdentifierValueAsString=c1";

        assertThat(Wire.json(wire.runtime("GET", path + "&ExpirationTimeResponse=Enabled", ""))
                        .path("ExpiresAt")
                        .asText())
                .isEqualTo("2025-06-01T13:01:59Z");
        assertThat(wire.runtime("GET", path, "").body()).doesNotContain("ExpiresAt");
        assertThat(wire.runtime("GET", path + "&ExpirationTimeResponse=Disabled", "")
                        .body())
                .doesNotContain("ExpiresAt");

        clock.advance(Duration.ofMinutes(2));
        assertThat(wire.runtime("GET", path, "").body()).isEqualTo("{}");
    }

    @Test
    void anOlderPutSucceedsAndChangesNothing() {
        wire.put("cards", "card_id", "c1", "event_time", T1, "count", "2");
        wire.put("cards", "card_id", "c1", "event_time", T0, "count", "1");

        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .contains("\"2\"")
                .doesNotContain("\"1\"");
    }

    @Test
    void aPutToOneStoreLeavesTheOtherAlone() {
        HttpResponse<String> put = wire.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + ", 'TargetStores': ['OfflineStore']}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .isEqualTo("{}");
        assertThat(emulator.store().history(emulator.store().definition("cards").orElseThrow()))
                .hasSize(1);
    }

    @Test
    void aDeletedRecordIsAbsent() {
        wire.put("cards", "card_id", "c1", "event_time", T0);

        HttpResponse<String> delete = wire.runtime(
                "DELETE",
                "/FeatureGroup/cards?RecordIdentifierValueAsString=c1&EventTime=2025-06-01T12%3A00%3A01Z"
                        + "&TargetStores=OnlineStore&TargetStores=OfflineStore&DeletionMode=SoftDelete",
                "");

        assertThat(delete.statusCode()).isEqualTo(200);
        assertThat(delete.body()).isEmpty();
        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .isEqualTo("{}");
        assertThat(emulator.store()
                        .history(emulator.store().definition("cards").orElseThrow())
                        .get(1)
                        .deleted())
                .isTrue();
    }

    @Test
    void aHardDeleteThatIsTooOldIsRefused() {
        wire.put("cards", "card_id", "c1", "event_time", T1);

        HttpResponse<String> delete = wire.runtime(
                "DELETE",
                "/FeatureGroup/cards?RecordIdentifierValueAsString=c1&EventTime=2025-06-01T12%3A00%3A00Z"
                        + "&DeletionMode=HardDelete",
                "");

        assertThat(delete.statusCode()).isEqualTo(400);
        assertThat(delete.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(Wire.json(delete).path("Message").asText()).startsWith("EventTime: 400 ValidationException");
    }

    @Test
    void operationsOnAnUnknownGroupFailEachInItsWay() {
        String record = "{'Record': " + Wire.record("card_id", "c1", "event_time", T0) + "}";
        HttpResponse<String> put = wire.runtime("PUT", "/FeatureGroup/nowhere", record);
        HttpResponse<String> get = wire.runtime("GET", "/FeatureGroup/nowhere?RecordIdentifierValueAsString=c1", "");
        HttpResponse<String> delete =
                wire.runtime("DELETE", "/FeatureGroup/nowhere?RecordIdentifierValueAsString=c1&EventTime=" + T0, "");

        assertThat(put.statusCode()).isEqualTo(400);
        assertThat(put.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(put.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(put.body())
                .isEqualTo("{\"Message\":\"Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name"
                        + " [nowhere].\"}");
        assertThat(get.statusCode()).isEqualTo(404);
        assertThat(get.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFound");
        assertThat(get.body()).isEqualTo(put.body());
        assertThat(delete.statusCode()).isEqualTo(400);
        assertThat(delete.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
    }

    @Test
    void whatAProgramWroteInTheStoreIsReadOverHttp() {
        wire.put("cards", "card_id", "c1", "event_time", T0);

        emulator.store().clear();

        assertThat(wire.runtime("GET", "/FeatureGroup/cards?RecordIdentifierValueAsString=c1", "")
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void aGroupWithoutAnOnlineStoreCannotBeRead() {
        wire.control(
                "CreateFeatureGroup",
                Groups.group("history", "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://features'}}"));
        wire.put("history", "card_id", "c1", "event_time", T0);

        HttpResponse<String> get = wire.runtime("GET", "/FeatureGroup/history?RecordIdentifierValueAsString=c1", "");
        HttpResponse<String> ttl = wire.runtime(
                "PUT",
                "/FeatureGroup/history",
                "{'Record': " + Wire.record("card_id", "c1", "event_time", T0)
                        + ", 'TtlDuration': {'Unit': 'Days', 'Value': 1}}");

        assertThat(get.statusCode()).isEqualTo(400);
        assertThat(get.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(get.body()).contains("has no online store");
        assertThat(ttl.body()).contains("A time to live needs an online store");
    }

    @Test
    void collectionsTravelAsListsAndSetsCollapse() {
        wire.control(
                "CreateFeatureGroup",
                "{'FeatureGroupName': 'vectors', 'RecordIdentifierFeatureName': 'id', 'EventTimeFeatureName': 'at',"
                        + " 'FeatureDefinitions': [{'FeatureName': 'id', 'FeatureType': 'Integral'},"
                        + "{'FeatureName': 'at', 'FeatureType': 'Fractional'},"
                        + "{'FeatureName': 'list', 'FeatureType': 'Integral', 'CollectionType': 'List'},"
                        + "{'FeatureName': 'set', 'FeatureType': 'String', 'CollectionType': 'Set'},"
                        + "{'FeatureName': 'vector', 'FeatureType': 'Fractional', 'CollectionType': 'Vector',"
                        + " 'CollectionConfig': {'VectorConfig': {'Dimension': 2}}}], "
                        + Groups.online(", 'StorageType': 'InMemory'") + "}");
        String key = "{'FeatureName':'id','ValueAsString':'7'},{'FeatureName':'at','ValueAsString':'1748779200.5'}";
        String lists = ",{'FeatureName':'list','ValueAsStringList':[]},"
                + "{'FeatureName':'set','ValueAsStringList':['a','b'%s]},"
                + "{'FeatureName':'vector','ValueAsStringList':['0.5','1']}";

        HttpResponse<String> put =
                wire.runtime("PUT", "/FeatureGroup/vectors", "{'Record': [" + key + lists.formatted(",'a'") + "]}");
        HttpResponse<String> wrong = wire.runtime(
                "PUT",
                "/FeatureGroup/vectors",
                "{'Record': [" + key + ",{'FeatureName':'vector','ValueAsStringList':['0.5']}]}");

        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(wire.runtime("GET", "/FeatureGroup/vectors?RecordIdentifierValueAsString=7", "")
                        .body())
                .isEqualTo(Wire.text("{'Record':[" + key + lists.formatted("") + "]}"));
        assertThat(wrong.body()).contains("is a vector of 2 elements, got 1");
    }
}
