package dev.featurestore.schema;

import static dev.featurestore.schema.Definitions.ROLE;
import static dev.featurestore.schema.Definitions.assertProblems;
import static dev.featurestore.schema.Definitions.assertValid;
import static dev.featurestore.schema.Definitions.keys;
import static dev.featurestore.schema.Definitions.offline;
import static dev.featurestore.schema.Definitions.online;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.featurestore.schema.OfflineStoreSettings.CatalogTable;
import dev.featurestore.schema.OfflineStoreSettings.TableFormat;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stores, the throughput, the role, tags and texts of a group. */
class FeatureGroupSettingsTest {
    @Nested
    class Stores {
        @Test
        void areAtLeastOne() {
            assertProblems(keys(), "it has no store: call onlineStore, offlineStore or both");
        }

        @Test
        void areAbsentUnlessSet() {
            FeatureGroup<FeatureRecord> onlineOnly = online().build();
            assertThat(onlineOnly.offlineStore()).isEmpty();
            assertThat(onlineOnly.onlineStore())
                    .hasValueSatisfying(store -> assertThat(store.storageType()).isEqualTo(OnlineStorageType.STANDARD));
            assertThat(offline(store -> {}).build().onlineStore()).isEmpty();
        }

        @Test
        void areSetOnce() {
            assertProblems(online().onlineStore(), "onlineStore is set twice");
            assertProblems(
                    offline(store -> {}).offlineStore(store -> store.s3Uri("s3://bucket")),
                    "offlineStore is set twice");
        }

        @Test
        void inMemoryStandAlone() {
            assertProblems(
                    offline(store -> {})
                            .onlineStore(store -> store.storageType(OnlineStorageType.IN_MEMORY)
                                    .kmsKeyId("key")),
                    "an InMemory online store cannot have a KMS key of its own",
                    "an InMemory online store has no offline store beside it: make a second group for history");
        }

        @ParameterizedTest
        @ValueSource(strings = {"key", "arn:aws:kms:eu-west-1:123456789012:key/abc-def", "alias/my_key"})
        void haveKmsKeys(String key) {
            assertValid(offline(store -> store.kmsKeyId(key)).onlineStore(store -> store.kmsKeyId(key)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "my key", "key.1"})
        void refuseOtherTextsForKmsKeys(String key) {
            assertProblems(
                    offline(store -> store.kmsKeyId(key)).onlineStore(store -> store.kmsKeyId(key)),
                    "the KMS key of its online store is not a key id or ARN of at most 2048 characters",
                    "the KMS key of its offline store is not a key id or ARN of at most 2048 characters");
        }

        @Test
        void haveKmsKeysOfUpTo2048Characters() {
            assertValid(
                    online().offlineStore(store -> store.s3Uri("s3://bucket").kmsKeyId("k".repeat(2048))));
            assertProblems(
                    offline(store -> store.kmsKeyId("k".repeat(2049))),
                    "the KMS key of its offline store is not a key id or ARN of at most 2048 characters");
        }

        @Test
        void refuseNullSettings() {
            assertThatNullPointerException()
                    .isThrownBy(() -> keys().onlineStore(store -> store.storageType(Nulls.of())))
                    .withMessage("type");
            assertThatNullPointerException()
                    .isThrownBy(() -> keys().onlineStore(store -> store.ttl(Nulls.<Ttl>of())))
                    .withMessage("timeToLive");
            assertThatNullPointerException()
                    .isThrownBy(() -> keys().onlineStore(store -> store.kmsKeyId(Nulls.of())))
                    .withMessage("id");
            assertThatNullPointerException()
                    .isThrownBy(() -> offline(store -> store.s3Uri(Nulls.of())))
                    .withMessage("uri");
            assertThatNullPointerException()
                    .isThrownBy(() -> offline(store -> store.tableFormat(Nulls.of())))
                    .withMessage("format");
            assertThatNullPointerException()
                    .isThrownBy(() -> offline(store -> store.table(Nulls.of(), "table")))
                    .withMessage("databaseName");
            assertThatNullPointerException()
                    .isThrownBy(() -> offline(store -> store.existingTable("database", Nulls.of())))
                    .withMessage("tableName");
        }
    }

