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

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.ServiceBehaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Reads of one record and of many. */
abstract class ReadCases extends OnlineCases {
    @Test
    void anIdentifierWithoutRecordIsNobody() {
        assertThat(get(id)).isEmpty();
        assertThat(get(id, COUNT)).isEmpty();
    }

    @Test
    void aReadGivesTheFeaturesAskedForAndNoOthers() {
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "a"));

        assertThat(get(id, LABEL)).contains(Map.of(LABEL, "a"));
        assertThat(get(id, LABEL, ID)).contains(Map.of(LABEL, "a", ID, id));
        assertThat(get(id, COUNT, TIME, COUNT)).contains(Map.of(COUNT, "1", TIME, iso(noon)));
    }

    @Test
    void aFeatureWithoutValueIsNotInTheAnswer() {
        put(STANDARD, record(id, noon, COUNT, "1"));

        assertThat(get(id, COUNT, AMOUNT)).contains(Map.of(COUNT, "1"));
    }

    @Test
    void anUnknownFeatureIsRefusedOrPassedOverAsTheBackendSays() {
        put(STANDARD, record(id, noon, COUNT, "1"));

        if (passesOver()) {
            assertThat(get(id, COUNT, "surprise")).contains(Map.of(COUNT, "1"));
        } else {
            assertThat(refused(STANDARD, () -> get(id, COUNT, "surprise"))).hasMessageContaining("surprise");
        }
    }

    @Test
    void aReadDoesNotChangeWhatIsThere() {
        put(STANDARD, record(id, noon, COUNT, "1", LABEL, "a"));
        get(id, LABEL);

        assertThat(get(id)).contains(Map.of(ID, id, TIME, iso(noon), COUNT, "1", LABEL, "a"));
    }

    @Test
    void aGroupWithoutOnlineStoreCannotBeRead() {
        put(OFFLINE_ONLY, record(id, noon));

        refused(OFFLINE_ONLY, () -> read(OFFLINE_ONLY, id));
    }

    @Test
    void anUnknownGroupIsNotFound() {
        notFound("contract-missing", catchThrowable(() -> store.get(GetCommand.of("contract-missing", id))));
        notFound(
                "contract-missing",
                catchThrowable(
                        () -> store.get(new GetCommand("contract-missing", id, List.of(COUNT), Deadline.none()))));
    }

    private boolean passesOver() {
        return behaviour().unknownFeatureInRead() == ServiceBehaviour.UnknownFeature.IGNORE;
    }

    @Nested
    class Batches {
        private List<String> ids(int number) {
            return IntStream.range(0, number).mapToObj(i -> id + "-" + i).toList();
        }

        private String count(BatchGetOutcome outcome, RecordKey key) {
            StoredRecord stored = Objects.requireNonNull(outcome.records().get(key));
            return texts(stored.record()).getOrDefault(COUNT, "");
        }

        @Test
        void aHundredRecordsComeBackEachUnderItsKey() {
            List<String> ids = ids(BatchGetCommand.MAX_RECORDS);
            for (int i = 0; i < ids.size(); i++) {
                put(ids.get(i), noon, i);
            }

            BatchGetOutcome outcome = batch(part(STANDARD, ids));

            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.unprocessed()).isEmpty();
            assertThat(outcome.records()).hasSize(ids.size());
            for (int i = 0; i < ids.size(); i++) {
                assertThat(count(outcome, new RecordKey(STANDARD.name(), ids.get(i))))
                        .isEqualTo(Integer.toString(i));
            }
        }

        @Test
        void aHundredAndOneRecordsAreRefusedHoweverTheyAreSpread() {
            List<String> ids = ids(BatchGetCommand.MAX_RECORDS + 1);

            refusedBatch(part(STANDARD, ids));
            refusedBatch(part(STANDARD, ids.subList(0, 50)), part(HOURLY, ids.subList(50, 101)));
        }

        @Test
        void anEmptyBatchIsRefused() {
            refusedBatch();
            refusedBatch(part(STANDARD, List.of()));
        }

        private void refusedBatch(BatchGetCommand.Part... parts) {
            Throwable thrown = catchThrowable(() -> batch(parts));
            assertThat(thrown).isInstanceOf(InvalidRequestException.class);
            assertThat(((InvalidRequestException) thrown).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void oneIdentifierMayBeReadFromSeveralGroups() {
            put(STANDARD, record(id, noon, COUNT, "1"));
            put(HOURLY, record(id, noon, COUNT, "2"));

            BatchGetOutcome outcome =
                    batch(part(STANDARD, List.of(id)), part(HOURLY, List.of(id)), part(ONLINE_ONLY, List.of(id)));

            assertThat(outcome.records()).hasSize(2);
            assertThat(count(outcome, new RecordKey(STANDARD.name(), id))).isEqualTo("1");
            assertThat(count(outcome, new RecordKey(HOURLY.name(), id))).isEqualTo("2");
        }

        @Test
        void eachGroupGivesTheFeaturesAskedOfIt() {
            put(STANDARD, record(id, noon, COUNT, "1", LABEL, "a"));
            put(HOURLY, record(id, noon, COUNT, "2", LABEL, "b"));

            BatchGetOutcome outcome = batch(part(STANDARD, List.of(id), COUNT), part(HOURLY, List.of(id), LABEL, TIME));

            assertThat(outcome.records().get(new RecordKey(STANDARD.name(), id)))
                    .satisfies(stored -> assertThat(texts(stored.record())).isEqualTo(Map.of(COUNT, "1")));
            assertThat(outcome.records().get(new RecordKey(HOURLY.name(), id)))
                    .satisfies(stored ->
                            assertThat(texts(stored.record())).isEqualTo(Map.of(LABEL, "b", TIME, iso(noon))));
        }

        @Test
        void identifiersWithoutRecordAreSilentlyAbsent() {
            String offlineOnly = newId();
            put(id, noon, 1);
            putTo(STANDARD, record(offlineOnly, noon), TargetStore.OFFLINE_STORE);

            BatchGetOutcome outcome = batch(part(STANDARD, List.of(newId(), id, newId(), offlineOnly)));

            assertThat(outcome.records()).containsOnlyKeys(new RecordKey(STANDARD.name(), id));
            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.unprocessed()).isEmpty();
        }

        @Test
        void anIdentifierAskedForTwiceIsAnsweredOnce() {
            put(id, noon, 1);

            BatchGetOutcome outcome = batch(part(STANDARD, List.of(id, id)));

            assertThat(outcome.records()).containsOnlyKeys(new RecordKey(STANDARD.name(), id));
        }

        @Test
        void anUnknownGroupFailsKeyByKeyAndTheOthersAreAnswered() {
            put(id, noon, 1);

            BatchGetOutcome outcome = batch(
                    new BatchGetCommand.Part("contract-missing", List.of(id, "second"), List.of()),
                    part(STANDARD, List.of(id)));

            assertThat(outcome.records()).containsOnlyKeys(new RecordKey(STANDARD.name(), id));
            assertThat(outcome.errors())
                    .containsOnlyKeys(
                            new RecordKey("contract-missing", id), new RecordKey("contract-missing", "second"));
            outcome.errors().values().forEach(error -> notFound("contract-missing", error));
        }

        @Test
        void anUnknownFeatureNeverMakesARecordLookAbsent() {
            put(id, noon, 1);
            RecordKey key = new RecordKey(STANDARD.name(), id);

            if (passesOver()) {
                assertThat(count(batch(part(STANDARD, List.of(id), COUNT, "surprise")), key))
                        .isEqualTo("1");
                return;
            }
            List<RecordKey> failed = new ArrayList<>();
            Throwable thrown = catchThrowable(() -> failed.addAll(batch(part(STANDARD, List.of(id), COUNT, "surprise"))
                    .errors()
                    .keySet()));
            if (thrown == null) {
                assertThat(failed).containsExactly(key);
            } else {
                assertThat(thrown).isInstanceOf(InvalidRequestException.class);
            }
        }

        @Test
        void recordsBringTheirExpiry() {
            put(HOURLY, record(id, noon));
            put(STANDARD, record(id, noon));

            BatchGetOutcome outcome = batch(part(STANDARD, List.of(id)), part(HOURLY, List.of(id)));

            assertThat(outcome.records().get(new RecordKey(HOURLY.name(), id)))
                    .extracting(StoredRecord::expiresAt)
                    .isEqualTo(noon.plus(Duration.ofHours(1)));
            assertThat(outcome.records().get(new RecordKey(STANDARD.name(), id)))
                    .extracting(StoredRecord::expiresAt)
                    .isNull();
        }
    }
}
