package dev.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProducerGuardTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count").ownedBy("payments");
    private static final Feature<Double> RISK =
            Feature.fractional("device_risk").ownedBy("devices");
    private static final Feature<String> NOTE = Feature.string("note");
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT, RISK, NOTE)
            .onlineStore()
            .build();
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private final FeatureGroupClient<FeatureRecord> client = client(CARDS);

    private FeatureGroupClient<FeatureRecord> client(FeatureGroup<FeatureRecord> group) {
        return new FeatureGroupClient<>(
                group,
                store,
                null,
                new CallSettings(
                        () -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10)));
    }

    private static FeatureRecord.Builder card() {
        return CARDS.newRecord().set(CARD, "secret-card").set(TIME, NOON);
    }

    @Test
    void aPutThatDropsWhatAnotherProducerOwnsIsRefused() {
        FeatureRecord record = card().set(COUNT, 3L).build();

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> client.put(record, WriteOptions.defaults().withProducer("payments")))
                .withMessageStartingWith("A put to feature group 'cards' by producer 'payments' leaves out"
                        + " 'device_risk', owned by 'devices': a put replaces the whole record")
                .withMessageContaining("withOthersReplaced()")
                .withMessageNotContaining("secret");
        assertThat(store.puts).isEmpty();
    }

    @Test
    void aPutByNobodyInParticularMustHaveWhatAnyProducerOwns() {
        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> client.put(card().set(RISK, 0.5).build()))
                .withMessageContaining("by no named producer leaves out 'count', owned by 'payments'");
    }

    @Test
    void aProducerMayLeaveOutItsOwnFeaturesAndThoseOfNobody() {
        client.put(card().set(RISK, 0.5).build(), WriteOptions.defaults().withProducer("payments"));

        assertThat(store.puts).hasSize(1);
    }

    @Test
    void aPutThatCarriesTheValuesOverOrSaysThereAreNoneIsSent() {
        client.put(card().set(COUNT, 3L).set(RISK, 0.5).build());
        client.put(
                card().set(COUNT, 3L).build(),
                WriteOptions.defaults().withProducer("payments").withOthersReplaced());

        assertThat(store.puts).hasSize(2);
    }

    @Test
    void theRefusalOfAWideGroupNamesAFewFeatures() {
        Feature<?>[] owned = IntStream.range(0, 200)
                .mapToObj(n -> Feature.integral("f" + n).ownedBy("other"))
                .toArray(Feature<?>[]::new);
        FeatureGroup<FeatureRecord> wide = FeatureGroup.named("wide")
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .features(owned)
                .onlineStore()
                .build();

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> client(wide)
                        .put(wide.newRecord().set(CARD, "a").set(TIME, NOON).build()))
                .withMessageContaining("'f4' and 195 more features, owned by 'other'");
    }

    @Test
    void aRecordOfAnotherGroupIsRefused() {
        FeatureGroup<FeatureRecord> other = FeatureGroup.named("others")
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .features(NOTE)
                .onlineStore()
                .build();
        FeatureRecord record = other.newRecord().set(CARD, "a").set(TIME, NOON).build();

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> RecordWriter.of(client).put(record, WriteOptions.defaults()))
                .withMessageContaining("'others'")
                .withMessageContaining("'cards'");
    }

    @Test
    void theDefinitionsJsonKeepsTheOwners() {
        String json = CARDS.toJson();

        assertThat(json)
                .contains("{\"name\":\"count\",\"type\":\"Integral\",\"codec\":\"integral\",\"owner\":\"payments\"}");
        assertThat(FeatureGroup.fromJson(json)).isEqualTo(CARDS);
        assertThat(FeatureGroup.fromJson(json).feature("device_risk").owner()).contains("devices");
    }

    @Test
    void anOwnerHasAName() {
        assertThatIllegalArgumentException().isThrownBy(() -> COUNT.ownedBy(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WriteOptions.defaults().withProducer(" "));
        assertThat(COUNT).isNotEqualTo(Feature.integral("count")).isEqualTo(COUNT.ownedBy("payments"));
        assertThat(COUNT.sameAs(Feature.integral("count"))).isTrue();
    }
}
