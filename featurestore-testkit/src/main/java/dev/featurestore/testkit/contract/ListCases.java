package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.OFFLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Listings of identifiers, or their refusal where the backend cannot list. */
abstract class ListCases extends OnlineCases {
    /** Far more pages than any case fills. */
    private static final int MANY_PAGES = 100_000;

    @Test
    void aBackendThatCannotListSaysSo() {
        Assumptions.assumeFalse(canList());

        assertThatThrownBy(() -> page(STANDARD.name(), false, 10, null))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("'" + STANDARD.name() + "'");
    }

    @Test
    void everyRecordIsListedOnceWhateverTheSizeOfThePages() {
        Assumptions.assumeTrue(canList());
        List<String> ids = IntStream.range(0, 7).mapToObj(i -> id + "-" + i).toList();
        ids.forEach(one -> put(one, noon, 1));

        for (int pageSize : new int[] {1, 3, 7, 100}) {
            assertThat(mine(all(STANDARD, false, pageSize)))
                    .as("pages of %s", pageSize)
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void softlyDeletedIdentifiersAreListedOnRequest() {
        Assumptions.assumeTrue(canList());
        put(id + "-alive", noon, 1);
        put(id + "-gone", noon, 1);
        softDelete(id + "-gone", noon.plusSeconds(1));
        softDelete(id + "-never", noon);

        assertThat(mine(all(STANDARD, false, 100))).containsExactly(id + "-alive");
        assertThat(mine(all(STANDARD, true, 100)))
                .containsExactlyInAnyOrder(id + "-alive", id + "-gone", id + "-never");
    }

    @Test
    void hardDeletedAndOfflineOnlyIdentifiersAreNotListed() {
        Assumptions.assumeTrue(canList());
        put(id, noon, 1);
        hardDelete(id, noon.plusSeconds(1));
        putTo(STANDARD, record(id + "-offline", noon), TargetStore.OFFLINE_STORE);

        assertThat(mine(all(STANDARD, true, 100))).isEmpty();
    }

    @Test
    void anIdentifierPutAgainIsListedAsAlive() {
        Assumptions.assumeTrue(canList());
        put(id, noon, 1);
        softDelete(id, noon.plusSeconds(1));
        put(id, noon.plusSeconds(2), 2);

        assertThat(mine(all(STANDARD, false, 100))).containsExactly(id);
        assertThat(mine(all(STANDARD, true, 100))).containsExactly(id);
    }

    @Test
    void aGroupWithoutOnlineStoreCannotBeListed() {
        Assumptions.assumeTrue(canList());

        refused(OFFLINE_ONLY, () -> page(OFFLINE_ONLY.name(), false, 10, null));
    }

    @Test
    void anUnknownGroupIsNotFound() {
        Assumptions.assumeTrue(canList());

        notFound("contract-missing", catchThrowable(() -> page("contract-missing", false, 10, null)));
    }

    private boolean canList() {
        return store.capabilities().contains(BackendCapability.LIST_RECORDS);
    }

    private List<String> mine(List<String> identifiers) {
        return identifiers.stream().filter(one -> one.startsWith(id)).toList();
    }

    private List<String> all(FeatureGroup<?> group, boolean softDeleted, int pageSize) {
        backend.awaitWrites();
        List<String> identifiers = new ArrayList<>();
        String token = null;
        for (int pages = 0; pages < MANY_PAGES; pages++) {
            ListPage page = page(group.name(), softDeleted, pageSize, token);
            identifiers.addAll(page.identifiers());
            token = page.nextToken();
            if (token == null) {
                return identifiers;
            }
        }
        throw new AssertionError("The listing does not end");
    }

    private ListPage page(String group, boolean softDeleted, int pageSize, @Nullable String token) {
        return store.list(new ListCommand(group, softDeleted, pageSize, token, Deadline.none()));
    }
}