    @Nested
    class OfflineStores {
        @ParameterizedTest
        @ValueSource(strings = {"s3://bucket", "s3://bucket/", "s3://bucket/a/b", "https://s3.amazonaws.com/bucket"})
        void haveAnS3Uri(String uri) {
            assertValid(offline(store -> store.s3Uri(uri)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"s3:/bucket", "s3://", "s3a://bucket", "bucket/prefix", "S3://bucket", " s3://bucket"})
        void refuseOtherTexts(String uri) {
            assertProblems(offline(store -> store.s3Uri(uri)), "its S3 URI is not of the form s3://bucket/prefix");
        }

        @Test
        void doNotGoWithoutS3Uri() {
            assertProblems(keys().offlineStore(store -> {}), "its offline store has no S3 URI: call s3Uri(uri)");
        }

        @Test
        void haveAnS3UriOfUpTo1024Characters() {
            assertValid(offline(store -> store.s3Uri("s3://" + "b".repeat(1019))));
            assertProblems(
                    offline(store -> store.s3Uri("s3://" + "b".repeat(1020))),
                    "its S3 URI has 1025 characters, at most 1024 are allowed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "_a", "a_1", "features_2024"})
        void haveCatalogNamesInLowerCase(String name) {
            assertValid(offline(store -> store.table(name, name)));
            assertValid(offline(store -> store.existingTable(name, name)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "A", "1a", "a-b", "a b", "é"})
        void refuseOtherCatalogNames(String name) {
            String rule = " name may only have lower case letters, digits and '_', and not begin with a digit";
            assertProblems(offline(store -> store.table(name, name)), "its database" + rule, "its table" + rule);
        }

        @Test
        void haveDatabaseNamesOf255AndTableNamesOf252Characters() {
            assertValid(offline(store -> store.table("d".repeat(255), "t".repeat(252))));
            assertProblems(
                    offline(store -> store.table("d".repeat(256), "t".repeat(253))),
                    "its database name has 256 characters, at most 255 are allowed",
                    "its table name has 253 characters, at most 252 are allowed");
        }

        @Test
        void haveIcebergTablesMadeByTheService() {
            assertValid(offline(store -> store.tableFormat(TableFormat.ICEBERG)));
            assertValid(offline(store -> store.tableFormat(TableFormat.ICEBERG).table("a", "b")));
            String problem =
                    "an Iceberg table must be created by the service: leave out existingTable and withoutTable";
            assertProblems(
                    offline(store -> store.tableFormat(TableFormat.ICEBERG).existingTable("a", "b")), problem);
            assertProblems(
                    offline(store -> store.tableFormat(TableFormat.ICEBERG).withoutTable()), problem);
        }

        @Test
        void haveBothNamesOfATableOrNone() {
            String both =
                    "its table needs the name of its database and its own, or neither: call table(database, table)";
            assertProblems(offline(store -> store.catalogTable(CatalogTable.CREATED_BY_SERVICE, "a", null)), both);
            assertProblems(offline(store -> store.catalogTable(CatalogTable.CREATED_BY_SERVICE, null, "b")), both);
            assertProblems(offline(store -> store.catalogTable(CatalogTable.BRING_YOUR_OWN, "a", null)), both);
            assertProblems(
                    offline(store -> store.catalogTable(CatalogTable.BRING_YOUR_OWN, null, null)),
                    "a table of your own needs names: call existingTable(database, table)");
            assertProblems(
                    offline(store -> store.catalogTable(CatalogTable.NONE, "a", "b")),
                    "it names a table, but has none: leave out the names or withoutTable");
        }

        @Test
        void tellHowTheyAreSet() {
            OfflineStoreSettings settings = offline(store -> store.tableFormat(TableFormat.GLUE)
                            .existingTable("database", "table")
                            .kmsKeyId("key"))
                    .build()
                    .offlineStore()
                    .orElseThrow();

            assertThat(settings.s3Uri()).isEqualTo("s3://bucket/features");
            assertThat(settings.tableFormat()).isEqualTo(TableFormat.GLUE);
            assertThat(settings.catalogTable()).isEqualTo(CatalogTable.BRING_YOUR_OWN);
            assertThat(settings.database()).contains("database");
            assertThat(settings.table()).contains("table");
            assertThat(settings.kmsKeyId()).contains("key");
        }
    }

    @Nested
    class TimesToLive {
        @Test
        void areKeptInTheServicesUnits() {
            FeatureGroup<FeatureRecord> group =
                    keys().onlineStore(store -> store.ttl(Duration.ofHours(36))).build();

            assertThat(group.onlineStore().orElseThrow().ttl()).contains(new Ttl(36, Ttl.Unit.HOURS));
        }

        @Test
        void areRefusedWhereTheyAreSet() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keys().onlineStore(store -> store.ttl(Duration.ZERO)))
                    .withMessage("A time to live is a positive number of whole seconds, got PT0S");
        }
    }

    @Nested
    class Throughputs {
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 40_000})
        void provisionUpTo40000Units(int units) {
            assertValid(online().throughput(Throughput.provisioned(units, units)));
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 40_001, Integer.MAX_VALUE, Integer.MIN_VALUE})
        void refuseOtherNumbers(int units) {
            assertProblems(
                    online().throughput(Throughput.provisioned(units, units)),
                    "it provisions " + units + " read capacity units, expected 0 to 40000",
                    "it provisions " + units + " write capacity units, expected 0 to 40000");
        }

