package dev.featurestore.schema;

import static dev.featurestore.schema.Definitions.ID;
import static dev.featurestore.schema.Definitions.TIME;
import static dev.featurestore.schema.Definitions.assertProblems;
import static dev.featurestore.schema.Definitions.assertValid;
import static dev.featurestore.schema.Definitions.inMemory;
import static dev.featurestore.schema.Definitions.online;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names, roles and shapes of features. */
class FeatureGroupDefinitionTest {
    private static final String BAD_CHARACTERS = " may only have the letters a-z and A-Z, digits, '-' and '_'";

    private static final String BAD_ENDS = " must begin and end with a letter or digit";

    @Nested
    class Names {
        @ParameterizedTest
        @ValueSource(strings = {"a", "Z", "7", "a-b_c", "a--_b", "2024", "year", "isDeleted"})
        void areLettersDigitsDashesAndUnderscores(String name) {
            assertValid(online().features(Feature.string(name)));
            assertValid(FeatureGroup.named(name)
                    .recordIdentifier(ID)
                    .eventTime(TIME)
                    .onlineStore());
        }

        @ParameterizedTest
        @ValueSource(strings = {"a b", "a.b", "a/b", "é", "名", "a\n", "٣", "a$"})
        void refuseOtherCharacters(String name) {
            assertProblems(online().features(Feature.string(name)), "feature '" + name + "'" + BAD_CHARACTERS);
            assertProblems(
                    FeatureGroup.named(name)
                            .recordIdentifier(ID)
                            .eventTime(TIME)
                            .onlineStore(),
                    "the group's name" + BAD_CHARACTERS);
        }

        @ParameterizedTest
        @ValueSource(strings = {"_a", "-a", "a_", "a-", "_", "-"})
        void beginAndEndWithALetterOrDigit(String name) {
            assertProblems(online().features(Feature.string(name)), "feature '" + name + "'" + BAD_ENDS);
            assertProblems(
                    FeatureGroup.named(name)
                            .recordIdentifier(ID)
                            .eventTime(TIME)
                            .onlineStore(),
                    "the group's name" + BAD_ENDS);
        }

        @Test
        void haveUpTo64Characters() {
            String longest = "x".repeat(64);
            assertValid(online().features(Feature.string(longest)));
            assertValid(FeatureGroup.named(longest)
                    .recordIdentifier(ID)
                    .eventTime(TIME)
                    .onlineStore());

            String longer = "x".repeat(65);
            assertProblems(
                    online().features(Feature.string(longer)),
                    "feature '" + longer + "' has 65 characters, expected 1 to 64");
            assertProblems(
                    FeatureGroup.named(longer)
                            .recordIdentifier(ID)
                            .eventTime(TIME)
                            .onlineStore(),
                    "the group's name has 65 characters, expected 1 to 64");
        }

        @Test
        void areNotEmpty() {
            assertProblems(online().features(Feature.string("")), "feature '' has 0 characters, expected 1 to 64");
            assertProblems(
                    FeatureGroup.named("").recordIdentifier(ID).eventTime(TIME).onlineStore(),
                    "the group's name has 0 characters, expected 1 to 64");
        }

        @ParameterizedTest
        @ValueSource(strings = {"is_deleted", "write_time", "api_invocation_time", "Write_Time"})
        void areNotTheServicesOwnColumns(String name) {
            assertProblems(
                    online().features(Feature.string(name)),
                    "feature '" + name + "' has a name that the service reserves for its own columns");
        }

        @Test
        void areUnique() {
            assertProblems(
                    online().features(Feature.string("a"), Feature.integral("b"), Feature.fractional("a")), twice("a"));
            assertProblems(online().features(ID), twice("id"));
            assertProblems(online().features(TIME), twice("time"));
            assertProblems(
                    online().stampArrivalTime(Feature.instant("arrived")).features(Feature.instant("arrived")),
                    twice("arrived"));
            assertProblems(online().stampWriteOrigin(Feature.string("id")), twice("id"));
        }

