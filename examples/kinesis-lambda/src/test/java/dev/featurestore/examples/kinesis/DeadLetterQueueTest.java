package dev.featurestore.examples.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.ingest.StreamBatchResult;
import dev.featurestore.ingest.StreamBatchWriter;
import dev.featurestore.ingest.StreamRecord;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

class DeadLetterQueueTest {
    private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters";

    private static final ByteBuffer POISON = bytes("{\"card_id\": \"card-1\"}");

    private final Queue sqs = new Queue();

    private final FeatureStore store = InMemoryFeatureStore.create();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private StreamBatchResult write() {
        try (StreamBatchWriter<ByteBuffer, FeatureRecord> writer = StreamBatchWriter.to(
                        store.group(Fraud.CARDS), CardEvents::record)
                .deadLetters(new DeadLetterQueue(sqs, QUEUE))
                .build()) {
            return writer.write(List.of(new StreamRecord<>("shard-7", "4711", POISON)));
        }
    }

    @Test
    void aMessageTellsWhereTheEventWasWhyItIsThereAndAllOfIt() throws IOException {
        StreamBatchResult result = write();

        assertThat(result.deadLettered()).isEqualTo(1);
        assertThat(result.isComplete()).isTrue();
        assertThat(sqs.sent)
                .singleElement()
                .satisfies(message -> assertThat(message.queueUrl()).isEqualTo(QUEUE));
        JsonNode message = new ObjectMapper().readTree(sqs.sent.get(0).messageBody());
        assertThat(message.path("featureGroup").asText()).isEqualTo("fraud_cards_v1");
        assertThat(message.path("shard").asText()).isEqualTo("shard-7");
        assertThat(message.path("sequenceNumber").asText()).isEqualTo("4711");
        assertThat(message.path("code").asText()).isEqualTo(ErrorCode.RECORD_MAPPING.name());
        assertThat(message.path("reason").asText()).isNotEmpty();
        assertThat(ByteBuffer.wrap(message.path("data").binaryValue())).isEqualTo(POISON);
    }

    @Test
    void anEventThatTheQueueDoesNotTakeIsDeliveredAgain() {
        sqs.isGone = true;

        assertThat(write().firstFailedOfEachShard()).containsExactly("4711");
    }

    /** Keeps what is sent. */
    private static final class Queue implements SqsClient {
        private final List<SendMessageRequest> sent = new ArrayList<>();

        private boolean isGone;

        @Override
        public SendMessageResponse sendMessage(SendMessageRequest request) {
            if (isGone) {
                throw QueueDoesNotExistException.builder().message("gone").build();
            }
            sent.add(request);
            return SendMessageResponse.builder().messageId("1").build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
