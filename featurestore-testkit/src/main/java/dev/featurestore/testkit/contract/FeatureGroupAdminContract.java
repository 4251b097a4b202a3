package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.DeployedFeature;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.DeployedFeatureGroup.LastUpdate;
import dev.featurestore.schema.DeployedFeatureGroup.Status;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureMetadata;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.SchemaDifference;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.FeatureGroupAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules that every administration of groups keeps. Extend it in a test; each case makes a group under a name of its own
 * and deletes it, so it may run against a service that others use.
 */
public abstract class FeatureGroupAdminContract {
    private static final String ROLE = "arn:aws:iam::123456789012:role/contract";

    private static final Feature<String> ID = Feature.string("id");

    private static final Feature<Instant> AT = Feature.eventTime("at");

    private static final Feature<Long> COUNT = Feature.integral("count").withDescription("How often");

    private final String name = "contract-" + UUID.randomUUID().toString().substring(0, 13);

    private FeatureGroupAdmin admin;

    /** For subclasses. */
    protected FeatureGroupAdminContract() {}

    /** Called before each case. */
    protected abstract FeatureGroupAdmin openAdmin() throws Exception;

    /** Called after each case. */
    protected void closeAdmin() throws Exception {}

    @BeforeEach
    void open() throws Exception {
        admin = openAdmin();
    }

    @AfterEach
    void close() throws Exception {
        if (admin.exists(name)) {
            admin.delete(name);
        }
        closeAdmin();
    }

    private FeatureGroup.Builder<FeatureRecord> definition() {
        return FeatureGroup.named(name).recordIdentifier(ID).eventTime(AT).features(COUNT);
    }

    private DeployedFeatureGroup create(FeatureGroup.Builder<?> definition) {
        FeatureGroup<?> group = definition.build();
        admin.create(group);
        DeployedFeatureGroup deployed = admin.describe(name);
        assertThat(SchemaDifference.between(group, deployed).changes()).isEmpty();
        return deployed;
    }

    @Test
    void aGroupIsDescribedAsItWasDefined() {
        DeployedFeatureGroup deployed = create(definition()
                .features(Feature.fractional("amount"), Feature.bool("flag"), Feature.localDate("day"))
                .description("Of cards")
                .onlineStore(online -> online.ttl(Duration.ofDays(90)).kmsKeyId("key-1"))
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features/"))
                .throughput(Throughput.provisioned(10, 20))
                .roleArn(ROLE));

        assertThat(deployed.name()).isEqualTo(name);
        assertThat(deployed.arn()).matches("arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:feature-group/" + name);
        assertThat(deployed.recordIdentifier()).isEqualTo("id");
        assertThat(deployed.eventTime()).isEqualTo("at");
        assertThat(deployed.features())
                .extracting(DeployedFeature::toString)
                .containsExactly(
                        "'id' String",
                        "'at' String",
                        "'count' Integral",
                        "'amount' Fractional",
                        "'flag' Integral",
                        "'day' String");
        assertThat(deployed.description()).isEqualTo("Of cards");
        assertThat(deployed.throughput()).contains(Throughput.provisioned(10, 20));
        assertThat(deployed.roleArn()).contains(ROLE);
        assertThat(deployed.status()).isEqualTo(Status.CREATED);
        assertThat(deployed.isChanging()).isFalse();
        assertThat(deployed.lastUpdate()).isEqualTo(LastUpdate.NONE);
        assertThat(deployed.createdAt()).isAfter(Instant.EPOCH);
        OnlineStoreSettings online = deployed.onlineStore().orElseThrow();
        assertThat(online.storageType()).isEqualTo(OnlineStorageType.STANDARD);
        assertThat(online.ttl().map(Ttl::toDuration)).contains(Duration.ofDays(90));
        assertThat(online.kmsKeyId()).contains("key-1");
        OfflineStoreSettings offline = deployed.offlineStore().orElseThrow();
        assertThat(offline.tableFormat()).isEqualTo(OfflineStoreSettings.TableFormat.GLUE);
        assertThat(offline.catalogTable()).isEqualTo(OfflineStoreSettings.CatalogTable.CREATED_BY_SERVICE);
        assertThat(offline.database()).isPresent();
        assertThat(offline.table().orElseThrow()).startsWith(name.replace('-', '_'));
        assertThat(deployed.resolvedS3Uri().orElseThrow())
                .startsWith("s3://bucket/features/")
                .contains(name);
        assertThat(deployed.offlineStoreStatus()).contains("Active");
    }

