package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.AMOUNT;
import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.HOURLY;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.LABEL;
import static dev.featurestore.testkit.contract.ContractGroups.OFFLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.ONLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.testkit.ServiceBehaviour;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Puts: full overwrite, the event-time rule, target stores. */
abstract class PutCases extends OnlineCases {
    @Test
    void aRecordIsReadBackTextByText() {
        Map<String, String> texts = Map.of(
                ID,
                id,
                TIME,
                "2025-03-10T12:00:00Z",
                COUNT,
                "007",
                AMOUNT,
                "0.12209302325581398000",
                LABEL,
                " é\n'\"日 ");

        put(
                STANDARD,
                record(
                        LABEL,
                        " é\n'\"日 ",
                        AMOUNT,
                        "0.12209302325581398000",
                        COUNT,
                        "007",
                        TIME,
                        "2025-03-10T12:00:00Z",
                        ID,
                        id));

        assertThat(get(id)).contains(texts);
    }

    @Test
    void aRecordMayHaveNothingButItsIdentifierAndEventTime() {
        put(STANDARD, record(id, noon));

        assertThat(get(id)).contains(Map.of(ID, id, TIME, iso(noon)));
    }

    @Test
    void anEmptyTextIsAValueAndALeftOutFeatureIsAbsent() {
        put(STANDARD, record(id, noon, LABEL, ""));

        assertThat(get(id))
                .hasValueSatisfying(
                        texts -> assertThat(texts).containsEntry(LABEL, "").doesNotContainKeys(COUNT, AMOUNT));
    }

