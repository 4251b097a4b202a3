package dev.featurestore.spi;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.TRANSACTION_ID;
import static dev.featurestore.Fraud.TRANSACTION_TIME;
import static dev.featurestore.Fraud.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WireRecordTest {
    private static final Feature<Set<Long>> SHOPS =
            Feature.set("shops", Feature.integral("shop").codec());

    private static final FeatureGroup<FeatureRecord> VISITS = FeatureGroup.named("visits")
            .recordIdentifier(TRANSACTION_ID)
            .eventTime(TRANSACTION_TIME)
            .features(AMOUNT, SHOPS)
            .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
            .build();

    @Nested
    class Encoding {
        @Test
        void leavesOutWhatHasNoValueAndKeepsTheOrder() {
            WireRecord wire = WireRecord.encode(transaction("t", NOON, 0.1));

            assertThat(wire.size()).isEqualTo(3);
            assertThat(wire.name(0)).isEqualTo("transaction_id");
            assertThat(wire.text(0)).isEqualTo("t");
            assertThat(wire.text("event_ts")).isEqualTo("2026-03-01T12:00:00.000000000Z");
            assertThat(wire.text("amount")).isEqualTo("0.1");
            assertThat(wire.text("merchant")).isNull();
            assertThat(wire.texts(2)).isNull();
        }

        @Test
        void isUndoneByDecoding() {
            FeatureRecord plain = transaction("", NOON.plusNanos(1), -0.0);
            FeatureRecord collection = VISITS.newRecord()
                    .set(TRANSACTION_ID, "v")
                    .set(TRANSACTION_TIME, NOON)
                    .set(SHOPS, Set.of(3L, 1L, 2L))
                    .build();

            assertThat(WireRecord.encode(plain).decode(TRANSACTIONS)).isEqualTo(plain);
            assertThat(WireRecord.encode(collection).decode(VISITS)).isEqualTo(collection);
            assertThat(WireRecord.encode(collection).texts(2)).containsExactly("1", "2", "3");
            assertThat(WireRecord.encode(collection).text("shops")).isNull();
        }
    }

    @Nested
    class Decoding {
        @Test
        void passesOverUnknownFeaturesInAnyOrder() {
            FeatureRecord record = WireRecord.of(
                            new String[] {"merchant", "new_feature", "amount"}, new Object[] {"m", List.of("x"), "1"})
                    .decode(TRANSACTIONS);

            assertThat(record.find(MERCHANT)).contains("m");
            assertThat(record.find(AMOUNT)).contains(1.0);
            assertThat(record.has(TRANSACTION_ID)).isFalse();
        }

        @Test
        void passesOverWhatThereIsNoRoomFor() {
            WireRecord wire = WireRecord.encode(transaction("t", NOON, 0.1));
            FeatureColumns columns = TRANSACTIONS.columns().keeping(List.of("amount", "merchant"));

            FeatureRecord record = wire.decode(TRANSACTIONS, columns);

            assertThat(record.find(AMOUNT)).contains(0.1);
            assertThat(record.has(MERCHANT)).isFalse();
            assertThat(record.has(TRANSACTION_ID)).isFalse();
            assertThat(record.values().toDouble(columns.indexOf(AMOUNT))).isEqualTo(0.1);
            FeatureRecord roomy = wire.select(List.of("amount")).decode(TRANSACTIONS);
            assertThat(record).isEqualTo(roomy).hasSameHashCodeAs(roomy).isNotEqualTo(wire.decode(TRANSACTIONS));
        }

        @Test
        void refusesAListForAScalarAndATextForACollection() {
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> WireRecord.of(new String[] {"amount"}, new Object[] {List.of("1", "2")})
                            .decode(VISITS))
                    .withMessageEndingWith("expected one text, got a list of 2");
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> WireRecord.of(new String[] {"shops"}, new Object[] {"1"})
                            .decode(VISITS))
                    .withMessageEndingWith("expected a list of texts, got one text");
        }
    }

    @Test
    void aSelectionKeepsTheRecordsOrder() {
        WireRecord wire = WireRecord.encode(transaction("t", NOON, 0.1));

        assertThat(wire.select(List.of("amount", "merchant", "transaction_id")))
                .isEqualTo(WireRecord.of(new String[] {"transaction_id", "amount"}, new Object[] {"t", "0.1"}));
        assertThat(wire.select(List.of())).isSameAs(wire);
    }

    @Test
    void hasAValueForEachName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireRecord.of(new String[] {"a", "b"}, new Object[] {"1"}))
                .withMessage("2 names for 1 values");
    }

    @Test
    void equalityIsOfNamesAndValuesInOrder() {
        WireRecord wire = WireRecord.of(new String[] {"a", "b"}, new Object[] {"1", List.of("2")});
        WireRecord same = WireRecord.of(new String[] {"a", "b"}, new Object[] {"1", List.of("2")});

        assertThat(wire).isEqualTo(same).hasSameHashCodeAs(same).hasToString("record of 2 features");
        assertThat(wire).isNotEqualTo(WireRecord.of(new String[] {"b", "a"}, new Object[] {List.of("2"), "1"}));
    }

    @Test
    void aPageHasOneToAHundredIdentifiers() {
        for (int size : new int[] {0, 101}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ListCommand("g", false, size, null, Deadline.none()))
                    .withMessage("A page has 1 to 100 identifiers, got " + size);
        }
    }
}
