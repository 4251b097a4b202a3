package dev.featurestore.schema;

import static dev.featurestore.schema.Definitions.ID;
import static dev.featurestore.schema.Definitions.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The JSON form: golden texts, round trips, and its documentation. */
class FeatureGroupJsonTest {
    private static final FeatureCodec<URI> URI_CODEC =
            FeatureCodec.string("uri", URI.class, URI::toString, URI::create);

    /** Everything that a group with both stores can have. */
    private static FeatureGroup<FeatureRecord> bothStores() {
        return FeatureGroup.named("card-payments")
                .description("Spending of a card")
                .recordIdentifier(Feature.string("card_id"))
                .eventTime(Feature.eventTime("event_time", EventTimeFormat.iso8601(3)))
                .features(
                        Feature.integral("txn_count").required().withDefault(0L).withDescription("In the last 60 s"),
                        Feature.fractional("amount").withDefault(0.5),
                        Feature.bool("new"),
                        Feature.localDate("opened"))
                .stampArrivalTime(Feature.instant("arrived"))
                .stampWriteOrigin(Feature.string("origin"))
                .onlineStore(online -> online.ttl(Duration.ofDays(91)).kmsKeyId("alias/online"))
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features")
                        .kmsKeyId("alias/offline")
                        .table("features", "card_payments"))
                .throughput(Throughput.provisioned(100, 50))
                .roleArn(Definitions.ROLE)
                .tag("team", "risk")
                .tag("cost-centre", "42")
                .build();
    }

    /** Everything that only an in-memory group can have, and every codec. */
    private static FeatureGroup<FeatureRecord> inMemory() {
        return FeatureGroup.named("sessions")
                .recordIdentifier(Feature.integral("id"))
                .eventTime(Feature.eventTime("time", EventTimeFormat.epochSeconds(6)))
                .features(
                        Feature.integer("integer").withDefault(-1),
                        Feature.float32("float").withDefault(0.1f),
                        Feature.bool("boolean").withDefault(true),
                        Feature.enumeration("enum", CollectionType.class).withDefault(CollectionType.SET),
                        Feature.localDate("date").withDefault(LocalDate.of(2025, 1, 31)),
                        Feature.decimal("decimal").withDefault(new BigDecimal("10.50")),
                        Feature.duration("duration").withDefault(Duration.ofMillis(1500)),
                        Feature.string("string").withDefault("\"\\ \u00e9"),
                        Feature.of("uri", URI_CODEC),
                        Feature.list("list", URI_CODEC),
                        Feature.set("set", BuiltInCodecs.INTEGRAL).required(),
                        Feature.vector("vector", 8192))
                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
                .throughput(Throughput.onDemand())
                .build();
    }

    private static final FeatureCodec<?>[] CODECS = {BuiltInCodecs.enumeration(CollectionType.class), URI_CODEC};

    private static String resource(String name) throws IOException {
        try (InputStream in = FeatureGroupJsonTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Nested
    class Text {
        @Test
        void isAsCommitted() throws IOException {
            assertThat(bothStores().toJson()).isEqualTo(resource("both-stores.json"));
            assertThat(inMemory().toJson()).isEqualTo(resource("in-memory.json"));
        }

        @Test
        void leavesOutWhatIsNotSet() {
            assertThat(Definitions.online().build().toJson())
                    .isEqualTo("{\"format\":\"featurestore/feature-group/1\",\"name\":\"payments\","
                            + "\"recordIdentifier\":\"id\",\"eventTime\":\"time\",\"features\":["
                            + "{\"name\":\"id\",\"type\":\"String\",\"codec\":\"string\"},"
                            + "{\"name\":\"time\",\"type\":\"String\",\"codec\":\"iso-8601/9\"}],"
                            + "\"onlineStore\":{\"storageType\":\"Standard\"}}");
        }
    }

    @Nested
    class RoundTrip {
        @Test
        void keepsAGroupWithBothStores() {
            FeatureGroup<FeatureRecord> group = bothStores();
            FeatureGroup<FeatureRecord> read = FeatureGroup.fromJson(group.toJson());

            assertThat(read).isEqualTo(group).hasSameHashCodeAs(group);
            assertThat(read.features()).isEqualTo(group.features());
            assertThat(read.provenance()).isEqualTo(group.provenance());
            assertThat(read.throughput()).isEqualTo(group.throughput());
            assertThat(read.tags()).isEqualTo(group.tags());
            assertThat(read.roleArn()).isEqualTo(group.roleArn());
            assertThat(read.onlineStore().orElseThrow().ttl()).contains(new Ttl(13, Ttl.Unit.WEEKS));
        }

        @Test
        void keepsEveryCodecAndCollection() {
            FeatureGroup<FeatureRecord> read = FeatureGroup.fromJson(inMemory().toJson(), CODECS);

            assertThat(read).isEqualTo(inMemory());
            assertThat(read.features()).isEqualTo(inMemory().features());
            assertThat(read.feature("string").defaultText()).contains("\"\\ \u00e9");
        }

        @Test
        void keepsEveryKindOfOfflineTable() {
            for (FeatureGroup.Builder<FeatureRecord> builder : List.of(
                    Definitions.offline(store -> store.existingTable("a", "b")),
                    Definitions.offline(OfflineStoreSettings.Builder::withoutTable),
                    Definitions.offline(store -> store.tableFormat(OfflineStoreSettings.TableFormat.ICEBERG)))) {
                FeatureGroup<FeatureRecord> group = builder.build();

                assertThat(FeatureGroup.fromJson(group.toJson())).isEqualTo(group);
            }
        }

        @Test
        void keepsEveryStorageTypeAndUnit() {
            for (OnlineStorageType type : OnlineStorageType.values()) {
                for (Ttl.Unit unit : Ttl.Unit.values()) {
                    FeatureGroup<FeatureRecord> group = Definitions.keys()
                            .onlineStore(store -> store.storageType(type).ttl(new Ttl(Integer.MAX_VALUE, unit)))
                            .build();

                    assertThat(FeatureGroup.fromJson(group.toJson())).isEqualTo(group);
                }
            }
        }

        @Test
        void readsMembersInAnyOrder() throws IOException {
            String reordered = "{\"onlineStore\":{\"storageType\":\"Standard\"},\"features\":["
                    + "{\"codec\":\"iso-8601/9\",\"type\":\"String\",\"name\":\"time\"},"
                    + "{\"codec\":\"string\",\"type\":\"String\",\"name\":\"id\"}],"
                    + "\"eventTime\":\"time\",\"recordIdentifier\":\"id\",\"name\":\"payments\","
                    + "\"format\":\"featurestore/feature-group/1\"}";

            assertThat(FeatureGroup.fromJson(reordered))
                    .isEqualTo(Definitions.online().build());
        }
    }

    @Nested
    class Equality {
        @Test
        void isThatOfTheTexts() {
            assertThat(bothStores()).isEqualTo(bothStores()).hasSameHashCodeAs(bothStores());
            assertThat(Definitions.online().build())
                    .isNotEqualTo(Definitions.online().description("other").build())
                    .isNotEqualTo(
                            Definitions.online().features(Feature.bool("new")).build())
                    .isNotEqualTo(FeatureGroup.named("other")
                            .recordIdentifier(ID)
                            .eventTime(TIME)
                            .onlineStore()
                            .build())
                    .isNotEqualTo("payments");
        }
    }

    @Nested
    class Serialization {
        @Test
        void keepsGroups() throws Exception {
            assertThat(Serialized.copy(bothStores())).isEqualTo(bothStores());
            FeatureGroup<FeatureRecord> copy = Serialized.copy(inMemory());
            assertThat(copy).isEqualTo(inMemory());
            assertThat(copy.features()).isEqualTo(inMemory().features());
        }

        @Test
        void keepsGroupsThatWriteAndRead() throws Exception {
            FeatureGroup<FeatureRecord> copy = Serialized.copy(inMemory());
            FeatureRecord record = copy.newRecord()
                    .set(Feature.integral("id"), 1L)
                    .set("time", Instant.EPOCH)
                    .set("list", List.of(URI.create("a:b")))
                    .set("set", Set.of(1L))
                    .build();

            assertThat(record.get(Feature.list("list", URI_CODEC))).containsExactly(URI.create("a:b"));
            assertThat(Serialized.copy(record)).isEqualTo(record);
        }

        @Test
        void keepsTheBuiltInNumberCodecsSingle() throws Exception {
            assertThat(Serialized.copy(BuiltInCodecs.INTEGRAL)).isSameAs(BuiltInCodecs.INTEGRAL);
            assertThat(Serialized.copy(BuiltInCodecs.FRACTIONAL)).isSameAs(BuiltInCodecs.FRACTIONAL);
            assertThat(Serialized.copy(BuiltInCodecs.STRING)).isSameAs(BuiltInCodecs.STRING);
        }
    }

    /** {@code docs/definition-json.md} says what is. */
    @Nested
    class Documentation {
        private final String page = Files.readString(Path.of("..", "docs", "definition-json.md"));

        Documentation() throws IOException {}

        @Test
        void listsTheMembersThatAreRead() {
            Map<String, Set<String>> sections = Map.of(
                    "Group", FeatureGroupReader.GROUP,
                    "Feature", FeatureGroupReader.FEATURE,
                    "Online store", FeatureGroupReader.ONLINE_STORE,
                    "Time to live", FeatureGroupReader.TTL,
                    "Offline store", FeatureGroupReader.OFFLINE_STORE,
                    "Throughput", FeatureGroupReader.THROUGHPUT);

            sections.forEach((section, members) ->
                    assertThat(firstColumn(section)).as(section).containsExactlyInAnyOrderElementsOf(members));
        }

        @Test
        void listsTheBuiltInCodecsWithTheirTypes() {
            List<String> names = firstColumn("Codecs");

            assertThat(names).hasSize(15);
            for (String name : names) {
                FeatureCodec<?> codec = Objects.requireNonNull(BuiltInCodecs.named(name), name);
                assertThat(section("Codecs"))
                        .contains("| `" + name + "` | `" + codec.type().wireName() + "` |");
            }
        }

        @Test
        void hasAnExampleThatIsTheTextOfADefinition() throws IOException {
            Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page);
            assertThat(block.find()).isTrue();

            assertThat(FeatureGroup.fromJson(block.group(1))).isEqualTo(bothStores());
            assertThat(new ObjectMapper().readTree(block.group(1)).toString())
                    .isEqualTo(bothStores().toJson());
        }

        private List<String> firstColumn(String section) {
            List<String> names = new ArrayList<>();
            Matcher row =
                    Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE).matcher(section(section));
            while (row.find()) {
                names.add(row.group(1));
            }
            return names;
        }

        private String section(String title) {
            int from = page.indexOf("\n## " + title + "\n");
            assertThat(from).as(title).isNotNegative();
            return page.substring(from, page.indexOf("\n## ", from + 1));
        }
    }
}
