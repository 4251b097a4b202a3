package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import org.junit.jupiter.api.Test;

/** What columns of a spine may hold on DuckDB. */
class LocalSpineContractTest extends SpineContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return files;
    }

    @Override
    protected String timestamp(String time, String offset) {
        return "TIMESTAMPTZ '" + time + offset + "'";
    }

    @Test
    void aStreamedQueryThatFailsSaysWhereToLook() {
        assertThatThrownBy(() -> trained(BY_HOUSEHOLD, key("'two'")))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("export the same set to a file to see the reason");
    }
}
