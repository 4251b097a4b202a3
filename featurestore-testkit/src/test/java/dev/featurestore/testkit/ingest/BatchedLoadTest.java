package dev.featurestore.testkit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.ingest.FailedRecord;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.BatchWriteCommand;
import dev.featurestore.spi.BatchWriteOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A load over a backend that takes several records in a request. */
class BatchedLoadTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> NUMBER = Feature.integral("number");
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(NUMBER)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    /** A request with a record of this card is refused as a whole. */
    private static final String SPOILING = "card-77";

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create();

    private final Requests requests = new Requests(store.onlineStore());

    private RecordIngestor.Builder<FeatureRecord> ingestor() {
        store.group(CARDS);
        return RecordIngestor.to(FeatureStore.builder()
                .onlineStore(requests)
                .offlineStore(store.offlineStore())
                .admin(store.admin().backend())
                .build()
                .group(CARDS));
    }

    /** Row n is of card n modulo this. */
    private static List<FeatureRecord> rows(int count, int cards) {
        return IntStream.range(0, count)
                .mapToObj(n -> CARDS.newRecord()
                        .set(CARD, "card-" + n % cards)
                        .set(TIME, NOON.plusSeconds(n))
                        .set(NUMBER, (long) n)
                        .build())
                .toList();
    }

    @Test
    void manyRecordsTravelInOneRequestAndNoIdentifierTwice() {
        IngestReport report = ingestor().concurrency(4).build().run(rows(3000, 40));

        assertThat(report.written()).isEqualTo(3000);
        assertThat(store.history(CARDS)).hasSize(3000);
        assertThat(requests.batches)
                .isNotEmpty()
                .allSatisfy(batch -> assertThat(batch)
                        .doesNotHaveDuplicates()
                        .hasSizeLessThanOrEqualTo(BatchWriteCommand.MAX_RECORDS));
        assertThat(requests.batches).anySatisfy(batch -> assertThat(batch).hasSizeGreaterThan(5));
    }

    @Test
    void aLoadOfOneIdentifierIsWrittenOneByOneInItsOrder() {
        ingestor().concurrency(4).build().run(rows(100, 1));

        assertThat(requests.batches).isEmpty();
        assertThat(store.history(CARDS))
                .extracting(row -> row.record().text("number"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void oneRecordInARequestMeansNoBatches() {
        IngestReport report = ingestor().recordsPerRequest(1).build().run(rows(70, 70));

        assertThat(report.written()).isEqualTo(70);
        assertThat(requests.batches).isEmpty();
    }

    @Test
    void aRecordThatSpoilsItsRequestFailsAlone() {
        IngestReport report = ingestor().concurrency(2).build().run(rows(200, 200));

        assertThat(report.written()).isEqualTo(199);
        assertThat(report.failures()).extracting(FailedRecord::position).containsExactly(77L);
        assertThat(report.failures()).extracting(FailedRecord::code).containsExactly(ErrorCode.INVALID_REQUEST);
    }

    /** Notes the identifiers of each batch, and refuses a request for one of its records. */
    private static final class Requests implements OnlineStore {
        private final OnlineStore store;

        private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());

        Requests(OnlineStore store) {
            this.store = store;
        }

        @Override
        public Set<BackendCapability> capabilities() {
            return store.capabilities();
        }

        @Override
        public void put(PutCommand command) {
            refuse(command);
            store.put(command);
        }

        private static void refuse(PutCommand command) {
            if (SPOILING.equals(command.record().text("card_id"))) {
                throw new InvalidRequestException("The request is malformed", command.group(), null, null);
            }
        }

        @Override
        public BatchWriteOutcome batchWrite(BatchWriteCommand command) {
            batches.add(command.puts().stream()
                    .map(put -> String.valueOf(put.record().text("card_id")))
                    .toList());
            command.puts().forEach(Requests::refuse);
            return store.batchWrite(command);
        }

        @Override
        public Optional<StoredRecord> get(GetCommand command) {
            return store.get(command);
        }

        @Override
        public BatchGetOutcome batchGet(BatchGetCommand command) {
            return store.batchGet(command);
        }

        @Override
        public void delete(DeleteCommand command) {
            store.delete(command);
        }
    }
}