    @Test
    void whatIsNotThereIsNotDescribed() {
        DeployedFeatureGroup deployed = create(definition().onlineStore());

        assertThat(deployed.offlineStore()).isEmpty();
        assertThat(deployed.resolvedS3Uri()).isEmpty();
        assertThat(deployed.offlineStoreStatus()).isEmpty();
        assertThat(deployed.onlineStore().orElseThrow().ttl()).isEmpty();
        assertThat(deployed.roleArn()).isEmpty();
        assertThat(deployed.description()).isEmpty();
        assertThat(admin.tags(name)).isEmpty();
    }

    @Test
    void collectionsAndOtherTablesAreDescribed() {
        create(definition()
                .features(
                        Feature.list("recent", Feature.string("e").codec()),
                        Feature.set("seen", Feature.integral("e").codec()),
                        Feature.vector("embedding", 128))
                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY)));

        assertThat(admin.describe(name).features())
                .extracting(DeployedFeature::typeName)
                .endsWith("List<String>", "Set<Integral>", "Vector<Fractional>/128");
    }

    @Test
    void tablesOfAllKindsAreDescribed() {
        create(definition()
                .offlineStore(offline -> offline.s3Uri("s3://bucket").existingTable("own", "cards"))
                .roleArn(ROLE));
        admin.delete(name);
        create(definition()
                .offlineStore(offline -> offline.s3Uri("s3://bucket").table("own", "cards"))
                .roleArn(ROLE));
        admin.delete(name);
        create(definition()
                .offlineStore(offline -> offline.s3Uri("s3://bucket").withoutTable())
                .roleArn(ROLE));
        admin.delete(name);
        create(definition()
                .offlineStore(
                        offline -> offline.s3Uri("s3://bucket").tableFormat(OfflineStoreSettings.TableFormat.ICEBERG))
                .roleArn(ROLE));
        admin.delete(name);
        create(FeatureGroup.named(name)
                .recordIdentifier(Feature.integral("id"))
                .eventTime(Feature.eventTime("at", EventTimeFormat.epochSeconds(3)))
                .onlineStore());
    }

    @Test
    void featuresAreAddedBehindThoseThatAreThere() {
        create(definition().onlineStore());
        List<Feature<?>> added = new ArrayList<>();
        for (int i = 0; i < FeatureGroupAdmin.MAX_ADDED_FEATURES; i++) {
            added.add(Feature.fractional("added_" + i).withDescription("Not written by an update"));
        }

        admin.addFeatures(name, added);

        DeployedFeatureGroup deployed = admin.describe(name);
        assertThat(deployed.features())
                .hasSize(103)
                .startsWith(DeployedFeature.of(ID), DeployedFeature.of(AT), DeployedFeature.of(COUNT))
                .endsWith(DeployedFeature.of(added.get(99)));
        assertThat(deployed.lastUpdate()).isIn(LastUpdate.SUCCESSFUL, LastUpdate.NONE);
        assertThat(admin.featureMetadata(name, "added_0").description()).isEmpty();
    }

    @Test
    void featuresThatAreThereNoneAndTooManyAreRefused() {
        create(definition().onlineStore());
        List<Feature<?>> tooMany = new ArrayList<>();
        for (int i = 0; i <= FeatureGroupAdmin.MAX_ADDED_FEATURES; i++) {
            tooMany.add(Feature.fractional("added_" + i));
        }

        refused(() -> admin.addFeatures(name, List.of(Feature.string("count"))));
        refused(() -> admin.addFeatures(name, List.of()));
        refused(() -> admin.addFeatures(name, tooMany));
        assertThat(admin.describe(name).features()).hasSize(3);
    }

    @Test
    void theTimeToLiveIsSetChangedAndRemoved() {
        create(definition().onlineStore());

        admin.updateTtl(name, Ttl.of(Duration.ofDays(30)));
        assertThat(ttl()).isEqualTo(Duration.ofDays(30));
        admin.updateTtl(name, new Ttl(90, Ttl.Unit.MINUTES));
        assertThat(ttl()).isEqualTo(Duration.ofMinutes(90));
        admin.updateTtl(name, null);
        assertThat(admin.describe(name).onlineStore().orElseThrow().ttl()).isEmpty();
    }

    private Duration ttl() {
        return admin.describe(name)
                .onlineStore()
                .orElseThrow()
                .ttl()
                .orElseThrow()
                .toDuration();
    }

    @Test
    void aTimeToLiveNeedsAnOnlineStore() {
        create(definition()
                .offlineStore(offline -> offline.s3Uri("s3://bucket"))
                .roleArn(ROLE));

        refused(() -> admin.updateTtl(name, Ttl.of(Duration.ofDays(30))));
    }

    @Test
    void standardBecomesStandardV2AndNothingElse() {
        create(definition().onlineStore(online -> online.ttl(Duration.ofDays(30))));

        refused(() -> admin.updateStorageType(name, OnlineStorageType.IN_MEMORY));
        admin.updateStorageType(name, OnlineStorageType.STANDARD_V2);

        assertThat(admin.describe(name).onlineStore().orElseThrow().storageType())
                .isEqualTo(OnlineStorageType.STANDARD_V2);
        assertThat(ttl()).isEqualTo(Duration.ofDays(30));
        refused(() -> admin.updateStorageType(name, OnlineStorageType.STANDARD));
    }

    @Test
    void theThroughputChanges() {
        create(definition().onlineStore());

        admin.updateThroughput(name, Throughput.provisioned(5, 6));
        assertThat(admin.describe(name).throughput()).contains(Throughput.provisioned(5, 6));
        admin.updateThroughput(name, Throughput.onDemand());
        assertThat(admin.describe(name).throughput()).contains(Throughput.onDemand());
        refused(() -> admin.updateThroughput(name, Throughput.provisioned(40_001, 1)));
    }

    @Test
    void featuresAreNotedOn() {
        create(definition().onlineStore());
        assertThat(admin.featureMetadata(name, "count")).isEqualTo(new FeatureMetadata("How often", Map.of()));

        admin.updateFeatureDescription(name, "count", "How often in a minute");
        admin.updateFeatureParameters(name, "count", Map.of("team", "fraud", "pii", "no"), Set.of());
        admin.updateFeatureParameters(name, "count", Map.of("team", "risk"), Set.of("pii", "never"));

        assertThat(admin.featureMetadata(name, "count"))
                .isEqualTo(new FeatureMetadata("How often in a minute", Map.of("team", "risk")));
        assertThat(admin.featureMetadata(name, "at")).isEqualTo(new FeatureMetadata("", Map.of()));
        notFound(() -> admin.featureMetadata(name, "other"));
        notFound(() -> admin.updateFeatureDescription(name, "other", "none"));
        refused(() -> admin.updateFeatureDescription(name, "count", "x".repeat(256)));
    }

    @Test
    void groupsAreTagged() {
        create(definition().onlineStore().tag("team", "fraud").tag("stage", "test"));
        assertThat(admin.tags(name)).containsExactly(Map.entry("stage", "test"), Map.entry("team", "fraud"));

        admin.addTags(name, Map.of("stage", "live", "cost", ""));
        admin.removeTags(name, Set.of("team", "never"));

        assertThat(admin.tags(name)).containsExactly(Map.entry("cost", ""), Map.entry("stage", "live"));
    }

    @Test
    void nothingIsChangedOfAGroupThatIsNotThere() {
        notFound(() -> admin.describe(name));
        notFound(() -> admin.awaitSettled(name));
        notFound(() -> admin.addFeatures(name, List.of(COUNT)));
        notFound(() -> admin.updateTtl(name, null));
        notFound(() -> admin.updateStorageType(name, OnlineStorageType.STANDARD_V2));
        notFound(() -> admin.updateThroughput(name, Throughput.onDemand()));
        notFound(() -> admin.featureMetadata(name, "count"));
        notFound(() -> admin.updateFeatureDescription(name, "count", "none"));
        notFound(() -> admin.updateFeatureParameters(name, "count", Map.of("a", "b"), Set.of()));
        notFound(() -> admin.tags(name));
        notFound(() -> admin.addTags(name, Map.of("a", "b")));
        notFound(() -> admin.removeTags(name, Set.of("a")));
        notFound(() -> admin.delete(name));
    }

    private void refused(ThrowingCallable call) {
        failsOnTheGroup(InvalidRequestException.class, call);
    }

    private void notFound(ThrowingCallable call) {
        failsOnTheGroup(FeatureGroupNotFoundException.class, call);
    }

    private void failsOnTheGroup(Class<? extends FeatureStoreException> kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(kind)
                .hasMessageContaining(name)
                .satisfies(failure -> assertThat(((FeatureStoreException) failure).featureGroupName())
                        .contains(name));
    }
}
