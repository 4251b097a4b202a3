package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import org.junit.jupiter.api.Test;

class RedefineGroupTest {
    private static final Feature<String> ID = Feature.string("id");

    private static final Feature<Long> COUNT = Feature.integral("count");

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create();

    private static FeatureGroup.Builder<FeatureRecord> cards(Feature<?> identifier, Feature<?>... features) {
        return FeatureGroup.named("cards")
                .recordIdentifier(identifier)
                .eventTime(Feature.eventTime("at"))
                .features(features);
    }

    @Test
    void featuresCanBeAdded() {
        store.admin().create(cards(ID, COUNT).onlineStore().build());
        FeatureGroup<?> wider =
                cards(ID, COUNT, Feature.string("fresh")).onlineStore().build();

        store.redefine(wider);

        assertThat(store.definition("cards")).get().isSameAs(wider);
        assertThat(store.definition("users")).isEmpty();
    }

    @Test
    void featuresStoresAndKeysCannotChange() {
        store.admin().create(cards(ID, COUNT).onlineStore().build());

        refused(cards(ID).onlineStore(), "'count' of feature group 'cards' is gone or has another type");
        refused(cards(ID, Feature.string("count")).onlineStore(), "'count' of feature group 'cards' is gone");
        refused(cards(COUNT, ID).onlineStore(), "record identifier and the event time");
        refused(
                cards(ID, COUNT).onlineStore().offlineStore(offline -> offline.s3Uri("s3://features")),
                "cannot get or lose a store");
        assertThatThrownBy(() -> store.redefine(FeatureGroup.named("users")
                        .recordIdentifier(ID)
                        .eventTime(Feature.eventTime("at"))
                        .onlineStore()
                        .build()))
                .isInstanceOf(FeatureGroupNotFoundException.class);
    }

    private void refused(FeatureGroup.Builder<?> changed, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.redefine(changed.build()))
                .withMessageContaining(reason);
    }
}