        @Test
        void onDemandHaveNoUnits() {
            assertValid(online().throughput(Throughput.onDemand()));
            assertProblems(
                    online().throughput(new Throughput(Throughput.Mode.ON_DEMAND, 1, 0)),
                    "on-demand throughput has no capacity units, got 1 for reads and 0 for writes");
        }

        @ParameterizedTest
        @EnumSource(names = {"STANDARD_V2", "IN_MEMORY"})
        void areProvisionedOnlyForStandardStores(OnlineStorageType type) {
            assertProblems(
                    keys().onlineStore(store -> store.storageType(type)).throughput(Throughput.provisioned(1, 1)),
                    "provisioned throughput needs storage type Standard or a group without online store");
            assertValid(keys().onlineStore(store -> store.storageType(type)).throughput(Throughput.onDemand()));
        }

        @Test
        void areProvisionedForOfflineGroups() {
            assertValid(offline(store -> {}).throughput(Throughput.provisioned(1, 1)));
        }

        @Test
        void areSetOnce() {
            assertProblems(
                    online().throughput(Throughput.onDemand()).throughput(Throughput.onDemand()),
                    "throughput is set twice");
        }

        @Test
        void haveAMode() {
            assertThatNullPointerException()
                    .isThrownBy(() -> new Throughput(Nulls.of(), 0, 0))
                    .withMessage("mode");
        }
    }

    @Nested
    class Roles {
        @ParameterizedTest
        @ValueSource(strings = {ROLE, "arn:aws-us-gov:iam::123456789012:role/a/b+c=d,e.f@g-h_i"})
        void areRoleArns(String role) {
            assertThat(online().roleArn(role).build().roleArn()).contains(role);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "features",
                    "arn:aws:iam::123456789012:user/features",
                    "arn:aws:iam::12345678901:role/features",
                    "arn:aws:iam::123456789012:role/a b",
                    "arn:aws:s3::123456789012:role/features"
                })
        void refuseOtherTexts(String role) {
            assertProblems(
                    online().roleArn(role), "its role is not a role ARN such as arn:aws:iam::123456789012:role/name");
        }

