package dev.featurestore;

import static dev.featurestore.Fraud.ARRIVED_AT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.ORIGIN;
import static dev.featurestore.Fraud.card;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer stamps, and how {@link WriteOptions} change it. */
class ProvenanceTest {
    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private Instant now = NOON.plusNanos(1);

    private final FeatureGroupClient<FeatureRecord> cards = new FeatureGroupClient<>(
            CARDS,
            store,
            null,
            new CallSettings(() -> now, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10)));

    @Test
    void anOrdinaryPutIsLiveAndArrivesNow() {
        cards.put(card(1, NOON, 2.0));

        FeatureRecord sent = sent();
        assertThat(sent.get(ARRIVED_AT)).isEqualTo(NOON.plusNanos(1));
        assertThat(sent.get(ORIGIN)).isEqualTo("live");
        assertThat(sent.get(AVERAGE)).isEqualTo(2.0);
        assertThat(command().record().text("arrived_at")).isEqualTo("2026-03-01T12:00:00.000000001Z");
    }

    @Test
    void aRecordReadAndWrittenBackArrivesAnew() {
        cards.put(card(1, NOON, 2.0), WriteOptions.defaults().withBackfillId("2025"));
        store.with("cards", "1", command().record(), null);
        FeatureRecord read = cards.find(1L).orElseThrow();
        now = NOON.plusSeconds(5);
        store.puts.clear();

        cards.put(read);

        assertThat(read.get(ORIGIN)).isEqualTo("2025");
        assertThat(sent().get(ARRIVED_AT)).isEqualTo(NOON.plusSeconds(5));
        assertThat(sent().get(ORIGIN)).isEqualTo("live");
        assertThat(sent().get(AVERAGE)).isEqualTo(2.0);
    }

    @Test
    void whatACallerSetItselfIsReplaced() {
        cards.put(CARDS.newRecord()
                .set(CARDS.feature("card_id", Long.class), 1L)
                .set(CARDS.eventTime(), NOON)
                .set(ARRIVED_AT, Instant.EPOCH)
                .set(ORIGIN, "mine")
                .build());

        assertThat(sent().get(ARRIVED_AT)).isEqualTo(NOON.plusNanos(1));
        assertThat(sent().get(ORIGIN)).isEqualTo("live");
    }

    @Test
    void aBackfillGoesOfflineUnderItsId() {
        cards.put(card(1, NOON, 2.0), WriteOptions.defaults().withBackfillId("2025-q1"));

        assertThat(command().targetStores()).isEqualTo(Set.of(TargetStore.OFFLINE_STORE));
        assertThat(sent().get(ORIGIN)).isEqualTo("2025-q1");
    }

    @Test
    void aPutToTheOfflineStoreAloneIsNotLive() {
        cards.put(card(1, NOON, 2.0), WriteOptions.defaults().withTargetStores(TargetStore.OFFLINE_STORE));

        assertThat(sent().get(ORIGIN)).isEqualTo("offline-only");
    }

    @Test
    void aPutThatReachesTheOnlineStoreIsLive() {
        cards.put(card(1, NOON, 2.0), WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE));
        assertThat(sent().get(ORIGIN)).isEqualTo("live");

        store.puts.clear();
        cards.put(
                card(1, NOON, 2.0),
                WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE, TargetStore.OFFLINE_STORE));
        assertThat(sent().get(ORIGIN)).isEqualTo("live");
    }

    @Test
    void optionsChangeOnePartAndKeepTheOthers() {
        WriteOptions options =
                WriteOptions.defaults().withTtl(Duration.ofDays(2)).withBackfillId("b");

        assertThat(options.ttl()).contains(new Ttl(2, Ttl.Unit.DAYS));
        assertThat(options.backfillId()).contains("b");
        assertThat(options.withTtl(Duration.ofDays(3)).backfillId()).contains("b");
        assertThat(WriteOptions.defaults().ttl()).isEmpty();
        assertThat(WriteOptions.defaults().targetStores()).isEmpty();

        cards.put(card(1, NOON, 2.0), options);
        assertThat(command().ttl()).isEqualTo(new Ttl(2, Ttl.Unit.DAYS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "live"})
    void aBackfillHasAnIdOfItsOwn(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WriteOptions.defaults().withBackfillId(id))
                .withMessage("A backfill needs an id that is not blank and not 'live'");
    }

    @Test
    void aBackfillDoesNotGoOnline() {
        WriteOptions backfill = WriteOptions.defaults().withBackfillId("b");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> backfill.withTargetStores(TargetStore.ONLINE_STORE))
                .withMessageStartingWith("A backfill goes to the offline store only");
        assertThat(backfill.withTargetStores(TargetStore.OFFLINE_STORE).targetStores())
                .containsExactly(TargetStore.OFFLINE_STORE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WriteOptions.defaults()
                        .withTargetStores(TargetStore.ONLINE_STORE)
                        .withBackfillId("b"))
                .withMessageStartingWith("A backfill goes to the offline store only");
        assertThatIllegalArgumentException()
                .isThrownBy(backfill::withTargetStores)
                .withMessageStartingWith("Name at least one store");
    }

    private PutCommand command() {
        return store.puts.get(0);
    }

    private FeatureRecord sent() {
        WireRecord record = command().record();
        return record.decode(CARDS);
    }
}
