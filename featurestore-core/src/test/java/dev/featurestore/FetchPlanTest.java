package dev.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.FetchOptions.Reads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchPlanTest {
    @ParameterizedTest(name = "{0} of {1} records: {2} and {3}")
    @CsvSource({
        "BY_QUOTA, 0, 0, 0",
        "BY_QUOTA, 1, 1, 0",
        "BY_QUOTA, 20, 20, 0",
        "BY_QUOTA, 21, 0, 1",
        "BY_QUOTA, 100, 0, 1",
        "BY_QUOTA, 105, 5, 1",
        "BY_QUOTA, 121, 0, 2",
        "BY_QUOTA, 300, 0, 3",
        "GET_RECORD, 300, 300, 0",
        "BATCH_GET_RECORD, 1, 0, 1",
        "BATCH_GET_RECORD, 101, 0, 2"
    })
    void goesByTheQuotasUnlessTold(Reads reads, int records, int gets, int batches) {
        FetchPlan plan = FetchPlan.of(reads, records);

        assertThat(plan.getRecords()).isEqualTo(gets);
        assertThat(plan.batchGetRecords()).isEqualTo(batches);
    }

    @Test
    void byQuotaNoOtherChoiceAllowsMoreFetches() {
        for (int records = 1; records <= 100; records++) {
            int allowed = FetchPlan.of(Reads.BY_QUOTA, records).fetchesPerSecond();
            assertThat(allowed)
                    .as("%s records", records)
                    .isGreaterThanOrEqualTo(
                            FetchPlan.of(Reads.GET_RECORD, records).fetchesPerSecond())
                    .isGreaterThanOrEqualTo(
                            FetchPlan.of(Reads.BATCH_GET_RECORD, records).fetchesPerSecond());
        }
    }

    @Test
    void saysHowManyFetchesTheQuotasAllow() {
        assertThat(new FetchPlan(3, 0))
                .hasToString("3 GetRecord at once, 0 BatchGetRecord; quotas allow 3333 such fetches a second");
        assertThat(new FetchPlan(5, 2).fetchesPerSecond()).isEqualTo(250);
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchOptions.defaults().withHedging(1.5))
                .withMessage("The share of hedging calls is between 0 and 1, got 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchOptions.defaults().withHedging(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchOptions.defaults().withCachedRecords(-1))
                .withMessage("The number of cached records is not negative, got -1");
    }
}
