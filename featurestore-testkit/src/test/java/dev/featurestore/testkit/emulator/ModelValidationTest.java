package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request here breaks the service model, or what the service checks of a record, and carries a sentinel. */
class ModelValidationTest {
    private static final String SENTINEL = "s3cr3t";

    private static final FeatureStoreEmulator EMULATOR = FeatureStoreEmulator.start();

    private static final Wire WIRE = new Wire(EMULATOR);

    @BeforeAll
    static void createGroup() {
        WIRE.control("CreateFeatureGroup", Groups.transactions("cards"));
    }

    @AfterAll
    static void close() {
        EMULATOR.close();
    }

    static Stream<Arguments> badRuntimeRequests() {
        String get = "GET /FeatureGroup/cards?";
        String id = "RecordIdentifierValueAsString=" + SENTINEL;
        String put = "PUT /FeatureGroup/cards";
        String record = "'Record': " + Wire.record("card_id", SENTINEL, "event_time", "2025-06-01T12:00:00Z");
        String longName = "x".repeat(65);
        return Stream.of(
                bad(get, "", "recordIdentifierValueAsString' failed to satisfy constraint: Member must not be null"),
                bad(get + id + "&FeatureName=", "", "featureNames.1.member' failed to satisfy constraint: Member must"),
                bad(get + id + "&FeatureName=a_", "", "regular expression pattern"),
                bad(get + id + "&FeatureName=" + longName, "", "length less than or equal to 64"),
                bad(get + id + "&ExpirationTimeResponse=Maybe", "", "enum value set: [Enabled, Disabled]"),
                bad(get + "RecordIdentifierValueAsString=" + SENTINEL + "%FF", "", "UTF-8"),
                bad("GET /FeatureGroup/" + longName + "?" + id, "", "regular expression pattern"),
                bad("GET /FeatureGroup/a%2Fb?" + id, "", "regular expression pattern"),
                bad("DELETE /FeatureGroup/cards?" + id, "", "eventTime' failed"),
                bad("DELETE /FeatureGroup/cards?" + id + "&EventTime=" + SENTINEL, "", "event time feature named"),
                bad(
                        "DELETE /FeatureGroup/cards?" + id + "&EventTime=2025-06-01T12:00:00Z&DeletionMode=Erase",
                        "",
                        "enum value set: [SoftDelete, HardDelete]"),
                bad(
                        "DELETE /FeatureGroup/cards?" + id + "&EventTime=2025-06-01T12:00:00Z"
                                + "&TargetStores=OnlineStore".repeat(3),
                        "",
                        "targetStores' failed to satisfy constraint: Member must have length less than or equal to 2"),
                bad(put, "", "record' failed to satisfy constraint: Member must not be null"),
                bad(put, "{'" + SENTINEL + "'", "The body is not a JSON object"),
                bad(put, "['" + SENTINEL + "']", "The body is not a JSON object"),
                bad(put, "{'Record': '" + SENTINEL + "'}", "Member must be a list"),
                bad(put, "{'Record': []}", "length greater than or equal to 1"),
                bad(put, "{'Record': ['" + SENTINEL + "']}", "record.1.member' failed to satisfy constraint"),
                bad(put, "{'Record': [{'ValueAsString': '" + SENTINEL + "'}]}", "record.1.member.featureName"),
                bad(put, "{'Record': [{'FeatureName': 'count', 'ValueAsString': 5}]}", "Member must be a string"),
                bad(put, "{" + record + ", 'TtlDuration': {'Unit': 'Days'}}", "ttlDuration.value"),
                bad(put, "{" + record + ", 'TtlDuration': {'Unit': 'Days', 'Value': 0}}", "greater than or equal to 1"),
                bad(put, "{" + record + ", 'TtlDuration': {'Unit': 'Days', 'Value': 1.5}}", "of type integer"),
                bad(
                        put,
                        "{" + record + ", 'TtlDuration': {'Unit': 'Days', 'Value': 1" + "0".repeat(12) + "}}",
                        "integer"),
                bad(put, "{" + record + ", 'TargetStores': []}", "length greater than or equal to 1"),
                bad(put, "{" + record + ", 'TargetStores': ['Both']}", "enum value set: [OnlineStore, OfflineStore]"),
                bad("POST /BatchGetRecord", "{'Identifiers': []}", "identifiers'"),
                bad(
                        "POST /BatchGetRecord",
                        "{'Identifiers': [{'FeatureGroupName': 'cards', 'RecordIdentifiersValueAsString': []}]}",
                        "identifiers.1.member.recordIdentifiersValueAsString"),
                bad(
                        "POST /BatchWriteRecord",
                        "{'Entries': ["
                                + String.join(
                                        ",", Collections.nCopies(26, "{'FeatureGroupName': 'cards', " + record + "}"))
                                + "]}",
                        "length less than or equal to 25"),
                bad("POST /FeatureGroup/cards/ListRecords", "{'MaxResults': 101}", "less than or equal to 100"),
                bad("POST /FeatureGroup/cards/ListRecords", "{'IncludeSoftDeletedRecords': 'no'}", "boolean"),
                bad("POST /FeatureGroup/cards/ListRecords", "{'NextToken': 'mine'}", "token"),
                bad("POST /FeatureGroup/cards/Record", "{'Features': []}", "2 validation errors detected"));
    }

