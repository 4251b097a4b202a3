package dev.featurestore;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.TRANSACTION_ID;
import static dev.featurestore.Fraud.TRANSACTION_TIME;
import static dev.featurestore.Fraud.card;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeatureGroupClientTest {
    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private final CallSettings settings =
            new CallSettings(() -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10));

    private final FeatureGroupClient<FeatureRecord> transactions =
            new FeatureGroupClient<>(TRANSACTIONS, store, null, settings);

    private final FeatureGroupClient<FeatureRecord> cards = new FeatureGroupClient<>(CARDS, store, null, settings);

    @Nested
    class Find {
        @Test
        void givesTheRecord() {
            FeatureRecord record = transaction("t1", NOON, 12.5);
            store.with("transactions", "t1", WireRecord.encode(record), null);

            assertThat(transactions.find("t1")).contains(record);
            assertThat(transactions.find("t2")).isEmpty();
            assertThat(store.gets)
                    .extracting(GetCommand::group, GetCommand::identifier, GetCommand::features)
                    .containsExactly(tuple("transactions", "t1", List.of()), tuple("transactions", "t2", List.of()));
        }

        @Test
        void asksForTheFeaturesWanted() {
            transactions.find("t1", MERCHANT, AMOUNT);

            assertThat(store.gets)
                    .singleElement()
                    .extracting(GetCommand::features)
                    .isEqualTo(List.of("merchant", "amount"));
        }

        @Test
        void refusesFeaturesOfAnotherGroup() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> transactions.find("t1", AVERAGE))
                    .withMessage("Feature 'average' is not in feature group 'transactions'");
            assertThat(store.gets).isEmpty();
        }

        @Test
        void passesOverARecordAtItsExpiry() {
            store.with("transactions", "over", WireRecord.encode(transaction("over", NOON, 1.0)), NOON);
            store.with("transactions", "left", WireRecord.encode(transaction("left", NOON, 1.0)), NOON.plusNanos(1));

            assertThat(transactions.find("over")).isEmpty();
            assertThat(transactions.find("left")).isPresent();
        }

        @Test
        void throwsWhatTheStoreThrows() {
            ThrottledException failure = new ThrottledException("Slow down");
            store.nextGet(command -> {
                throw failure;
            });

            assertThatExceptionOfType(ThrottledException.class)
                    .isThrownBy(() -> transactions.find("t1"))
                    .isSameAs(failure);
        }

        @Test
        void throwsForATextThatCannotBeRead() {
            store.with("transactions", "t1", unreadable("t1"), null);

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> transactions.find("t1"))
                    .withMessage("Cannot read column 'amount' of feature group 'transactions' as fractional: expected a"
                            + " decimal number, got a text of 4 characters");
        }

        @Test
        void refusesAKeyOfAnotherType() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> cards.find("4711"))
                    .withMessage(
                            "The record identifier 'card_id' of feature group 'cards' is of type Long, got String");
            assertThatExceptionOfType(RecordMappingException.class).isThrownBy(() -> cards.find(4711));
            assertThat(store.gets).isEmpty();
        }
    }

    @Nested
    class GetAll {
        @Test
        void putsEachIdentifierInOneOfFourInTheOrderAsked() {
            FeatureStoreException failure = new StoreUnavailableException("Gone");
            store.with("transactions", "d", WireRecord.encode(transaction("d", NOON, 4.0)), null)
                    .with("transactions", "b", WireRecord.encode(transaction("b", NOON, 2.0)), null)
                    .with("transactions", "old", WireRecord.encode(transaction("old", NOON, 2.0)), NOON)
                    .with("transactions", "bad", unreadable("bad"), null);
            store.nextBatch(command -> new BatchGetOutcome(
                    store.answer(command).records(),
                    Map.of(new RecordKey("transactions", "failed"), failure),
                    List.of()));

            BatchResult<FeatureRecord> result =
                    transactions.findAll(List.of("d", "none", "failed", "b", "bad", "old", "d"));

            assertThat(result.found().keySet()).containsExactly("d", "b");
            assertThat(result.found()).containsEntry("b", transaction("b", NOON, 2.0));
            assertThat(result.absent()).containsExactly("none", "old");
            assertThat(result.failed().keySet()).containsExactly("failed", "bad");
            assertThat(result.failed()).containsEntry("failed", failure);
            assertThat(result.failed().get("bad")).isInstanceOf(RecordMappingException.class);
            assertThat(result.unprocessed()).isEmpty();
            assertThat(result.isComplete()).isFalse();
            assertThat(result).hasToString("found 2, absent 2, failed 2, unprocessed 0");
        }

        @Test
        void tellsWhatTheStoreDidNotGetTo() {
            for (int i = 0; i < 8; i++) {
                store.nextBatch(ScriptedOnlineStore::nothing);
            }

            BatchResult<FeatureRecord> result = cards.findAll(List.of(2L, 1L));

            assertThat(result.unprocessed()).containsExactly(2L, 1L);
            assertThat(result.absent()).isEmpty();
            assertThat(result.isComplete()).isFalse();
        }

        @Test
        void readsAnyNumberAndEachOnce() {
            List<Long> identifiers = LongStream.concat(LongStream.range(0, 150), LongStream.range(0, 150))
                    .boxed()
                    .toList();

            BatchResult<FeatureRecord> result = cards.findAll(identifiers);

            assertThat(store.batchGets)
                    .extracting(command -> ScriptedOnlineStore.keys(command).size())
                    .containsExactly(100, 50);
            assertThat(result.absent()).containsExactlyElementsOf(identifiers.subList(0, 150));
            assertThat(result.isComplete()).isTrue();
        }

        @Test
        void asksForTheFeaturesWanted() {
            transactions.findAll(List.of("a"), COUNT);

            assertThat(store.batchGets.get(0).parts().get(0).features()).containsExactly("count_60s");
        }

        @Test
        void refusesAKeyOfAnotherTypeBeforeAnythingIsAsked() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> transactions.findAll(List.of("a", 1L)))
                    .withMessage("The record identifier 'transaction_id' of feature group 'transactions' is of type"
                            + " String, got Long");
            assertThat(store.batchGets).isEmpty();
        }
    }

    @Nested
    class Delete {
        @Test
        void isSoftUnlessToldOtherwise() {
            cards.delete(4711L, NOON);
            cards.delete(4711L, NOON, DeletionMode.HARD_DELETE);

            assertThat(store.deletes)
                    .extracting(command -> command.mode())
                    .containsExactly(DeletionMode.SOFT_DELETE, DeletionMode.HARD_DELETE);
            assertThat(store.deletes.get(0).identifier()).isEqualTo("4711");
            assertThat(store.deletes.get(0).eventTime()).isEqualTo("2026-03-01T12:00:00.000000000Z");
            assertThat(store.deletes.get(0).targetStores()).isEqualTo(Set.of());
        }

        @Test
        void refusesATimeTheGroupCannotWrite() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> cards.delete(4711L, Instant.MAX))
                    .withMessage(
                            "Cannot delete a record of feature group 'cards': its event time: expected a time between"
                                    + " the years 0000 and 9999, got one outside");
            assertThat(store.deletes).isEmpty();
        }
    }

    @Nested
    class Put {
        @Test
        void refusesARecordReadWithoutARequiredFeature() {
            WireRecord part = WireRecord.encode(transaction("t1", NOON, 1.0)).select(List.of("amount"));

            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> transactions.put(part.decode(TRANSACTIONS)))
                    .withMessage(
                            "A record of feature group 'transactions' lacks 'transaction_id', 'event_ts': a put replaces"
                                    + " the whole record, so every required feature must be in it");
            assertThat(store.puts).isEmpty();
        }

        @Test
        void sendsTheRecordAsItIsWithoutProvenance() {
            FeatureRecord record = transaction("t1", NOON, 1.0);

            transactions.put(record);

            assertThat(store.puts).singleElement().satisfies(put -> {
                assertThat(put.group()).isEqualTo("transactions");
                assertThat(put.record()).isEqualTo(WireRecord.encode(record));
                assertThat(put.targetStores()).isEmpty();
                assertThat(put.ttl()).isNull();
            });
        }

        @Test
        void refusesARecordOfAnotherGroup() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> transactions.put(card(1, NOON, 1.0)))
                    .withMessage("The values are of feature group 'cards', not of feature group 'transactions'");
        }
    }

    @Test
    void callsMayBeGivenAnotherTime() {
        Duration time = Duration.ofMillis(5);
        FeatureGroupClient<FeatureRecord> quick = transactions.withCallTimeout(time);

        quick.put(transaction("t1", NOON, 1.0));
        quick.find("t1");
        quick.findAll(List.of("t1"));
        quick.delete("t1", NOON);

        assertThat(store.puts.get(0).deadline().remaining()).isLessThanOrEqualTo(time);
        assertThat(store.gets.get(0).deadline().remaining()).isLessThanOrEqualTo(time);
        assertThat(store.batchGets.get(0).deadline().remaining()).isLessThanOrEqualTo(time);
        assertThat(store.deletes.get(0).deadline().remaining()).isLessThanOrEqualTo(time);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transactions.withCallTimeout(Duration.ZERO))
                .withMessage("A call timeout is positive, got PT0S");
    }

    @Test
    void textNamesTheGroup() {
        assertThat(transactions).hasToString("client of feature group 'transactions' (5 features)");
    }

    private static WireRecord unreadable(String id) {
        return WireRecord.of(
                new String[] {TRANSACTION_ID.name(), TRANSACTION_TIME.name(), AMOUNT.name()},
                new Object[] {id, "2026-03-01T12:00:00Z", "many"});
    }
}