        @Test
        void differNotOnlyInCase() {
            assertProblems(
                    online().features(Feature.string("Amount"), Feature.string("AMOUNT")),
                    "features 'Amount' and 'AMOUNT' differ only in case, and are one column in the offline table");
        }

        @Test
        void areNotNull() {
            assertThatNullPointerException()
                    .isThrownBy(() -> FeatureGroup.named(Nulls.of()))
                    .withMessage("name");
            assertThatNullPointerException()
                    .isThrownBy(() -> Feature.string(Nulls.of()))
                    .withMessage("name");
        }

        private String twice(String name) {
            return "feature '" + name + "' is there twice; the identifier, the event time and provenance features are"
                    + " not listed again";
        }
    }

    @Nested
    class Size {
        @Test
        void ofFeaturesIs2500AtMost() {
            assertThat(online().features(many(2498)).build().features()).hasSize(2500);
            assertProblems(online().features(many(2499)), "it has 2501 features, at most 2500 are allowed");
        }

        @Test
        void ofProvenanceFeaturesCounts() {
            assertProblems(
                    online().features(many(2498)).stampWriteOrigin(Feature.string("origin")),
                    "it has 2501 features, at most 2500 are allowed");
        }

        @Test
        void ofFurtherFeaturesMayBeZero() {
            assertThat(online().build().features()).containsExactly(ID, TIME);
        }

        private List<Feature<?>> many(int count) {
            return IntStream.range(0, count)
                    .<Feature<?>>mapToObj(i -> Feature.integral("f" + i))
                    .toList();
        }
    }

    @Nested
    class Order {
        @Test
        void isIdentifierEventTimeFeaturesProvenance() {
            Feature<Instant> arrived = Feature.instant("arrived");
            Feature<String> origin = Feature.string("origin");
            Feature<Long> b = Feature.integral("b");
            Feature<Long> a = Feature.integral("a");
            FeatureGroup<FeatureRecord> group = FeatureGroup.named("payments")
                    .stampWriteOrigin(origin)
                    .stampArrivalTime(arrived)
                    .features(b)
                    .features(List.of(a))
                    .eventTime(TIME)
                    .recordIdentifier(ID)
                    .onlineStore()
                    .build();

            assertThat(group.features()).containsExactly(ID, TIME, b, a, arrived, origin);
            assertThat(group.provenance()).isEqualTo(new Provenance(arrived, origin));
        }
    }

    @Nested
    class Identifier {
        @Test
        void isThere() {
            assertProblems(
                    FeatureGroup.named("payments").eventTime(TIME).onlineStore(),
                    "it has no record identifier: call recordIdentifier(feature)");
        }