    static Stream<Arguments> badRecords() {
        String id = "{'FeatureName': 'card_id', 'ValueAsString': '" + SENTINEL + "'}";
        String time = "{'FeatureName': 'event_time', 'ValueAsString': '2025-06-01T12:00:00Z'}";
        String both = id + "," + time + ",";
        String tooLong = SENTINEL + "x".repeat(350 * 1024);
        return Stream.of(
                Arguments.of(time, "[card_id] is missing"),
                Arguments.of(id, "[event_time] is missing"),
                Arguments.of(
                        both + "{'FeatureName': 'other', 'ValueAsString': '" + SENTINEL + "'}", "[other] is not in"),
                Arguments.of(both + id, "[card_id] is there more than once"),
                Arguments.of(both + "{'FeatureName': 'count'}", "[count] must have exactly one"),
                Arguments.of(
                        both + "{'FeatureName': 'count', 'ValueAsString': '1', 'ValueAsStringList': ['1']}",
                        "[count] must have exactly one"),
                Arguments.of(both + "{'FeatureName': 'count', 'ValueAsStringList': ['1']}", "[count] is a scalar"),
                Arguments.of(
                        both + "{'FeatureName': 'count', 'ValueAsString': '" + SENTINEL + "'}",
                        "Attempted to parse the feature value for the feature named [count]"),
                Arguments.of(both + "{'FeatureName': 'amount', 'ValueAsString': 'NaN'}", "[amount]"),
                Arguments.of(
                        id + ",{'FeatureName': 'event_time', 'ValueAsString': '" + SENTINEL + "'}",
                        "event time feature"),
                Arguments.of(
                        id + ",{'FeatureName': 'event_time', 'ValueAsString': '2025-06-01T12:00:00.1Z'}",
                        "0, 3 or 9 fraction digits"),
                Arguments.of(id.replace(SENTINEL, SENTINEL + "x".repeat(2048)) + "," + time, "record identifier has"),
                Arguments.of(
                        id.replace(SENTINEL, tooLong) + "," + time,
                        "Member must have length less than or equal to 358400"));
    }

    private static Arguments bad(String request, String body, String reason) {
        return Arguments.of(request, body, reason);
    }

    @ParameterizedTest
    @MethodSource("badRuntimeRequests")
    void aRequestThatBreaksTheModelIsAValidationError(String request, String body, String reason) {
        int blank = request.indexOf(' ');
        refused(WIRE.runtime(request.substring(0, blank), request.substring(blank + 1), body), reason);
    }

