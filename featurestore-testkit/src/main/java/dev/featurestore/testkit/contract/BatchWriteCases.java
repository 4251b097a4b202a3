package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.HOURLY;
import static dev.featurestore.testkit.contract.ContractGroups.LABEL;
import static dev.featurestore.testkit.contract.ContractGroups.ONLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Several records in one request, or its refusal where the backend cannot. */
abstract class BatchWriteCases extends OnlineCases {
    @Test
    void aBackendThatCannotWriteBatchesSaysSo() {
        Assumptions.assumeFalse(canWriteBatches());

        assertThatThrownBy(() -> write(of(STANDARD, record(id, noon))))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("one by one");
    }

    @Test
    void everyRecordOfAFullRequestIsWrittenToBothStores() {
        Assumptions.assumeTrue(canWriteBatches());
        PutCommand[] puts = IntStream.range(0, BatchWriteCommand.MAX_RECORDS)
                .mapToObj(n -> counted(id + "-" + n, n))
                .toArray(PutCommand[]::new);

        assertAllWritten(write(puts));

        for (int n = 0; n < puts.length; n++) {
            assertThat(count(id + "-" + n)).contains(Integer.toString(n));
            assertThat(offlineCounts(id + "-" + n)).containsExactly(Integer.toString(n));
        }
    }

    @Test
    void eachRecordReplacesTheWholeOneOfItsIdentifier() {
        Assumptions.assumeTrue(canWriteBatches());
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "first"));

        assertAllWritten(write(of(STANDARD, record(id, noon.plusSeconds(1), COUNT, "2"))));

        assertThat(get(id))
                .hasValueSatisfying(
                        texts -> assertThat(texts).containsEntry(COUNT, "2").doesNotContainKey(LABEL));
    }

    @Test
    void anOlderRecordGoesOfflineOnlyAndTheOthersOnlineToo() {
        Assumptions.assumeTrue(canWriteBatches());
        put(id, noon.plusSeconds(1), 1);

        assertAllWritten(write(counted(id, 2), counted(id + "-other", 3)));

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1", "2");
        assertThat(count(id + "-other")).contains("3");
    }

    @Test
    void oneIdentifierMayBeWrittenToSeveralGroups() {
        Assumptions.assumeTrue(canWriteBatches());

        assertAllWritten(write(counted(id, 1), of(ONLINE_ONLY, record(id, noon, COUNT, "2"))));

        assertThat(count(id)).contains("1");
        assertThat(read(ONLINE_ONLY, id))
                .get()
                .extracting(stored -> stored.record().text(COUNT))
                .isEqualTo("2");
    }

    @Test
    void eachRecordHasItsOwnTargetStores() {
        Assumptions.assumeTrue(canWriteBatches());
        PutCommand offline = new PutCommand(
                STANDARD.name(),
                record(id, noon, COUNT, "1"),
                Set.of(TargetStore.OFFLINE_STORE),
                null,
                Deadline.none());

        assertAllWritten(write(offline, counted(id + "-both", 2)));

        assertThat(get(id)).isEmpty();
        assertThat(offlineCounts(id)).containsExactly("1");
        assertThat(count(id + "-both")).contains("2");
    }

    @Test
    void aRecordThatIsRefusedFailsAlone() {
        Assumptions.assumeTrue(canWriteBatches());
        WireRecord noNumber = record(id + "-text", noon, COUNT, "three");
        WireRecord noIdentifier = record(TIME, iso(noon), COUNT, "1");
        WireRecord unknownFeature = record(id + "-unknown", noon, "nowhere", "1");

        BatchWriteOutcome outcome = write(
                counted(id + "-first", 1),
                of(STANDARD, noNumber),
                of(STANDARD, noIdentifier),
                of(STANDARD, unknownFeature),
                counted(id + "-last", 2));

        assertThat(outcome.unprocessed()).isEmpty();
        assertThat(outcome.errors()).containsOnlyKeys(1, 2, 3);
        assertThat(outcome.errors().values()).allSatisfy(failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(failure.featureGroupName()).contains(STANDARD.name());
        });
        assertThat(count(id + "-first")).contains("1");
        assertThat(count(id + "-last")).contains("2");
        assertThat(get(id + "-text")).isEmpty();
        assertThat(get(id + "-unknown")).isEmpty();
    }

    @Test
    void aRecordForAStoreThatItsGroupLacksFailsAlone() {
        Assumptions.assumeTrue(canWriteBatches());
        PutCommand offline = new PutCommand(
                ONLINE_ONLY.name(), record(id, noon), Set.of(TargetStore.OFFLINE_STORE), null, Deadline.none());

        BatchWriteOutcome outcome = write(offline, counted(id, 1));

        assertThat(outcome.errors()).containsOnlyKeys(0);
        assertThat(count(id)).contains("1");
    }

    @Test
    void oneIdentifierTwiceIsRefusedAndNothingIsWritten() {
        Assumptions.assumeTrue(canWriteBatches());

        refused(STANDARD, () -> write(counted(id, 1), counted(id + "-other", 2), counted(id, 3)));

        assertThat(get(id)).isEmpty();
        assertThat(get(id + "-other")).isEmpty();
    }

    @Test
    void anUnknownGroupFailsTheRequestAndNothingIsWritten() {
        Assumptions.assumeTrue(canWriteBatches());

        notFound(
                "contract-missing",
                catchThrowable(() ->
                        write(counted(id, 1), PutCommand.of("contract-missing", record(id + "-2", noon)))));

        assertThat(get(id)).isEmpty();
    }

    @Test
    void noneAndTooManyAreRefused() {
        Assumptions.assumeTrue(canWriteBatches());
        PutCommand[] tooMany = IntStream.rangeClosed(0, BatchWriteCommand.MAX_RECORDS)
                .mapToObj(n -> counted(id + "-" + n, n))
                .toArray(PutCommand[]::new);

        assertThatThrownBy(() -> write()).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> write(tooMany)).isInstanceOf(InvalidRequestException.class);

        assertThat(get(id + "-0")).isEmpty();
    }

    @Test
    void eachRecordLivesAsLongAsItsGroupSays() {
        Assumptions.assumeTrue(canWriteBatches());
        ensure(HOURLY);

        assertAllWritten(write(of(HOURLY, record(id, noon))));

        assertThat(read(HOURLY, id))
                .get()
                .satisfies(stored -> assertThat(stored.expiresAt()).isEqualTo(noon.plusSeconds(3600)));
    }

    private boolean canWriteBatches() {
        return store.capabilities().contains(BackendCapability.BATCH_WRITE);
    }

    private PutCommand counted(String identifier, int count) {
        return of(STANDARD, record(identifier, noon, COUNT, Integer.toString(count)));
    }

    private static PutCommand of(FeatureGroup<?> group, WireRecord record) {
        return PutCommand.of(group.name(), record);
    }

    private BatchWriteOutcome write(PutCommand... puts) {
        return store.batchWrite(new BatchWriteCommand(List.of(puts), Deadline.none()));
    }

    private static void assertAllWritten(BatchWriteOutcome outcome) {
        assertThat(outcome).isEqualTo(new BatchWriteOutcome(Map.of(), List.of()));
    }
}