        @Test
        void isAScalarOfAnyType() {
            assertValid(withIdentifier(Feature.integral("id")));
            assertValid(withIdentifier(Feature.fractional("id")));
            assertProblems(
                    FeatureGroup.named("payments")
                            .recordIdentifier(Feature.list("id", BuiltInCodecs.STRING))
                            .eventTime(TIME)
                            .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY)),
                    "the record identifier 'id' is a collection, expected a scalar");
        }

        @Test
        void hasNoDefault() {
            assertProblems(
                    withIdentifier(ID.withDefault("none")),
                    "the record identifier 'id' has a default; every record brings its own");
        }

        @Test
        void isSetOnce() {
            assertProblems(online().recordIdentifier(ID), "recordIdentifier is set twice");
        }

        private FeatureGroup.Builder<FeatureRecord> withIdentifier(Feature<?> identifier) {
            return FeatureGroup.named("payments")
                    .recordIdentifier(identifier)
                    .eventTime(TIME)
                    .onlineStore();
        }
    }

    @Nested
    class EventTimes {
        @Test
        void areThere() {
            assertProblems(
                    FeatureGroup.named("payments").recordIdentifier(ID).onlineStore(),
                    "it has no event time: call eventTime(feature)");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 3, 9})
        void areText(int digits) {
            assertValid(withTime(Feature.eventTime("time", EventTimeFormat.iso8601(digits))));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 3, 6})
        void areEpochSeconds(int digits) {
            assertValid(withTime(Feature.eventTime("time", EventTimeFormat.epochSeconds(digits))));
        }

        @Test
        void areNotStoredAnyOtherWay() {
            FeatureCodec<Instant> millis =
                    FeatureCodec.integral("millis", Instant.class, Instant::toEpochMilli, Instant::ofEpochMilli);

            assertProblems(
                    withTime(Feature.of("time", millis)),
                    "the event time 'time' is stored as millis, expected a feature made with Feature.eventTime");
        }

        @Test
        void areTextForIceberg() {
            FeatureGroup.Builder<FeatureRecord> iceberg = FeatureGroup.named("payments")
                    .recordIdentifier(ID)
                    .eventTime(Feature.eventTime("time", EventTimeFormat.epochSeconds(3)))
                    .offlineStore(offline ->
                            offline.s3Uri("s3://bucket").tableFormat(OfflineStoreSettings.TableFormat.ICEBERG));

            assertProblems(
                    iceberg,
                    "the event time 'time' is Fractional, but an Iceberg table needs text: use"
                            + " EventTimeFormat.iso8601");
        }

        @Test
        void haveNoDefault() {
            assertProblems(
                    withTime(TIME.withDefault(Instant.EPOCH)),
                    "the event time 'time' has a default; every record brings its own");
        }

        @Test
        void areSetOnce() {
            assertProblems(online().eventTime(TIME), "eventTime is set twice");
        }

        private FeatureGroup.Builder<FeatureRecord> withTime(Feature<Instant> time) {
            return FeatureGroup.named("payments")
                    .recordIdentifier(ID)
                    .eventTime(time)
                    .onlineStore();
        }
    }

    @Nested
    class Stamps {
        @Test
        void areAnInstantAndText() {
            assertProblems(
                    online().stampArrivalTime(Feature.eventTime("arrived", EventTimeFormat.iso8601(3))),
                    "the arrival time 'arrived' is stored as iso-8601/3, expected a feature made with"
                            + " Feature.instant");
            assertProblems(
                    online().stampWriteOrigin(Feature.of(
                            "origin", FeatureCodec.string("upper", String.class, text -> text, text -> text))),
                    "the write origin 'origin' is stored as upper, expected a feature made with Feature.string");
        }

        @Test
        void areNotRequiredSinceRecordsAreBuiltBeforeTheyAreStamped() {
            assertProblems(
                    online().stampArrivalTime(Feature.instant("arrived").required())
                            .stampWriteOrigin(Feature.string("origin").required()),
                    "the arrival time 'arrived' is required, but is stamped only after a record is complete",
                    "the write origin 'origin' is required, but is stamped only after a record is complete");
        }

        @Test
        void areSetOnce() {
            assertProblems(
                    online().stampArrivalTime(Feature.instant("a"))
                            .stampArrivalTime(Feature.instant("b"))
                            .stampWriteOrigin(Feature.string("c"))
                            .stampWriteOrigin(Feature.string("d")),
                    "stampArrivalTime is set twice",
                    "stampWriteOrigin is set twice");
        }
    }

    @Nested
    class Collections {
        private static final List<Feature<?>> ALL = List.of(
                Feature.list("tags", BuiltInCodecs.STRING),
                Feature.set("codes", BuiltInCodecs.INTEGRAL),
                Feature.vector("embedding", 4));

        @Test
        void liveInMemory() {
            assertValid(inMemory().features(ALL));
        }

        @ParameterizedTest
        @CsvSource({"STANDARD", "STANDARD_V2"})
        void areRefusedElsewhere(OnlineStorageType type) {
            List<String> problems = new ArrayList<>();
            for (Feature<?> feature : ALL) {
                problems.add("feature '" + feature.name()
                        + "' is a collection, which only an online store with storage type InMemory can hold");
            }
            assertProblems(
                    Definitions.keys()
                            .onlineStore(store -> store.storageType(type))
                            .features(ALL),
                    problems.toArray(String[]::new));
            assertProblems(Definitions.offline(store -> {}).features(ALL), problems.toArray(String[]::new));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 8192})
        void haveVectorsOf1To8192Elements(int dimension) {
            assertValid(inMemory().features(Feature.vector("embedding", dimension)));
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 0, 8193})
        void haveNoOtherVectors(int dimension) {
            assertProblems(
                    inMemory().features(Feature.vector("embedding", dimension)),
                    "vector 'embedding' has dimension " + dimension + ", expected 1 to 8192");
        }

        @Test
        void haveOneVectorAtMost() {
            assertProblems(
                    inMemory().features(Feature.vector("a", 2), Feature.vector("b", 2), Feature.vector("c", 3)),
                    "it has 3 vector features, at most one is allowed");
        }

        @Test
        void haveNoCollectionsInside() {
            FeatureCodec<List<String>> inner = CollectionCodec.list(BuiltInCodecs.STRING);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Feature.list("nested", inner))
                    .withMessage("The elements of a collection feature are scalars, not collections");
        }
    }

    @Nested
    class Codecs {
        @ParameterizedTest
        @ValueSource(strings = {"string", "decimal", "iso-8601/9", "enum[A,B]", "", " "})
        void ofYourOwnHaveNamesOfTheirOwn(String name) {
            String problem =
                    "feature 'a' has a codec of its own with the name '" + name + "', which is blank or built in";

            assertProblems(online().features(Feature.of("a", new Reversed(name))), problem);
            assertProblems(inMemory().features(Feature.list("a", new Reversed(name))), problem);
        }

        @Test
        void areKnownByTheirNames() {
            assertValid(online().features(Feature.of("a", new Reversed("reversed"))));
            assertValid(online().features(Feature.enumeration("a", CollectionType.class)));
        }

        private record Reversed(String name) implements FeatureCodec.OfString<String> {
            @Override
            public Class<String> javaType() {
                return String.class;
            }

            @Override
            public String encode(String value) {
                return new StringBuilder(value).reverse().toString();
            }

            @Override
            public String decode(String text) {
                return encode(text);
            }
        }
    }

    @Test
    void featureDescriptionsHaveUpTo255Characters() {
        assertValid(online().features(Feature.string("a").withDescription("d".repeat(255))));
        assertProblems(
                online().features(Feature.string("a").withDescription("d".repeat(256))),
                "the description of feature 'a' has 256 characters, at most 255 are allowed");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        FeatureGroup.Builder<FeatureRecord> hopeless = FeatureGroup.named("pay ments")
                .features(Feature.string("write_time"), Feature.vector("v", 0), Feature.string("write_time"))
                .description("d".repeat(129))
                .throughput(Throughput.provisioned(-1, 40_001))
                .tag("a", "1")
                .tag("a", "2");

        assertProblems(
                hopeless,
                "tag 'a' is set twice",
                "the group's name" + BAD_CHARACTERS,
                "feature 'write_time' has a name that the service reserves for its own columns",
                "feature 'write_time' has a name that the service reserves for its own columns",
                "feature 'write_time' is there twice; the identifier, the event time and provenance features are not"
                        + " listed again",
                "it has no record identifier: call recordIdentifier(feature)",
                "it has no event time: call eventTime(feature)",
                "feature 'v' is a collection, which only an online store with storage type InMemory can hold",
                "vector 'v' has dimension 0, expected 1 to 8192",
                "it has no store: call onlineStore, offlineStore or both",
                "it provisions -1 read capacity units, expected 0 to 40000",
                "it provisions 40001 write capacity units, expected 0 to 40000",
                "its description has 129 characters, at most 128 are allowed");
    }
}
