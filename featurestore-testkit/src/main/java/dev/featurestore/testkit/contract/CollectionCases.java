package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COLLECTIONS;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.LIST;
import static dev.featurestore.testkit.contract.ContractGroups.SET;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static dev.featurestore.testkit.contract.ContractGroups.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.WireRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Features that are lists, sets and vectors; skipped where the backend has none. */
abstract class CollectionCases extends OnlineCases {
    @BeforeEach
    void makeGroup() {
        Assumptions.assumeTrue(
                store.capabilities().contains(BackendCapability.COLLECTIONS), "the backend has no collections");
        ensure(COLLECTIONS);
    }

    private List<String> putAndGet(String feature, List<String> texts) {
        put(COLLECTIONS, of(feature, texts));
        WireRecord record = read(COLLECTIONS, id, feature).orElseThrow().record();
        assertThat(record.size()).isEqualTo(1);
        assertThat(record.name(0)).isEqualTo(feature);
        return Objects.requireNonNull(record.texts(0));
    }

    private WireRecord of(String feature, Object value) {
        return WireRecord.of(new String[] {ID, TIME, feature}, new Object[] {id, iso(noon), value});
    }

    @Test
    void aListKeepsItsOrderAndItsDuplicates() {
        assertThat(putAndGet(LIST, List.of("b", "a", "", "b"))).containsExactly("b", "a", "", "b");
    }

    @Test
    void anEmptyListIsAValue() {
        assertThat(putAndGet(LIST, List.of())).isEmpty();
    }

    @Test
    void aSetHasEachElementOnce() {
        List<String> texts = putAndGet(SET, List.of("3", "1", "3"));

        assertThat(new HashSet<>(texts)).containsExactlyInAnyOrder("1", "3");
        assertThat(texts).hasSize(2);
    }

    @Test
    void aVectorKeepsItsNumbers() {
        assertThat(putAndGet(VECTOR, List.of("1.5", "-0.0"))).containsExactly("1.5", "-0.0");
    }

    @Test
    void aVectorOfAnotherDimensionIsRefused() {
        assertThat(refused(COLLECTIONS, () -> put(COLLECTIONS, of(VECTOR, List.of("1.5")))))
                .hasMessageContaining(VECTOR);
        refused(COLLECTIONS, () -> put(COLLECTIONS, of(VECTOR, List.of("1.5", "2.5", "3.5"))));
    }

    @Test
    void elementsAreOfTheFeaturesType() {
        assertThat(refused(COLLECTIONS, () -> put(COLLECTIONS, of(SET, List.of("1", "one")))))
                .hasMessageContaining(SET);
        refused(COLLECTIONS, () -> put(COLLECTIONS, of(VECTOR, List.of("1.5", "half"))));
    }

    @Test
    void aScalarForACollectionIsRefused() {
        assertThat(refused(COLLECTIONS, () -> put(COLLECTIONS, of(LIST, "a")))).hasMessageContaining(LIST);
    }
}
