package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featurestore.errors.InvalidDefinitionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader of the JSON form refuses: one change to a text that is right, and what is said of it. */
class FeatureGroupJsonErrorsTest {
    private static final String VALID = quoted("{'format':'featurestore/feature-group/1','name':'payments',"
            + "'description':'d','recordIdentifier':'id','eventTime':'time','arrivalTime':'arrived',"
            + "'writeOrigin':'origin','features':["
            + "{'name':'id','type':'String','codec':'string'},"
            + "{'name':'time','type':'String','codec':'iso-8601/9'},"
            + "{'name':'count','type':'Integral','codec':'integral','required':true,'default':'0'},"
            + "{'name':'arrived','type':'String','codec':'iso-8601/9'},"
            + "{'name':'origin','type':'String','codec':'string'}],"
            + "'onlineStore':{'storageType':'Standard','ttl':{'value':7,'unit':'Days'}},"
            + "'offlineStore':{'s3Uri':'s3://b','tableFormat':'GLUE','catalogTable':'CREATED_BY_SERVICE'},"
            + "'throughput':{'mode':'PROVISIONED','readCapacityUnits':1,'writeCapacityUnits':2},"
            + "'tags':{'team':'risk'}}");

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    private static void refuses(String json, String problem) {
        InvalidDefinitionException refusal =
                catchThrowableOfType(InvalidDefinitionException.class, () -> FeatureGroup.fromJson(json));
        assertThat(refusal)
                .as(json)
                .isNotNull()
                .hasMessage("The JSON form of a feature group is not valid: " + problem)
                .hasNoCause();
        assertThat(refusal.problems()).containsExactly(problem);
    }