    @ParameterizedTest
    @MethodSource("badRecords")
    void aRecordThatBreaksTheRulesIsAValidationError(String features, String reason) {
        refused(WIRE.runtime("PUT", "/FeatureGroup/cards", "{'Record': [" + features + "]}"), reason);
    }

    private static void refused(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-errortype")).hasValue("ValidationError");
        assertThat(response.headers().firstValue("x-amzn-requestid")).isPresent();
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(Wire.json(response).path("Message").asText()).contains(reason);
        assertThat(response.body()).doesNotContain(SENTINEL);
        assertThat(EMULATOR.requests().toString()).doesNotContain(SENTINEL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CreateFeatureGroup | {} | 4 validation errors detected",
                "DescribeFeatureGroup | {'FeatureGroupName': 'a b'} | regular expression pattern",
                "ListFeatureGroups | {'MaxResults': 0} | greater than or equal to 1",
                "ListFeatureGroups | {'CreationTimeAfter': 'yesterday'} | epoch seconds",
                "UpdateFeatureGroup | {'FeatureGroupName': 'cards', 'FeatureAdditions': []} | featureAdditions",
                "UpdateFeatureMetadata | {'FeatureGroupName': 'cards'} | featureName",
                "AddTags | {'ResourceArn': 'cards', 'Tags': [{'Key': 'a'}]} | 2 validation errors",
                "DeleteTags | {'ResourceArn': 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/cards'} | tagKeys",
                "DescribeFeatureGroup | nothing | The body is not a JSON object",
            })
    void aControlPlaneRequestThatBreaksTheModelIsAValidationException(String operation, String body, String reason) {
        HttpResponse<String> response = WIRE.control(operation, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.1");
        assertThat(Wire.json(response).path("__type").asText()).isEqualTo("ValidationException");
        assertThat(Wire.json(response).path("Message").asText()).contains(reason);
    }

    @Test
    void onlyTheFirstViolationsAreNamed() {
        HttpResponse<String> response = WIRE.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': [" + String.join(",", Collections.nCopies(200, "{'ValueAsString': '" + SENTINEL + "'}"))
                        + "]}");

        refused(response, "200 validation errors detected");
        assertThat(Wire.json(response).path("Message").asText())
                .endsWith("; ...")
                .hasSizeLessThan(2048);
    }

    @Test
    void membersThatTheModelDoesNotHaveArePassedOver() {
        HttpResponse<String> response = WIRE.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': " + Wire.record("card_id", "c1", "event_time", "2025-06-01T12:00:00Z")
                        + ", 'Newer': {'deep': [1]}, 'TtlDuration': null}");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aValueMayHaveLineBreaks() {
        HttpResponse<String> response = WIRE.runtime(
                "PUT",
                "/FeatureGroup/cards",
                "{'Record': " + Wire.record("card_id", "two\\nlines", "event_time", "2025-06-01T12:00:00Z") + "}");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void anOperationThatIsNotThereIsNamed() {
        HttpResponse<String> runtime = WIRE.runtime("POST", "/FeatureGroup/cards/Compact", "{}");
        HttpResponse<String> control = WIRE.control("CreateTrainingJob", "{}");
        HttpResponse<String> patch = WIRE.runtime("POST", "/FeatureGroup/cards", "{}");

        assertThat(runtime.statusCode()).isEqualTo(501);
        assertThat(Wire.json(runtime).path("Message").asText())
                .isEqualTo("The emulator has no operation POST /FeatureGroup/cards/Compact");
        assertThat(control.statusCode()).isEqualTo(501);
        assertThat(control.body())
                .isEqualTo(
                        "{\"__type\":\"NotImplemented\",\"Message\":\"The emulator has no operation CreateTrainingJob\"}");
        assertThat(patch.statusCode()).isEqualTo(501);
    }
}
