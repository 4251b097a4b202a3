package dev.featurestore;

import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListIdentifiersTest {
    private static final CallSettings SETTINGS =
            new CallSettings(() -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10));

    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private final FeatureGroupClient<FeatureRecord> cards = new FeatureGroupClient<>(CARDS, store, null, SETTINGS);

    @Test
    void goesOnThroughEmptyPagesAndStopsAtAMissingTokenOnly() {
        store.nextPage(new ListPage(List.of(), "a"))
                .nextPage(new ListPage(List.of("1", "2"), "b"))
                .nextPage(new ListPage(List.of(), "c"))
                .nextPage(new ListPage(List.of("3"), null));

        assertThat(cards.listIdentifiers()).containsExactly(1L, 2L, 3L);
        assertThat(store.lists).extracting(ListCommand::nextToken).containsExactly(null, "a", "b", "c");
        assertThat(store.lists).extracting(ListCommand::group).containsOnly("cards");
        assertThat(store.lists).extracting(ListCommand::softDeleted).containsOnly(false);
    }

    @Test
    void ofAnEmptyGroupIsEmpty() {
        store.nextPage(new ListPage(List.of(), null));

        assertThat(cards.listIdentifiers()).isEmpty();
    }

    @Test
    void readsNoMorePagesThanAreConsumed() {
        store.nextPage(new ListPage(List.of("1", "2"), "a"));

        assertThat(cards.listIdentifiers().findFirst()).contains(1L);
        assertThat(store.lists).hasSize(1);
    }

    @Test
    void anIdentifierOfAnotherTypeIsRefusedWithoutQuotingIt() {
        store.nextPage(new ListPage(List.of("1", "S3NTINEL"), null));

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> cards.listIdentifiers().toList())
                .withMessage(
                        "Cannot list feature group 'cards': a stored record identifier cannot be read as 'card_id',"
                                + " which is integral")
                .withNoCause();
    }

    @Test
    void aStoreThatCannotListSaysWhatElseToDo() {
        FeatureGroupClient<FeatureRecord> client =
                new FeatureGroupClient<>(CARDS, new WithoutListing(), null, SETTINGS);

        assertThatExceptionOfType(UnsupportedCapabilityException.class)
                .isThrownBy(client::listIdentifiers)
                .withMessage(
                        "WithoutListing cannot list the records of feature group 'cards': query the offline store for"
                                + " its identifiers instead");
    }

    private static final class WithoutListing implements OnlineStore {
        @Override
        public Set<BackendCapability> capabilities() {
            return Set.of();
        }

        @Override
        public void put(PutCommand command) {
            throw new AssertionError("Not to be called");
        }

        @Override
        public Optional<StoredRecord> get(GetCommand command) {
            throw new AssertionError("Not to be called");
        }

        @Override
        public BatchGetOutcome batchGet(BatchGetCommand command) {
            throw new AssertionError("Not to be called");
        }

        @Override
        public void delete(DeleteCommand command) {
            throw new AssertionError("Not to be called");
        }
    }
}
