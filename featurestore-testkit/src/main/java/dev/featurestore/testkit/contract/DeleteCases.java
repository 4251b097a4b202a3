package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.LABEL;
import static dev.featurestore.testkit.contract.ContractGroups.OFFLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.ONLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.testkit.ServiceBehaviour;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Deletes: what takes effect, what stays, what may come back. */
abstract class DeleteCases extends OnlineCases {
    @Test
    void aDeletedRecordIsReadByNobody() {
        put(id, noon, 1);
        softDelete(id, noon.plusNanos(1));

        assertThat(get(id)).isEmpty();
        assertThat(get(id, COUNT)).isEmpty();
        assertThat(batch(part(STANDARD, List.of(id))).records()).isEmpty();
        assertThat(batch(part(STANDARD, List.of(id))).errors()).isEmpty();
    }

    @Test
    void aDeleteTouchesNoOtherIdentifier() {
        String other = newId();
        put(id, noon, 1);
        put(other, noon, 2);
        softDelete(id, noon.plusSeconds(1));

        assertThat(count(other)).contains("2");
    }

    @Test
    void aSoftDeleteWithAnOlderEventTimeLeavesTheRecordAndAMarkerOffline() {
        put(id, noon, 1);
        softDelete(id, noon.minusNanos(1));

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1", "deleted");
    }

    @Test
    void aSoftDeleteWithTheSameEventTimeTakesEffectOrNotAsTheBackendSays() {
        put(id, noon, 1);
        softDelete(id, noon);

        assertThat(get(id).isEmpty()).isEqualTo(equalDeletes());
        assertThat(offlineCounts(id)).containsExactly("1", "deleted");
    }