        @Test
        void haveUpTo2048Characters() {
            String prefix = "arn:aws:iam::123456789012:role/";
            assertValid(online().roleArn(prefix + "r".repeat(2048 - prefix.length())));
            assertProblems(
                    online().roleArn(prefix + "r".repeat(2049 - prefix.length())),
                    "its role is not a role ARN such as arn:aws:iam::123456789012:role/name");
        }

        @Test
        void areSetOnce() {
            assertProblems(online().roleArn(ROLE).roleArn(ROLE), "roleArn is set twice");
        }
    }

    @Nested
    class Tags {
        @Test
        void keepTheirOrder() {
            assertThat(online().tag("b", "2").tag("a", "").build().tags().entrySet())
                    .extracting(Object::toString)
                    .containsExactly("b=2", "a=");
        }

        @Test
        void areUpTo50() {
            assertValid(tags(50));
            assertProblems(tags(51), "it has 51 tags, at most 50 are allowed");
        }

        @Test
        void areSetOnce() {
            assertProblems(online().tag("team", "a").tag("team", "a"), "tag 'team' is set twice");
        }

        @Test
        void haveKeysOf1To128Characters() {
            String key = "k".repeat(128);
            assertValid(online().tag(key, "").tag("k", "").tag("Größe 1_.:/=+-@", ""));
            String rule = "' is not 1 to 128 letters, digits, blanks or _.:/=+-@";
            assertProblems(online().tag(key + "k", ""), "tag key '" + key + "k" + rule);
            assertProblems(online().tag("", ""), "tag key '" + rule);
            assertProblems(online().tag("a*b", ""), "tag key 'a*b" + rule);
        }

        @Test
        void haveValuesOfUpTo256Characters() {
            assertValid(online().tag("team", "v".repeat(256)));
            String problem = "the value of tag 'team' is not 0 to 256 letters, digits, blanks or _.:/=+-@";
            assertProblems(online().tag("team", "v".repeat(257)), problem);
            assertProblems(online().tag("team", "a\nb"), problem);
        }

        @Test
        void areNotNull() {
            assertThatNullPointerException()
                    .isThrownBy(() -> online().tag(Nulls.of(), "value"))
                    .withMessage("key");
            assertThatNullPointerException()
                    .isThrownBy(() -> online().tag("key", Nulls.of()))
                    .withMessage("value");
        }

        private FeatureGroup.Builder<FeatureRecord> tags(int count) {
            FeatureGroup.Builder<FeatureRecord> builder = online();
            for (int i = 0; i < count; i++) {
                builder.tag("tag" + i, "value");
            }
            return builder;
        }
    }

    @Nested
    class Descriptions {
        @Test
        void haveUpTo128Characters() {
            assertThat(online().build().description()).isEmpty();
            assertValid(online().description("d".repeat(128)));
            assertProblems(
                    online().description("d".repeat(129)),
                    "its description has 129 characters, at most 128 are allowed");
        }

        @Test
        void areSetOnce() {
            assertProblems(online().description("a").description("b"), "description is set twice");
        }
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                nullOf("feature", builder -> builder.recordIdentifier(Nulls.of())),
                nullOf("feature", builder -> builder.eventTime(Nulls.of())),
                nullOf("feature", builder -> builder.stampArrivalTime(Nulls.of())),
                nullOf("feature", builder -> builder.stampWriteOrigin(Nulls.of())),
                nullOf("text", builder -> builder.description(Nulls.of())),
                nullOf("value", builder -> builder.throughput(Nulls.of())),
                nullOf("arn", builder -> builder.roleArn(Nulls.of())));
    }

    private static Arguments nullOf(String what, Consumer<FeatureGroup.Builder<FeatureRecord>> call) {
        return Arguments.of(what, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nulls")
    void nullsAreRefusedWhereTheyAreGiven(String what, Consumer<FeatureGroup.Builder<FeatureRecord>> call) {
        assertThatNullPointerException()
                .isThrownBy(() -> call.accept(FeatureGroup.named("payments")))
                .withMessage(what);
    }
}