    @Test
    void aPutReplacesTheWholeRecordSoThatLeftOutFeaturesAreGone() {
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "first"));

        put(STANDARD, record(id, noon.plusSeconds(1), AMOUNT, "2.5"));

        assertThat(get(id)).contains(Map.of(ID, id, TIME, iso(noon.plusSeconds(1)), AMOUNT, "2.5"));
    }

    @Test
    void aNewerEventTimeReplaces() {
        put(id, noon, 1);
        put(id, noon.plusNanos(1), 2);

        assertThat(count(id)).contains("2");
    }

    @Test
    void anOlderEventTimeIsAcceptedAndGoesOfflineOnly() {
        put(id, noon, 1);
        put(id, noon.minusNanos(1), 2);

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1", "2");
    }

    @Test
    void anEqualEventTimeReplacesOrIsHistoricAsTheBackendSays() {
        put(id, noon, 1);
        put(id, noon, 2);

        assertThat(count(id)).contains(equalReplaces() ? "2" : "1");
        assertThat(offlineCounts(id)).containsExactly("1", "2");
    }

    @Test
    void theSamePutTwiceIsHarmlessOnlineAndADuplicateOffline() {
        put(id, noon, 1);
        put(id, noon, 1);

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1", "1");
    }

    @Test
    void eventTimesOfMixedPrecisionAreComparedAsTimeNotAsText() {
        // as text, 12:00:05.500Z sorts before 12:00:05Z
        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05Z", COUNT, "1"));
        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05.500Z", COUNT, "2"));
        assertThat(count(id)).contains("2");

        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05Z", COUNT, "3"));
        assertThat(count(id)).contains("2");

        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05.500000001Z", COUNT, "4"));
        assertThat(count(id)).contains("4");
    }

    @Test
    void oneInstantInTwoPrecisionsIsOneEventTime() {
        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05Z", COUNT, "1"));
        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05.000000000Z", COUNT, "2"));

        assertThat(count(id)).contains(equalReplaces() ? "2" : "1");
    }

    @Test
    void identifiersDifferByCaseAndBlanks() {
        put(id + "a", noon, 1);
        put(id + "A", noon, 2);
        put(id + "a ", noon, 3);

        assertThat(count(id + "a")).contains("1");
        assertThat(count(id + "A")).contains("2");
        assertThat(count(id + "a ")).contains("3");
    }

    @Test
    void groupsDoNotShareIdentifiers() {
        put(STANDARD, record(id, noon, COUNT, "1"));
        put(ONLINE_ONLY, record(id, noon, COUNT, "2"));

        assertThat(count(id)).contains("1");
        assertThat(read(ONLINE_ONLY, id, COUNT))
                .hasValueSatisfying(stored -> assertThat(texts(stored.record())).containsEntry(COUNT, "2"));
        assertThat(read(HOURLY, id)).isEmpty();
    }

    @Test
    void aGroupIsKnownByItsArnAsWell() {
        String arn = backend.arn(STANDARD).orElse("");
        Assumptions.assumeFalse(arn.isEmpty(), "the backend has no ARNs");

        store.put(PutCommand.of(arn, record(id, noon, COUNT, "1")));

        assertThat(count(id)).contains("1");
    }

    @Test
    void toTheOnlineStoreOnlyLeavesNothingOffline() {
        putTo(STANDARD, record(id, noon, COUNT, "1"), TargetStore.ONLINE_STORE);

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).isEmpty();
    }

    @Test
    void toTheOfflineStoreOnlyDoesNotTouchTheOnlineRecord() {
        put(id, noon, 1);
        putTo(STANDARD, record(id, noon.plusSeconds(1), COUNT, "2"), TargetStore.OFFLINE_STORE);

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1", "2");
    }

    @Test
    void anOfflineOnlyPutDoesNotKeepOlderPutsOutOfTheOnlineStore() {
        putTo(STANDARD, record(id, noon.plusSeconds(1), COUNT, "1"), TargetStore.OFFLINE_STORE);
        put(id, noon, 2);

        assertThat(count(id)).contains("2");
    }

    @Test
    void bothStoresNamedIsTheSameAsNoneNamed() {
        putTo(STANDARD, record(id, noon, COUNT, "1"), TargetStore.ONLINE_STORE, TargetStore.OFFLINE_STORE);

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1");
    }

    @Test
    void aStoreThatTheGroupLacksIsRefusedAsTarget() {
        refused(OFFLINE_ONLY, () -> putTo(OFFLINE_ONLY, record(id, noon), TargetStore.ONLINE_STORE));
        refused(ONLINE_ONLY, () -> putTo(ONLINE_ONLY, record(id, noon), TargetStore.OFFLINE_STORE));
        refused(
                OFFLINE_ONLY,
                () -> putTo(OFFLINE_ONLY, record(id, noon), TargetStore.ONLINE_STORE, TargetStore.OFFLINE_STORE));

        assertThat(read(ONLINE_ONLY, id)).isEmpty();
        assertThat(offline(OFFLINE_ONLY, id)).isEmpty();
    }

    @Test
    void aGroupWithoutOnlineStoreKeepsEveryPutWhateverItsEventTime() {
        put(OFFLINE_ONLY, record(id, noon, COUNT, "1"));
        put(OFFLINE_ONLY, record(id, noon.minusSeconds(1), COUNT, "2"));

        assertThat(offline(OFFLINE_ONLY, id))
                .extracting(row -> row.record().text(COUNT))
                .isEqualTo(List.of("1", "2"));
    }

    @Test
    void offlineRowsKeepTheTextsAndAreNoMarkers() {
        put(STANDARD, record(ID, id, TIME, "2025-03-10T12:00:05.500Z", COUNT, "007"));

        assertThat(offline(STANDARD, id)).singleElement().satisfies(row -> {
            assertThat(row.deleted()).isFalse();
            assertThat(texts(row.record())).isEqualTo(Map.of(ID, id, TIME, "2025-03-10T12:00:05.500Z", COUNT, "007"));
        });
    }

    @Test
    void anUnknownGroupIsNotFound() {
        notFound(
                "contract-missing",
                catchThrowable(() -> store.put(PutCommand.of("contract-missing", record(id, noon)))));
    }

    private boolean equalReplaces() {
        return behaviour().equalEventTimePut() == ServiceBehaviour.EqualEventTimePut.REPLACE;
    }
}