    @Test
    void markersHoldTheIdentifierAndTheDeletesEventTimeAndNothingElse() {
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "a"));
        delete(STANDARD, id, "2999-03-10T12:00:05.500Z", DeletionMode.SOFT_DELETE);

        assertThat(offline(STANDARD, id)).last().satisfies(row -> {
            assertThat(row.deleted()).isTrue();
            assertThat(texts(row.record())).isEqualTo(Map.of(ID, id, TIME, "2999-03-10T12:00:05.500Z"));
        });
    }

    @Test
    void aTombstoneKeepsOlderPutsOutAndLetsThemGoOffline() {
        put(id, noon, 1);
        softDelete(id, noon.plusSeconds(2));
        put(id, noon.plusSeconds(1), 2);

        assertThat(get(id)).isEmpty();
        assertThat(offlineCounts(id)).containsExactly("1", "deleted", "2");
    }

    @Test
    void aNewerPutAfterASoftDeleteIsANewRecord() {
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "before"));
        softDelete(id, noon.plusSeconds(1));
        put(STANDARD, record(id, noon.plusSeconds(2), COUNT, "2"));

        assertThat(get(id)).contains(Map.of(ID, id, TIME, iso(noon.plusSeconds(2)), COUNT, "2"));
    }

    @Test
    void aPutWithTheTombstonesEventTimeIsDoneAsPutsWithEqualTimesAre() {
        put(id, noon, 1);
        softDelete(id, noon.plusSeconds(1));
        put(id, noon.plusSeconds(1), 2);

        boolean replaces = behaviour().equalEventTimePut() == ServiceBehaviour.EqualEventTimePut.REPLACE;
        assertThat(get(id).isPresent()).isEqualTo(replaces);
    }

    @Test
    void aLaterSoftDeleteMovesTheTombstone() {
        softDelete(id, noon);
        softDelete(id, noon.plusSeconds(2));
        put(id, noon.plusSeconds(1), 1);

        assertThat(get(id)).isEmpty();
    }

    @Test
    void anEarlierSoftDeleteDoesNotMoveTheTombstoneBack() {
        softDelete(id, noon.plusSeconds(2));
        softDelete(id, noon);
        put(id, noon.plusSeconds(1), 1);

        assertThat(get(id)).isEmpty();
    }

    @Test
    void aSoftDeleteOfNobodyLeavesATombstoneAndAMarker() {
        softDelete(id, noon);
        put(id, noon.minusSeconds(1), 1);

        assertThat(get(id)).isEmpty();
        assertThat(offlineCounts(id)).containsExactly("deleted", "1");
    }

    @Test
    void aDeleteGoesToTheStoresNamed() {
        put(id, noon, 1);
        delete(STANDARD, id, iso(noon.plusSeconds(1)), DeletionMode.SOFT_DELETE, TargetStore.OFFLINE_STORE);
        assertThat(count(id)).contains("1");

        delete(STANDARD, id, iso(noon.plusSeconds(1)), DeletionMode.SOFT_DELETE, TargetStore.ONLINE_STORE);
        assertThat(get(id)).isEmpty();
        assertThat(offlineCounts(id)).containsExactly("1", "deleted");
    }

    @Test
    void aStoreThatTheGroupLacksIsRefusedAsTarget() {
        refused(
                OFFLINE_ONLY,
                () -> delete(OFFLINE_ONLY, id, iso(noon), DeletionMode.SOFT_DELETE, TargetStore.ONLINE_STORE));
        refused(
                ONLINE_ONLY,
                () -> delete(ONLINE_ONLY, id, iso(noon), DeletionMode.SOFT_DELETE, TargetStore.OFFLINE_STORE));
    }

    @Test
    void aGroupWithoutOnlineStoreKeepsTheMarkersOfBothKinds() {
        delete(OFFLINE_ONLY, id, iso(noon), DeletionMode.SOFT_DELETE);
        delete(OFFLINE_ONLY, id, iso(noon.minusSeconds(1)), DeletionMode.HARD_DELETE);

        assertThat(offline(OFFLINE_ONLY, id)).hasSize(2).allMatch(row -> row.deleted());
    }

    @Test
    void anUnknownGroupIsNotFound() {
        for (DeletionMode mode : DeletionMode.values()) {
            DeleteCommand delete =
                    new DeleteCommand("contract-missing", id, iso(noon), mode, Set.of(), Deadline.none());
            notFound("contract-missing", catchThrowable(() -> store.delete(delete)));
        }
    }

    @Nested
    class Hard {
        @Test
        void aLaterEventTimeRemovesTheRecordAndLeavesAMarkerOffline() {
            put(id, noon, 1);
            hardDelete(id, noon.plusNanos(1));

            assertThat(get(id)).isEmpty();
            assertThat(offlineCounts(id)).containsExactly("1", "deleted");
        }

        @Test
        void anOlderEventTimeIsRefusedAndLeavesNothing() {
            put(id, noon, 1);

            assertThat(refused(STANDARD, () -> hardDelete(id, noon.minusNanos(1))))
                    .hasMessageContaining("EventTime");

            assertThat(count(id)).contains("1");
            assertThat(offlineCounts(id)).containsExactly("1");
        }

        @Test
        void theSameEventTimeTakesEffectOrIsRefusedAsTheBackendSays() {
            put(id, noon, 1);

            if (equalDeletes()) {
                hardDelete(id, noon);
            } else {
                refused(STANDARD, () -> hardDelete(id, noon));
            }

            assertThat(get(id).isEmpty()).isEqualTo(equalDeletes());
        }

        @Test
        void nothingStaysThatKeepsAnOlderPutOut() {
            put(id, noon, 1);
            hardDelete(id, noon.plusSeconds(1));
            put(id, noon.minusSeconds(1), 2);

            assertThat(count(id)).contains("2");
            assertThat(offlineCounts(id)).containsExactly("1", "deleted", "2");
        }

        @Test
        void aLaterOneRemovesATombstoneToo() {
            softDelete(id, noon);
            hardDelete(id, noon.plusSeconds(1));
            put(id, noon.minusSeconds(1), 1);

            assertThat(count(id)).contains("1");
        }

        @Test
        void ofNobodyLeavesAMarkerAndNoTombstone() {
            hardDelete(id, noon);
            put(id, noon.minusSeconds(1), 1);

            assertThat(count(id)).contains("1");
            assertThat(offlineCounts(id)).containsExactly("deleted", "1");
        }
    }

    private boolean equalDeletes() {
        return behaviour().equalEventTimeDelete() == ServiceBehaviour.EqualEventTimeDelete.DELETE;
    }
}
