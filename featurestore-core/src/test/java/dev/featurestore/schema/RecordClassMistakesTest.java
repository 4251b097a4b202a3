package dev.featurestore.schema;

import static dev.featurestore.schema.Definitions.assertProblems;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.InvalidDefinitionException;
import java.lang.invoke.MethodHandles;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mistakes that a Java record can hold, each named once. */
class RecordClassMistakesTest {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static <R extends Record> FeatureGroup.Builder<R> groupOf(Class<R> type) {
        return FeatureGroup.ofRecord("customers", type, LOOKUP).onlineStore();
    }

    @Test
    void ofTypesAreAllNamed() {
        record Bad(
                @RecordIdentifier String id,
                @EventTime Instant time,
                List<String> list,
                short small,
                Object any,
                byte tiny) {}

        assertProblems(
                groupOf(Bad.class),
                noCodec("list", "java.util.List<java.lang.String>"),
                noCodec("small", "short"),
                noCodec("any", "java.lang.Object"),
                noCodec("tiny", "byte"));
    }

    @Test
    void ofMissingKeysAreNamed() {
        record NoKeys(String id, Instant time) {}

        assertProblems(
                groupOf(NoKeys.class),
                "it has no record identifier: mark a component with @RecordIdentifier",
                "it has no event time: mark an Instant component with @EventTime");
    }

    @Test
    void ofNamedGroupsAreToldWithTheirOwnMeans() {
        assertProblems(
                FeatureGroup.named("payments").onlineStore(),
                "it has no record identifier: call recordIdentifier(feature)",
                "it has no event time: call eventTime(feature)");
    }

    @Test
    void ofTwoKeysAreNamed() {
        record TwoKeys(
                @RecordIdentifier String a,
                @RecordIdentifier String b,
                @EventTime Instant c,
                @EventTime Instant d) {}

        assertProblems(groupOf(TwoKeys.class), "recordIdentifier is set twice", "eventTime is set twice");
    }

    @Test
    void ofOneComponentForBothKeysAreNamed() {
        record Both(@RecordIdentifier @EventTime Instant both) {}

        assertProblems(groupOf(Both.class), "component 'both' is marked as record identifier and as event time");
    }

    @ParameterizedTest
    @ValueSource(classes = {TextTime.class, OneDigit.class})
    void ofEventTimesAreNamedOnce(Class<? extends Record> type) {
        assertProblems(
                groupOf(type),
                type == TextTime.class
                        ? "the event time 'time' is of type String, expected Instant"
                        : "component 'time': An ISO 8601 event time has 0, 3 or 9 fraction digits, got 1");
    }

    record TextTime(@RecordIdentifier String id, @EventTime String time) {}

    record OneDigit(
            @RecordIdentifier String id,
            @EventTime(fractionDigits = 1) Instant time) {}

    @Test
    void ofIdentifierTypesAreNamedOnce() {
        record ListId(
                @RecordIdentifier List<String> id,
                @EventTime Instant time) {}

        assertProblems(groupOf(ListId.class), noCodec("id", "java.util.List<java.lang.String>"));
    }

    @Test
    void ofNamesAreThoseOfAnyGroup() {
        record Clash(
                @RecordIdentifier String id,
                @EventTime Instant time,
                @FeatureName("ID") @Nullable String other,
                @FeatureName("write_time") @Nullable Long written) {}

        assertProblems(
                groupOf(Clash.class),
                "features 'id' and 'ID' differ only in case, and are one column in the offline table",
                "feature 'write_time' has a name that the service reserves for its own columns");
    }

    @Test
    void ofAccessAreTold() {
        record Hidden(
                @RecordIdentifier String id, @EventTime Instant time) {}

        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> FeatureGroup.ofRecord("customers", Hidden.class))
                .withMessage(Definitions.message(
                        "Feature group 'customers'",
                        "record class " + Hidden.class.getName()
                                + " is not accessible: make it public, or pass MethodHandles.lookup() of the code"
                                + " that declares it"));
    }

    @Test
    void ofWidthAreTold() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> groupOf(TooWide.class))
                .withMessage(Definitions.message(
                        "Feature group 'customers'",
                        "record class dev.featurestore.schema.TooWide with 127 components cannot be constructed: its"
                                + " components have at most 253 slots, of which long and double take two; define a"
                                + " wide group with FeatureGroup.named instead"));
    }

    private String noCodec(String component, String type) {
        return "component '" + component + "' is of type " + type
                + ", which has no codec: use FeatureGroup.named with Feature.of for it";
    }
}
