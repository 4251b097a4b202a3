package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.AdminClient;
import dev.featurestore.FeatureGroupPlan;
import dev.featurestore.Sleeper;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.DeployedFeatureGroup.LastUpdate;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OfflineStoreSettings.TableFormat;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.Throughput;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Definitions planned and applied through the official client; the emulator takes minutes, on a clock that pauses move. */
class PlanAndApplyTest {
    private static final Duration CREATION = Duration.ofMinutes(1);

    private static final Duration UPDATE = Duration.ofMinutes(3);

    private static final List<String> READS =
            List.of("DescribeFeatureGroup", "DescribeFeatureMetadata", "ListTags", "ListFeatureGroups");

    private static final Feature<String> ID = Feature.string("card_id");

    private static final Feature<Instant> AT = Feature.eventTime("event_ts");

    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    private final EmulatedBackend backend = new EmulatedBackend(
            HTTP, emulator -> emulator.creationTime(CREATION).updateTime(UPDATE));

    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    private final Sleeper sleeper = pause -> {
        pauses.add(pause);
        backend.clock().advance(pause);
    };

    private final AdminClient admin =
            backend.storeOf(backend.admin(RetryPolicy.patient(), sleeper)).admin();

    @AfterAll
    static void closeHttp() {
        HTTP.close();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /** Both stores, some settings. */
    private static FeatureGroup.Builder<FeatureRecord> cards() {
        return FeatureGroup.named("cards_v3")
                .recordIdentifier(ID)
                .eventTime(AT)
                .features(
                        Feature.integral("count"), Feature.fractional("amount").withDescription("In euro"))
                .onlineStore(online -> online.ttl(Duration.ofDays(30)))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .throughput(Throughput.provisioned(5, 5))
                .roleArn("arn:aws:iam::123456789012:role/features")
                .tag("team", "secret-fraud");
    }

    /** The operations that are no reads, since the log was cleared. */
    private List<String> writes() {
        return backend.emulator().requests().stream()
                .map(LoggedRequest::operation)
                .filter(operation -> !READS.contains(operation))
                .toList();
    }

    private void deploy(FeatureGroup.Builder<?> definition) {
        admin.apply(definition.build());
        backend.emulator().clearRequests();
        pauses.clear();
    }

    @Test
    void aGroupThatIsNotThereIsCreatedAndWaitedFor() {
        FeatureGroup<?> cards = cards().build();
        FeatureGroupPlan plan = admin.plan(cards);
        assertThat(plan.isCreation()).isTrue();
        assertThat(plan.isEmpty()).isFalse();
        assertThat(plan.isPossible()).isTrue();
        assertThat(plan).hasToString("""
                        feature group 'cards_v3': to be created
                          + feature 'card_id' String
                          + feature 'event_ts' String
                          + feature 'count' Integral
                          + feature 'amount' Fractional\
                        """);
        assertThat(writes()).isEmpty();

        DeployedFeatureGroup deployed = admin.apply(plan);

        assertThat(deployed.status()).isEqualTo(DeployedFeatureGroup.Status.CREATED);
        assertThat(writes()).containsExactly("CreateFeatureGroup", "UpdateFeatureMetadata");
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(CREATION);
        assertThat(admin.plan(cards).isEmpty()).isTrue();
        assertThat(admin.plan(cards)).hasToString("feature group 'cards_v3': nothing to change");
        admin.verify(cards);
    }

    @Test
    void applyingAgainOnlyReads() {
        deploy(cards());

        admin.apply(cards().build());

        assertThat(writes()).isEmpty();
        assertThat(pauses).isEmpty();
    }

    static List<Arguments> additiveChanges() {
        return List.of(
                change(
                        "+ feature 'risk' Fractional",
                        "UpdateFeatureGroup",
                        b -> b.features(Feature.fractional("risk"))),
                change("~ time to live 30 Days -> 90 Days", "UpdateFeatureGroup", ttl(Duration.ofDays(90))),
                change("~ time to live 30 Days -> none", "UpdateFeatureGroup", FeatureGroup.Builder::onlineStore),
                change(
                        "~ storage type Standard -> Standard_V2\n  ~ throughput provisioned",
                        "UpdateFeatureGroup",
                        b -> b.throughput(Throughput.onDemand())
                                .onlineStore(online ->
                                        online.ttl(Duration.ofDays(30)).storageType(OnlineStorageType.STANDARD_V2))),
                change(
                        "~ throughput provisioned for 5 reads and 5 writes -> on demand",
                        "UpdateFeatureGroup",
                        b -> b.throughput(Throughput.onDemand())),
                change("~ tag 'team' gets another value", "AddTags", b -> b.tag("team", "secret-risk")),
                change("~ tag 'cost' is added", "AddTags", b -> b.tag("cost", "secret-42")),
                change(
                        "+ feature 'age' Integral\n  ~ description of feature 'age'",
                        "UpdateFeatureMetadata",
                        b -> b.features(Feature.integral("age").withDescription("In days"))));
    }

    private static Arguments change(String line, String lastWrite, UnaryOperator<FeatureGroup.Builder<?>> change) {
        return Arguments.of(line, lastWrite, change);
    }

    private static UnaryOperator<FeatureGroup.Builder<?>> ttl(Duration ttl) {
        return builder -> builder.onlineStore(online -> online.ttl(ttl));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("additiveChanges")
    void whatIsAdditiveIsPlannedAppliedAndThen(
            String lines, String lastWrite, UnaryOperator<FeatureGroup.Builder<?>> change) {
        deploy(cards());
        FeatureGroup<?> changed = change.apply(cards().build().toBuilder()).build();

        FeatureGroupPlan plan = admin.plan(changed);
        assertThat(changes(plan)).hasSize(lines.lines().toList().size());
        lines.lines()
                .map(String::strip)
                .forEach(line -> assertThat(changes(plan)).anyMatch(planned -> planned.startsWith(line)));
        assertThat(plan.toString()).doesNotContain("secret");
        assertThat(plan.isPossible()).isTrue();
        assertThat(writes()).isEmpty();
        admin.apply(plan);

        assertThat(writes()).endsWith(lastWrite).hasSize((int) lines.lines().count());
        assertThat(admin.plan(changed).isEmpty()).isTrue();
        admin.verify(changed);
    }

    /** Without the line of the group. */
    private static List<String> changes(FeatureGroupPlan plan) {
        return plan.toString().lines().skip(1).map(String::strip).toList();
    }

    @Test
    void changesAreMadeOneKindACallInOrder() {
        deploy(cards());
        FeatureGroup<?> changed = cards().build().toBuilder()
                .features(IntStream.range(0, 120)
                        .mapToObj(i -> Feature.integral("new_" + i))
                        .toList())
                .throughput(Throughput.onDemand())
                .onlineStore(online -> online.ttl(Duration.ofDays(7)).storageType(OnlineStorageType.STANDARD_V2))
                .tag("stage", "live")
                .build();

        DeployedFeatureGroup deployed = admin.apply(changed);

        // throughput, storage type, time to live, 100 features, 20 features, tags
        assertThat(writes())
                .containsExactly(
                        "UpdateFeatureGroup",
                        "UpdateFeatureGroup",
                        "UpdateFeatureGroup",
                        "UpdateFeatureGroup",
                        "UpdateFeatureGroup",
                        "AddTags");
        assertThat(deployed.features()).hasSize(124).last().hasToString("'new_119' Integral");
        assertThat(deployed.lastUpdate()).isEqualTo(LastUpdate.SUCCESSFUL);
        assertThat(pauses).allMatch(Duration.ofSeconds(2)::equals);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(UPDATE.multipliedBy(5));
    }

    static List<Arguments> forbiddenChanges() {
        return List.of(
                forbidden(
                        "feature 'count' is String, deployed as Integral: a feature keeps its type",
                        with(Feature.string("count"), Feature.fractional("amount"))),
                forbidden(
                        "feature 'amount' Fractional is deployed but not defined: features cannot be removed",
                        with(Feature.integral("count"))),
                forbidden(
                        "feature 'Count' is deployed as 'count'",
                        with(Feature.integral("Count"), Feature.fractional("amount"))),
                forbidden(
                        "feature 'count' is List<Integral>, deployed as Integral",
                        FeatureGroup.named("cards_v3")
                                .recordIdentifier(ID)
                                .eventTime(AT)
                                .features(Feature.list(
                                        "count", Feature.integral("e").codec()))
                                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))),
                forbidden(
                        "the record identifier is 'count', deployed as 'card_id'",
                        keys(Feature.integral("count"), AT, ID, Feature.fractional("amount"))),
                forbidden(
                        "the event time is 'amount', deployed as 'event_ts'",
                        keys(
                                ID,
                                Feature.eventTime("amount", EventTimeFormat.epochSeconds(3)),
                                Feature.string("event_ts"),
                                Feature.integral("count"))),
                forbidden(
                        "the definition has no offline store, the deployed group has one",
                        FeatureGroup.named("cards_v3")
                                .recordIdentifier(ID)
                                .eventTime(AT)
                                .features(Feature.integral("count"), Feature.fractional("amount"))
                                .onlineStore(online -> online.ttl(Duration.ofDays(30)))),
                forbidden(
                        "the online store has a key of its own, deployed with none",
                        cards().build().toBuilder()
                                .onlineStore(online ->
                                        online.ttl(Duration.ofDays(30)).kmsKeyId("key-1"))),
                forbidden(
                        "storage type Standard -> InMemory",
                        FeatureGroup.named("cards_v3")
                                .recordIdentifier(ID)
                                .eventTime(AT)
                                .features(Feature.integral("count"), Feature.fractional("amount"))
                                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))),
                forbidden(
                        "the S3 URI is s3://other, deployed as s3://features/offline",
                        cards().build().toBuilder().offlineStore(offline -> offline.s3Uri("s3://other"))),
                forbidden(
                        "the table format is ICEBERG, deployed as GLUE",
                        cards().build().toBuilder()
                                .offlineStore(offline ->
                                        offline.s3Uri("s3://features/offline/").tableFormat(TableFormat.ICEBERG))),
                forbidden(
                        "the catalog table is NONE, deployed as CREATED_BY_SERVICE",
                        cards().build().toBuilder()
                                .offlineStore(offline ->
                                        offline.s3Uri("s3://features/offline").withoutTable())),
                forbidden(
                        "the table is own, deployed as cards_v3_",
                        cards().build().toBuilder()
                                .offlineStore(offline ->
                                        offline.s3Uri("s3://features/offline").table("sagemaker_featurestore", "own"))),
                forbidden(
                        "the role is arn:aws:iam::123456789012:role/other",
                        cards().build().toBuilder().roleArn("arn:aws:iam::123456789012:role/other")));
    }

    private static Arguments forbidden(String problem, FeatureGroup.Builder<?> changed) {
        return Arguments.of(problem, changed.build());
    }

    private static FeatureGroup.Builder<?> with(Feature<?>... features) {
        return keys(ID, AT, features);
    }

    private static FeatureGroup.Builder<?> keys(Feature<?> identifier, Feature<Instant> at, Feature<?>... features) {
        return FeatureGroup.named("cards_v3")
                .recordIdentifier(identifier)
                .eventTime(at)
                .features(features)
                .onlineStore(online -> online.ttl(Duration.ofDays(30)))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forbiddenChanges")
    void whatIsForbiddenIsRefusedBeforeAnythingIsChanged(String problem, FeatureGroup<?> changed) {
        deploy(cards());
        FeatureGroup<?> alsoTagged = changed.toBuilder().tag("stage", "live").build();

        FeatureGroupPlan plan = admin.plan(alsoTagged);

        assertThat(plan.isPossible()).isFalse();
        assertThat(plan.toString()).contains("cannot be changed as defined").contains("\n  ! " + problem);
        assertThatThrownBy(() -> admin.apply(alsoTagged))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("feature group 'cards_v3'")
                .hasMessageContaining(problem)
                .hasMessageContaining("'cards_v4'");
        assertThat(writes()).isEmpty();
        assertThat(backend.emulator().requests()).isNotEmpty();
    }

    @Test
    void allThatIsForbiddenIsToldAtOnce() {
        deploy(cards());
        FeatureGroup<?> changed = with(Feature.string("count"))
                .roleArn("arn:aws:iam::123456789012:role/other")
                .build();

        assertThatThrownBy(() -> admin.apply(changed))
                .isInstanceOf(InvalidDefinitionException.class)
                .satisfies(failure -> assertThat(((InvalidDefinitionException) failure).problems())
                        .hasSize(3));
    }

    @Test
    void whatOnlyTheDeployedGroupHasIsLeftAlone() {
        deploy(cards().description("As it was created"));
        FeatureGroup<?> leaner = FeatureGroup.named("cards_v3")
                .recordIdentifier(ID)
                .eventTime(AT)
                .features(Feature.fractional("amount"), Feature.integral("count"))
                .description("In other words")
                .onlineStore(online -> online.ttl(Duration.ofDays(30)))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline/"))
                .build();

        assertThat(admin.plan(leaner).isEmpty()).isTrue();
        assertThat(admin.plan(leaner).toString()).contains("\n  # the description differs");
        admin.apply(leaner);

        assertThat(writes()).isEmpty();
        assertThat(admin.backend().tags("cards_v3")).containsKey("team");
    }

    @Test
    void aPlanThatIsOutOfDateIsNotApplied() {
        deploy(cards());
        FeatureGroup<?> later =
                ttl(Duration.ofDays(90)).apply(cards().build().toBuilder()).build();
        FeatureGroupPlan plan = admin.plan(later);
        deploy(ttl(Duration.ofDays(60)).apply(cards().build().toBuilder()));

        assertThatThrownBy(() -> admin.apply(plan))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("changed since the plan was made")
                .hasMessageContaining("60 Days -> 90 Days");
        assertThat(writes()).isEmpty();

        deploy(ttl(Duration.ofDays(90)).apply(cards().build().toBuilder()));
        admin.apply(plan);
        assertThat(writes()).isEmpty();
    }

    @Test
    void somebodyElsesUpdateIsWaitedFor() {
        deploy(cards());
        FeatureGroup<?> wider = cards().features(Feature.integral("risk")).build();
        AdminClient other = backend.storeOf(backend.admin(RetryPolicy.never(), pause -> {
                    throw new InterruptedException();
                }))
                .admin();
        assertThatThrownBy(() -> other.apply(wider)).isInstanceOf(StoreUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(admin.describe("cards_v3").isChanging()).isTrue();
        backend.emulator().clearRequests();

        admin.apply(wider);

        assertThat(writes()).isEmpty();
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(UPDATE);
    }

    @Test
    void aFailedUpdateIsReportedWithTheServicesReason() {
        deploy(cards());
        AdminClient slow = backend.storeOf(backend.admin(RetryPolicy.never(), pause -> {
                    if (pauses.isEmpty()) {
                        // in the meantime the store gets a feature of the same name
                        backend.inMemory()
                                .admin()
                                .apply(cards().features(Feature.string("risk")).build());
                    }
                    sleeper.sleep(pause);
                }))
                .admin();

        assertThatThrownBy(() ->
                        slow.apply(cards().features(Feature.integral("risk")).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Adding 1 features to feature group 'cards_v3' failed, the service's reason:")
                .hasMessageContaining("feature 'risk' is Integral, deployed as String");
    }

    @Test
    void anUpdateThatTakesTooLongIsNotWaitedForForEver() {
        try (EmulatedBackend slow = new EmulatedBackend(HTTP, emulator -> emulator.updateTime(Duration.ofHours(1)))) {
            AdminClient client = slow.storeOf(slow.admin()).admin();
            client.apply(cards().build());

            assertThatThrownBy(() -> client.apply(
                            cards().features(Feature.integral("risk")).build()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("within PT10M");
        }
    }

    @Test
    void requestsThatAreThrottledOrLostAreRepeated() {
        deploy(cards());
        backend.emulator()
                .faults()
                .next("DescribeFeatureGroup", 3, WireFault.throttled())
                .next("UpdateFeatureGroup", 3, WireFault.throttled())
                .next("UpdateFeatureGroup", 1, WireFault.droppedBefore())
                .next("AddTags", 2, WireFault.serviceUnavailable());
        FeatureGroup<?> changed =
                cards().features(Feature.integral("risk")).tag("stage", "live").build();

        admin.apply(changed);

        assertThat(admin.plan(changed).isEmpty()).isTrue();
        assertThat(writes()).filteredOn("UpdateFeatureGroup"::equals).hasSize(5);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsLookedUp() {
        backend.emulator()
                .faults()
                .next("CreateFeatureGroup", 1, WireFault.droppedAfter())
                .next("UpdateFeatureGroup", 1, WireFault.droppedAfter());
        FeatureGroup<?> wider = cards().features(Feature.integral("risk")).build();

        admin.apply(cards().build());
        admin.apply(wider);

        assertThat(admin.plan(wider).isEmpty()).isTrue();
    }

    @Test
    void verifyTellsEveryProblemOfEveryGroup() {
        deploy(cards());
        FeatureGroup<?> cards =
                with(Feature.string("count"), Feature.integral("risk")).build();
        FeatureGroup<?> users = FeatureGroup.named("users")
                .recordIdentifier(ID)
                .eventTime(AT)
                .onlineStore()
                .build();

        assertThatThrownBy(() -> admin.verify(cards, users))
                .isInstanceOf(InvalidDefinitionException.class)
                .satisfies(failure -> assertThat(((InvalidDefinitionException) failure).problems())
                        .hasSize(4)
                        .anyMatch(problem -> problem.contains("'count' is String, deployed as Integral"))
                        .anyMatch(problem -> problem.contains("'amount' Fractional is deployed but not defined"))
                        .anyMatch(problem -> problem.contains("'risk' Integral is not deployed; apply the definition"))
                        .contains("feature group 'users': it is not deployed; apply its definition, or check its"
                                + " region and account"));
        assertThat(writes()).isEmpty();
    }

    @Test
    void programsThatReadNeedNotKnowAllFeatures() {
        deploy(cards());
        FeatureGroup<?> fewer = with(Feature.integral("count")).build();

        admin.verifyForReading(fewer);
        assertThatThrownBy(() -> admin.verify(fewer)).hasMessageContaining("would erase its value");
        assertThatThrownBy(() ->
                        admin.verifyForReading(with(Feature.integral("other")).build()))
                .hasMessageContaining("feature 'other' Integral is not deployed");
    }

    @Test
    void howAGroupIsRunIsNotVerified() {
        deploy(cards());

        admin.verify(cards().build().toBuilder()
                .throughput(Throughput.onDemand())
                .roleArn("arn:aws:iam::123456789012:role/other")
                .tag("stage", "live")
                .description("Other")
                .build());
        assertThatThrownBy(() -> admin.verify(ttl(Duration.ofDays(1))
                        .apply(cards().build().toBuilder())
                        .build()))
                .hasMessageContaining("time to live 30 Days -> 1 Days is not done");
    }
}
