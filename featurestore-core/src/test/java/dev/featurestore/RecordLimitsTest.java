package dev.featurestore;

import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static dev.featurestore.Fraud.TRANSACTION_ID;
import static dev.featurestore.Fraud.TRANSACTION_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RecordLimitsTest {
    private static final int RECORD_BYTES = 350 * 1024;

    /** The names transaction_id, event_ts and merchant, the identifier t, and a time. */
    private static final int OTHER_BYTES = 14 + 8 + 8 + 1 + 30;

    private static final String TWO_BYTES = "é";

    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private final FeatureGroupClient<FeatureRecord> transactions = new FeatureGroupClient<>(
            TRANSACTIONS,
            store,
            null,
            new CallSettings(() -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10)));

    @Nested
    class Records {
        @Test
        void haveUpTo350KilobytesOfNamesAndValues() {
            put("t", "x".repeat(RECORD_BYTES - OTHER_BYTES));

            assertThat(store.puts).hasSize(1);
            assertRefused(
                    "t", "x".repeat(RECORD_BYTES - OTHER_BYTES + 1), "it has 358401 bytes, at most 358400 are allowed");
        }

        @Test
        void areCountedInBytesNotCharacters() {
            int characters = (RECORD_BYTES - OTHER_BYTES) / 2;

            put("t", TWO_BYTES.repeat(characters));

            assertThat(store.puts).hasSize(1);
            assertRefused("t", TWO_BYTES.repeat(characters + 1), "it has 358401 bytes, at most 358400 are allowed");
        }

        @Test
        void nameTheFeatureThatAloneIsTooLarge() {
            assertRefused(
                    "t",
                    "x".repeat(RECORD_BYTES + 1),
                    "feature 'merchant' has 358401 bytes, at most 358400 are allowed");
        }
    }

    @Nested
    class Identifiers {
        @Test
        void haveUpTo2KilobytesInPutsAndReads() {
            put("x".repeat(2048), "m");
            put(TWO_BYTES.repeat(1024), "m");
            assertThat(store.puts).hasSize(2);
            assertThatNoException().isThrownBy(() -> transactions.find("x".repeat(2048)));

            String problem = "its record identifier has 2049 bytes, at most 2048 are allowed";
            assertRefused("x".repeat(2049), "m", problem);
            assertRefused(TWO_BYTES.repeat(1024) + "x", "m", problem);
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> transactions.find("x".repeat(2049)));
            assertThatExceptionOfType(RecordMappingException.class)
                    .isThrownBy(() -> transactions.delete("x".repeat(2049), NOON));
        }

        @Test
        void areNotEmpty() {
            assertRefused("", "m", "its record identifier is empty");
            assertThatExceptionOfType(RecordMappingException.class).isThrownBy(() -> transactions.find(""));
        }
    }

    @Test
    void collectionsCountWithAllTheirElements() {
        Feature<List<String>> tags = Feature.list("tags", MERCHANT.codec());
        FeatureGroup<FeatureRecord> group = FeatureGroup.named("tagged")
                .recordIdentifier(TRANSACTION_ID)
                .eventTime(TRANSACTION_TIME)
                .features(tags)
                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
                .build();
        FeatureRecord record = group.newRecord()
                .set(TRANSACTION_ID, "t")
                .set(TRANSACTION_TIME, NOON)
                .set(tags, Collections.nCopies(RECORD_BYTES / 4 + 1, "abcd"))
                .build();

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> new FeatureGroupClient<>(
                                group,
                                store,
                                null,
                                new CallSettings(
                                        () -> NOON,
                                        System::nanoTime,
                                        pause -> {},
                                        AsyncSleeper.system(),
                                        Duration.ofSeconds(10)))
                        .put(record))
                .withMessageContaining("feature 'tags' has 358404 bytes, at most 358400 are allowed");
    }

    private void put(String id, String merchant) {
        transactions.put(TRANSACTIONS
                .newRecord()
                .set(TRANSACTION_ID, id)
                .set(TRANSACTION_TIME, NOON)
                .set(MERCHANT, merchant)
                .build());
    }

    private void assertRefused(String id, String merchant, String problem) {
        int before = store.puts.size();
        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> put(id, merchant))
                .withMessage("A record of feature group 'transactions' cannot be stored: " + problem);
        assertThat(store.puts).hasSize(before);
    }
}