    private static Arguments change(String from, String to, String problem) {
        return Arguments.of(quoted(from), quoted(to), problem);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("'name':'payments',", "", "Member 'name' of the group must be a text"),
                change("'payments'", "7", "Member 'name' of the group must be a text"),
                change("'description':'d'", "'description':null", "Member 'description' of the group must be a text"),
                change("'recordIdentifier':'id',", "", "Member 'recordIdentifier' of the group must be a text"),
                change("'eventTime':'time',", "", "Member 'eventTime' of the group must be a text"),
                change("'recordIdentifier':'id'", "'recordIdentifier':'no'", noRole("recordIdentifier", "no")),
                change("'eventTime':'time'", "'eventTime':'id'", noRole("eventTime", "id")),
                change("'arrivalTime':'arrived'", "'arrivalTime':'no'", noRole("arrivalTime", "no")),
                change("'writeOrigin':'origin'", "'writeOrigin':'no'", noRole("writeOrigin", "no")),
                change(
                        "'eventTime':'time'",
                        "'eventTime':'count'",
                        "Feature 'count' has codec 'integral', expected one of Instant"),
                change(
                        "'writeOrigin':'origin'",
                        "'writeOrigin':'count'",
                        "Feature 'count' has codec 'integral', expected one of String"),
                change("'tags'", "'tag'", "Member 'tag' of the group is not known"),
                change("'required'", "'requried'", "Member 'requried' of element 2 of 'features' is not known"),
                change("'storageType'", "'type'", "Member 'type' of member 'onlineStore' is not known"),
                change("'s3Uri'", "'s3uri'", "Member 's3uri' of member 'offlineStore' is not known"),
                change("{'name':'id',", "7,{'name':'id',", "element 0 of 'features' must be an object"),
                change("{'name':'count',", "{", "Member 'name' of element 2 of 'features' must be a text"),
                change("'type':'Integral',", "", "Member 'type' of element 2 of 'features' must be a text"),
                change(
                        "'type':'Integral'",
                        "'type':'INTEGRAL'",
                        "Unknown feature type 'INTEGRAL': expected String, Integral or Fractional"),
                change(
                        "'type':'Integral'",
                        "'type':'Fractional'",
                        "Feature 'count' has type Fractional, but codec 'integral' stores Integral"),
                change(
                        "'codec':'integral'",
                        "'codec':'money'",
                        "Feature 'count' has codec 'money', which is not built in: pass it to fromJson"),
                change(
                        "'codec':'integral'",
                        "'codec':'enum[A]'",
                        "Feature 'count' has codec 'enum[A]', which is not built in: pass it to fromJson"),
                change(
                        "'required':true",
                        "'required':'yes'",
                        "Member 'required' of element 2 of 'features' must be true or false"),
                change("'default':'0'", "'default':0", "Member 'default' of element 2 of 'features' must be a text"),
                change(
                        "'default':'0'",
                        "'default':'S3CRET'",
                        "The default of feature 'count' cannot be read: expected a whole number (digits with an"
                                + " optional leading '-'), got a text of 6 characters"),
                change("'required':true", "'dimension':3", "Feature 'count' has a dimension, but is no vector"),
                change(
                        "'required':true",
                        "'collection':'Set','dimension':3",
                        "Feature 'count' has a dimension, but is no vector"),
                change(
                        "'required':true",
                        "'collection':'Bag'",
                        "Unknown collection type 'Bag': expected List, Set or Vector"),
                change(
                        "'required':true",
                        "'collection':'Vector','dimension':3",
                        "Feature 'count' is a vector with codec 'integral', expected 'fractional'"),
                change(
                        "'Integral','codec':'integral'",
                        "'Fractional','codec':'fractional','collection':'Vector'",
                        "Member 'dimension' of element 2 of 'features' must be a whole number within 32 bits"),
                change(
                        "{'storageType':'Standard',",
                        "{",
                        "Member 'storageType' of member 'onlineStore' must be a text"),
                change(
                        "'Standard'",
                        "'standard'",
                        "Unknown storage type 'standard': expected Standard, Standard_V2 or InMemory"),
                change("'onlineStore':{", "'onlineStore':null,'ttl':{", "Member 'ttl' of the group is not known"),
                change(
                        "'throughput':{'mode':'PROVISIONED','readCapacityUnits':1,'writeCapacityUnits':2}",
                        "'throughput':null",
                        "member 'throughput' must be an object"),
                change("'value':7", "'value':'7'", number("value", "ttl")),
                change("'value':7", "'value':7.5", number("value", "ttl")),
                change("'value':7,", "", number("value", "ttl")),
                change("'value':7", "'value':2147483648", number("value", "ttl")),
                change("'value':7", "'value':0", "A time to live is at least 1 unit, got 0"),
                change("'Days'", "'Years'", "Unknown time unit 'Years'"),
                change("'s3Uri':'s3://b',", "", "Member 's3Uri' of member 'offlineStore' must be a text"),
                change(
                        "'GLUE'",
                        "'glue'",
                        "Member 'tableFormat' of member 'offlineStore' must be one of [GLUE, ICEBERG]"),
                change(
                        "'CREATED_BY_SERVICE'",
                        "'MINE'",
                        "Member 'catalogTable' of member 'offlineStore' must be one of [CREATED_BY_SERVICE,"
                                + " BRING_YOUR_OWN, NONE]"),
                change(
                        "'PROVISIONED'",
                        "'FREE'",
                        "Member 'mode' of member 'throughput' must be one of [ON_DEMAND, PROVISIONED]"),
                change(",'writeCapacityUnits':2", "", number("writeCapacityUnits", "throughput")),
                change("{'team':'risk'}", "[]", "Member 'tags' of the group must be an object"),
                change("'risk'", "7", "Member 'team' of member 'tags' must be a text"),
                change(
                        "feature-group/1",
                        "feature-group/2",
                        "its format is 'featurestore/feature-group/2', this version of the library reads"
                                + " 'featurestore/feature-group/1'"));
    }

    private static String noRole(String role, String name) {
        return "Member '" + role + "' of the group names '" + name
                + "', which is not in 'features' or has another role";
    }

    private static String number(String member, String of) {
        return "Member '" + member + "' of member '" + of + "' must be a whole number within 32 bits";
    }

    @Test
    void nothingIsWrongWithTheTextToStartFrom() {
        assertThat(FeatureGroup.fromJson(VALID).toJson()).isEqualTo(VALID);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("changes")
    void oneChangeIsNoticed(String from, String to, String problem) {
        assertThat(VALID).contains(from);

        refuses(VALID.replaceFirst(Pattern.quote(from), to), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "[]", "null", "{}", "\"featurestore/feature-group/1\""})
    void otherJsonIsNoGroup(String json) {
        refuses(json, "its format is '', this version of the library reads 'featurestore/feature-group/1'");
    }

    @Test
    void featuresAreAnArray() {
        refuses(
                VALID.replaceFirst("\"features\":\\[.*?],", "\"features\":{},"),
                "Member 'features' of the group must be an array");
    }

    @Test
    void whatIsNotJsonIsToldByItsPlace() {
        isNotJson("{\"name\": S3CRET", 1);
        isNotJson("{\n  \"name\"\n}", 3);
        isNotJson(quoted("{'format':'a',\n'format':'b'}"), 2);
        isNotJson(VALID + "\n}", 2);
    }

    private static void isNotJson(String json, int line) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> FeatureGroup.fromJson(json))
                .withMessageMatching("The JSON form of a feature group is not valid: it is not JSON, or has a member"
                        + " twice: line " + line + ", column \\d+")
                .withNoCause();
    }

    @Test
    void brokenRulesOfTheServiceAreToldAsOfAnyDefinition() {
        InvalidDefinitionException refusal = catchThrowableOfType(
                InvalidDefinitionException.class,
                () -> FeatureGroup.fromJson(VALID.replace("s3://b", "b").replace("\"payments\"", "\"pay ments\"")));

        assertThat(refusal)
                .hasMessage(Definitions.message(
                        "Feature group 'pay ments'",
                        "the group's name may only have the letters a-z and A-Z, digits, '-' and '_'",
                        "its S3 URI is not of the form s3://bucket/prefix"));
    }
}
