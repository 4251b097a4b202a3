package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.DeployedFeatureGroup.Status;
import dev.featurestore.schema.SchemaChange.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the comparison alone decides; each kind of change is applied or refused in the tests of the backends. */
class SchemaDifferenceTest {
    private static FeatureGroup.Builder<FeatureRecord> cards(String name, Feature<?>... features) {
        return FeatureGroup.named(name)
                .recordIdentifier(Feature.string("card_id"))
                .eventTime(Feature.eventTime("event_ts"))
                .features(features);
    }

    private static DeployedFeatureGroup.Builder deployed(FeatureGroup<?> group) {
        return DeployedFeatureGroup.named(group.name())
                .keys(group.recordIdentifier().name(), group.eventTime().name())
                .features(group.features().stream().map(DeployedFeature::of).toList());
    }

    @Test
    void readsLikeAPlan() {
        FeatureGroup<?> before = cards("cards_v3", Feature.string("x"), Feature.integral("gone"))
                .onlineStore()
                .build();
        FeatureGroup<?> after = cards("cards_v3", Feature.integral("x"), Feature.vector("embedding", 3))
                .onlineStore(online ->
                        online.storageType(OnlineStorageType.IN_MEMORY).ttl(Duration.ofDays(90)))
                .description("Other")
                .tag("owner", "S3CRET")
                .build();
        DeployedFeatureGroup group = deployed(before)
                .onlineStore(online -> online.ttl(Duration.ofDays(30)))
                .build();

        SchemaDifference difference = SchemaDifference.between(after, group, Map.of("owner", "0THER"), Map.of());

        assertThat(difference).hasToString("""
                        feature group 'cards_v3': cannot be changed as defined, 3 forbidden and 3 possible
                          ~ time to live 30 Days -> 90 Days
                          + feature 'embedding' Vector<Fractional>/3
                          # the description differs, and stays as deployed: the service cannot change it
                          ~ tag 'owner' gets another value
                          ! storage type Standard -> InMemory: only Standard can become Standard_V2; define it as deployed, \
                        or make a new version of the group, such as 'cards_v4'
                          ! feature 'x' is Integral, deployed as String: a feature keeps its type; define it as deployed, \
                        or make a new version of the group, such as 'cards_v4'
                          ! feature 'gone' Integral is deployed but not defined: features cannot be removed, and every put \
                        by this definition would erase its value; add it to the definition, or make a new version of the \
                        group, such as 'cards_v4'\
                        """);
        assertThat(difference.changes(Kind.TAG)).hasSize(1);
        assertThat(difference.isPossible()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"cards, cards_v2", "cards_v9, cards_v10", "cards-v1, cards-v2", "cardsv3, cardsv3_v2"})
    void aNewVersionIsCountedOn(String name, String next) {
        FeatureGroup<?> group = cards(name).onlineStore().build();
        DeployedFeatureGroup other = deployed(group)
                .roleArn("r")
                .offlineStore(offline -> offline.s3Uri("s3://b"))
                .build();

        assertThat(SchemaDifference.between(group, other).forbidden())
                .hasSize(2)
                .allMatch(change -> change.text().endsWith("such as '" + next + "'"));
    }

    @Test
    void lengthsKeysAndNamesAreComparedNotSpellings() {
        FeatureGroup<?> group = cards("cards")
                .onlineStore(online -> online.ttl(Duration.ofDays(7)).kmsKeyId("1234-abcd"))
                .offlineStore(offline -> offline.s3Uri("s3://b/x/").table("sagemaker_featurestore", "cards"))
                .build();
        DeployedFeatureGroup same = deployed(group)
                .onlineStore(online -> online.ttl(new Ttl(7, Ttl.Unit.DAYS))
                        .kmsKeyId("arn:aws:kms:eu-west-1:123456789012:key/1234-abcd"))
                .offlineStore(offline -> offline.s3Uri("s3://b/x").table("SageMaker_FeatureStore", "cards"))
                .throughput(Throughput.onDemand())
                .roleArn("arn:aws:iam::123456789012:role/any")
                .build();

        assertThat(SchemaDifference.between(group, same).changes()).isEmpty();
        assertThat(SchemaDifference.between(group, same)).hasToString("feature group 'cards': nothing to change");
    }

    @Test
    void aGroupThatCannotBeChangedNowSaysWhy() {
        FeatureGroup<?> group = cards("cards").onlineStore().build();
        DeployedFeatureGroup failed = deployed(group)
                .onlineStore(online -> {})
                .status(Status.CREATE_FAILED, "The execution role ARN is invalid.")
                .build();

        assertThat(SchemaDifference.between(group, failed).forbidden())
                .extracting(SchemaChange::text)
                .containsExactly("the group's status is CreateFailed, the service's reason: The execution role ARN is"
                        + " invalid.: delete it, and apply again");
        assertThat(failed.isChanging()).isFalse();
        assertThat(deployed(group).status(Status.CREATING, null).build().isChanging())
                .isTrue();
    }

    @Test
    void descriptionsOfFeaturesAreComparedWhereBothSidesTellThem() {
        FeatureGroup<?> group = cards(
                        "cards",
                        Feature.integral("a").withDescription("A"),
                        Feature.integral("b").withDescription("B"))
                .onlineStore()
                .build();
        DeployedFeatureGroup same = deployed(group).onlineStore(online -> {}).build();

        assertThat(SchemaDifference.between(group, same, Map.of(), Map.of("a", "", "card_id", "note"))
                        .changes())
                .extracting(SchemaChange::toString)
                .containsExactly("~ description of feature 'a'");
        assertThat(SchemaDifference.between(group, same).isEmpty()).isTrue();
    }

    @Test
    void aBuilderOfADefinitionMakesTheSameAndReplacesWhatIsSetAgain() {
        FeatureGroup<?> group = cards("cards", Feature.integral("a"))
                .stampArrivalTime(Feature.instant("arrived"))
                .stampWriteOrigin(Feature.string("origin"))
                .description("Cards")
                .onlineStore(online -> online.ttl(Duration.ofDays(7)))
                .offlineStore(offline -> offline.s3Uri("s3://test"))
                .tag("stage", "test")
                .build();

        assertThat(group.toBuilder().build().toJson()).isEqualTo(group.toJson());
        FeatureGroup<?> live = group.toBuilder()
                .features(Feature.integral("b"))
                .offlineStore(offline -> offline.s3Uri("s3://live"))
                .tag("stage", "live")
                .build();
        assertThat(live.features())
                .extracting(Feature::name)
                .isEqualTo(List.of("card_id", "event_ts", "a", "b", "arrived", "origin"));
        assertThat(live.offlineStore().orElseThrow().s3Uri()).isEqualTo("s3://live");
        assertThat(live.tags()).containsExactly(Map.entry("stage", "live"));
        assertThatThrownBy(() ->
                        group.toBuilder().tag("stage", "a").tag("stage", "b").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("tag 'stage' is set twice");
    }
}
