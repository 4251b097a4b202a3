package dev.featurestore.testkit.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.ingest.DeadLetter;
import dev.featurestore.ingest.StreamBatchResult;
import dev.featurestore.ingest.StreamBatchWriter;
import dev.featurestore.ingest.StreamFailure;
import dev.featurestore.ingest.StreamRecord;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamBatchWriterTest {
    private static final Feature<String> CARD = Feature.string("card_id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final List<DeadLetter<Payment>> buried = Collections.synchronizedList(new ArrayList<>());

    /** What the stream delivers; a negative second cannot be mapped, a negative count is no payment. */
    private record Payment(String card, long second, long count) {}

    private static FeatureRecord row(Payment payment) {
        if (payment.second() < 0) {
            throw new IllegalStateException("cannot read payment of " + payment.card());
        }
        return CARDS.newRecord()
                .set(CARD, payment.card())
                .set(TIME, NOON.plusSeconds(payment.second()))
                .set(COUNT, payment.count())
                .build();
    }

    private static InMemoryFeatureStore store(FaultPlan faults) {
        return InMemoryFeatureStore.builder()
                .clock(ManualClock.startingAt(NOON))
                .faults(faults)
                .build();
    }

    private StreamBatchWriter.Builder<Payment, FeatureRecord> writer(InMemoryFeatureStore store) {
        return StreamBatchWriter.<Payment, FeatureRecord>to(
                        store.group(CARDS), payment -> payment.count() < 0 ? null : row(payment))
                .deadLetters(buried::add);
    }

    private static StreamRecord<Payment> record(String sequenceNumber, String card, long second) {
        return StreamRecord.of(sequenceNumber, new Payment(card, second, Math.abs(second)));
    }

    private static long online(InMemoryFeatureStore store, String card) {
        return store.group(CARDS).find(card).orElseThrow().getLong(COUNT);
    }

    @Test
    void everyRecordIsWrittenAndNothingIsToBeDeliveredAgain() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            StreamBatchResult result = writer.write(
                    List.of(record("1", "a", 1), record("2", "b", 2), record("3", "a", 3), record("4", "c", 4)));

            assertThat(result.written()).isEqualTo(4);
            assertThat(result.isComplete()).isTrue();
            assertThat(result.firstFailedOfEachShard()).isEmpty();
        }
        assertThat(online(store, "a")).isEqualTo(3);
        assertThat(store.history(CARDS)).hasSize(4);
    }

    @Test
    void theRowsOfAnIdentifierAreWrittenInTheOrderOfTheirEventTimes() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        List<StreamRecord<Payment>> batch =
                List.of(record("1", "a", 5), record("2", "a", 1), record("3", "a", 3), record("4", "a", 3));
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            writer.write(batch);
        }

        assertThat(store.history(CARDS).stream()
                        .map(row -> row.record().decode(CARDS).eventTime()))
                .containsExactly(NOON.plusSeconds(1), NOON.plusSeconds(3), NOON.plusSeconds(3), NOON.plusSeconds(5));
    }

    @Test
    void whatTheMappingPassesOverIsSkipped() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            StreamBatchResult result =
                    writer.write(List.of(StreamRecord.of("1", new Payment("a", 1, -1)), record("2", "b", 1)));

            assertThat(result.skipped()).isEqualTo(1);
            assertThat(result.written()).isEqualTo(1);
        }
    }

    @Test
    void poisonGoesToTheSinkAndDoesNotHoldUpItsShard() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        String tooLong = "x".repeat(3000);
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            StreamBatchResult result =
                    writer.write(List.of(record("1", "a", -1), record("2", tooLong, 1), record("3", "a", 2)));

            assertThat(result.isComplete()).isTrue();
            assertThat(result.deadLettered()).isEqualTo(2);
            assertThat(result.written()).isEqualTo(1);
        }
        assertThat(buried)
                .extracting(letter -> letter.record().sequenceNumber())
                .containsExactly("1", "2");
        assertThat(buried).extracting(DeadLetter::code).containsOnly(ErrorCode.RECORD_MAPPING);
        assertThat(buried.get(0).record().payload().card()).isEqualTo("a");
        assertThat(buried.toString()).doesNotContain(tooLong).doesNotContain("cannot read payment");
    }

    @Test
    void anOutageThatTheMappingMeetsIsNotTheRecordsFault() {
        InMemoryFeatureStore store =
                store(FaultPlan.script().fail(Operation.GET, Fault.THROTTLED).build());
        try (StreamBatchWriter<Payment, FeatureRecord> writer = StreamBatchWriter.<Payment, FeatureRecord>to(
                        store.group(CARDS), payment -> {
                            store.group(CARDS).find(payment.card());
                            return row(payment);
                        })
                .deadLetters(buried::add)
                .build()) {
            StreamBatchResult result = writer.write(List.of(record("1", "a", 1), record("2", "b", 2)));

            assertThat(result.failures()).extracting(StreamFailure::code).containsExactly(ErrorCode.THROTTLED);
            assertThat(result.heldBack()).isEqualTo(1);
        }
        assertThat(buried).isEmpty();
    }

    @Test
    void anExecutorThatRunsNothingHoldsNothingUp() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        try (StreamBatchWriter<Payment, FeatureRecord> writer =
                writer(store).executor(task -> {}).build()) {
            StreamBatchResult result = writer.write(List.of(record("1", "a", 1), record("2", "b", 2)));

            assertThat(result.written()).isEqualTo(2);
        }
    }

    @Test
    void aSinkThatFailsMakesTheRecordFail() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store)
                .deadLetters(letter -> {
                    throw new java.io.IOException("queue is down");
                })
                .build()) {
            StreamBatchResult result = writer.write(List.of(record("1", "a", -1), record("2", "b", 1)));

            assertThat(result.firstFailedOfEachShard()).containsExactly("1");
            assertThat(result.failures().get(0).reason())
                    .contains("dead-letter sink")
                    .contains("IOException");
            assertThat(result.deadLettered()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "UNAVAILABLE", "GROUP_NOT_VISIBLE", "LOST_REQUEST", "LOST_RESPONSE"})
    void anythingPassingFailsTheRecordAndHoldsBackItsShard(Fault fault) {
        InMemoryFeatureStore store = store(FaultPlan.script()
                .pass(Operation.PUT)
                .fail(Operation.PUT, fault)
                .build());
        try (StreamBatchWriter<Payment, FeatureRecord> writer =
                writer(store).concurrency(1).build()) {
            StreamBatchResult result = writer.write(
                    List.of(record("1", "a", 1), record("2", "b", 2), record("3", "c", -1), record("4", "d", 4)));

            assertThat(result.written()).isEqualTo(1);
            assertThat(result.failures())
                    .extracting(StreamFailure::sequenceNumber)
                    .containsExactly("2");
            assertThat(result.firstFailedOfEachShard()).containsExactly("2");
            assertThat(result.heldBack()).isEqualTo(2);
        }
        // delivered again with the shard, and buried then
        assertThat(buried).isEmpty();
    }

    @Test
    void anUnknownOutcomeIsReportedAsUnknown() {
        InMemoryFeatureStore store = store(
                FaultPlan.script().fail(Operation.PUT, Fault.LOST_RESPONSE).build());
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            StreamBatchResult result = writer.write(List.of(record("1", "a", 1)));

            assertThat(result.failures())
                    .extracting(StreamFailure::code)
                    .containsExactly(ErrorCode.WRITE_OUTCOME_UNKNOWN);
        }
    }

    @Test
    void shardsFailEachForItself() {
        InMemoryFeatureStore store = store(FaultPlan.script()
                .fail(Operation.PUT, Fault.THROTTLED)
                .pass(Operation.PUT)
                .fail(Operation.PUT, Fault.THROTTLED)
                .build());
        List<StreamRecord<Payment>> batch = List.of(
                new StreamRecord<>("s1", "11", new Payment("a", 1, 1)),
                new StreamRecord<>("s2", "11", new Payment("b", 1, 1)),
                new StreamRecord<>("s1", "12", new Payment("c", 1, 1)),
                new StreamRecord<>("s2", "12", new Payment("d", 1, 1)),
                new StreamRecord<>("s3", "11", new Payment("e", 1, 1)));
        try (StreamBatchWriter<Payment, FeatureRecord> writer =
                writer(store).concurrency(1).build()) {
            StreamBatchResult result = writer.write(batch);

            assertThat(result.firstFailedOfEachShard()).containsExactly("11", "12");
            assertThat(result.written()).isEqualTo(2);
            assertThat(result.heldBack()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotBegunInTimeFailsAndIsNotSent() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        AtomicLong nanos = new AtomicLong();
        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store)
                .concurrency(1)
                .nanoTime(() -> nanos.getAndAdd(Duration.ofSeconds(1).toNanos()))
                .build()) {
            StreamBatchResult result =
                    writer.write(List.of(record("1", "a", 1), record("2", "b", 2)), Duration.ofMillis(1500));

            assertThat(result.firstFailedOfEachShard()).isNotEmpty();
            assertThat(result.failures().get(0).reason()).contains("over before the record could be sent");
            assertThat(store.history(CARDS)).hasSize(result.written());
        }
    }

    /** Whatever fails, is repeated or comes out of order, delivery to the end leaves the state of delivery in order. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void redeliveryUntilAllIsWellEndsInTheStateOfInOrderDelivery(long seed) {
        Random random = new Random(seed);
        List<StreamRecord<Payment>> stream = IntStream.range(0, 300)
                .mapToObj(n ->
                        record(Integer.toString(n + 1), "card-" + random.nextInt(20), random.nextInt(20) == 0 ? -1 : n))
                .toList();
        Map<String, Long> expected = new HashMap<>();
        stream.stream()
                .map(StreamRecord::payload)
                .filter(payment -> payment.second() >= 0)
                .forEach(payment -> expected.put(payment.card(), payment.count()));
        InMemoryFeatureStore store = store(FaultPlan.seeded(seed, 0.1));

        try (StreamBatchWriter<Payment, FeatureRecord> writer = writer(store).build()) {
            List<StreamRecord<Payment>> left = stream;
            for (int deliveries = 0; !left.isEmpty(); deliveries++) {
                assertThat(deliveries).as("deliveries").isLessThan(1000);
                List<StreamRecord<Payment>> batch = left.subList(0, Math.min(left.size(), 1 + random.nextInt(100)));
                StreamBatchResult result = writer.write(batch);
                int settled = result.isComplete() ? batch.size() : position(batch, result.firstFailedOfEachShard());
                left = left.subList(settled, left.size());
            }
        }

        expected.forEach((card, count) ->
                assertThat(onlineInTheEnd(store, card)).as("seed %d", seed).isEqualTo(count));
        long poison = stream.stream().filter(r -> r.payload().second() < 0).count();
        assertThat(buried).as("seed %d", seed).hasSize((int) poison);
    }

    /** Reads meet the faults as well. */
    private static long onlineInTheEnd(InMemoryFeatureStore store, String card) {
        while (true) {
            try {
                return online(store, card);
            } catch (FeatureStoreException e) {
                assertThat(e.getMessage()).contains("A fault was injected");
            }
        }
    }

    private static int position(List<StreamRecord<Payment>> batch, List<String> failed) {
        return IntStream.range(0, batch.size())
                .filter(n -> batch.get(n).sequenceNumber().equals(failed.get(0)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWriterNeedsAPlaceForDeadLetters() {
        InMemoryFeatureStore store = store(FaultPlan.none());
        assertThatThrownBy(() -> StreamBatchWriter.to(store.group(CARDS), StreamBatchWriterTest::row)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deadLetters(sink)");
    }

    @Test
    void anEmptySequenceNumberIsRefused() {
        assertThatThrownBy(() -> StreamRecord.of("", "payload")).isInstanceOf(IllegalArgumentException.class);
    }
}
