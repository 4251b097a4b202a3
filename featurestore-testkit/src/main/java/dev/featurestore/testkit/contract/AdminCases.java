package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Making and removing groups. */
abstract class AdminCases extends OnlineCases {
    private final FeatureGroup<FeatureRecord> fresh =
            ContractGroups.another("contract-" + UUID.randomUUID().toString().substring(0, 13));

    @Test
    void aGroupIsThereFromItsCreationToItsDeletion() {
        assertThat(backend.admin().exists(fresh.name())).isFalse();

        backend.admin().create(fresh);
        assertThat(backend.admin().exists(fresh.name())).isTrue();
        assertThat(backend.admin().list())
                .contains(fresh.name(), STANDARD.name())
                .isSorted();

        backend.admin().delete(fresh.name());
        assertThat(backend.admin().exists(fresh.name())).isFalse();
        assertThat(backend.admin().list()).contains(STANDARD.name()).doesNotContain(fresh.name());
    }

    @Test
    void aGroupIsNotMadeTwice() {
        refused(STANDARD, () -> backend.admin().create(STANDARD));
    }

    @Test
    void anUnknownGroupCannotBeDeleted() {
        notFound("contract-missing", catchThrowable(() -> backend.admin().delete("contract-missing")));
    }

    @Test
    void aDeletedGroupIsNotFoundByReadsAndWrites() {
        backend.admin().create(fresh);
        put(fresh, record(id, noon, COUNT, "1"));

        backend.admin().delete(fresh.name());

        notFound(fresh.name(), catchThrowable(() -> store.get(GetCommand.of(fresh.name(), id))));
        notFound(fresh.name(), catchThrowable(() -> store.put(PutCommand.of(fresh.name(), record(id, noon)))));
    }

    @Test
    void aGroupMadeAgainStartsEmpty() {
        backend.admin().create(fresh);
        put(fresh, record(id, noon, COUNT, "1"));
        backend.admin().delete(fresh.name());

        backend.admin().create(fresh);

        assertThat(read(fresh, id)).isEmpty();
        backend.admin().delete(fresh.name());
    }
}
