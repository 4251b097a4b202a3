package dev.featurestore.examples.kinesis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.featurestore.ingest.DeadLetter;
import dev.featurestore.ingest.DeadLetterSink;
import java.nio.ByteBuffer;
import java.util.Base64;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.BinaryUtils;

/** Sends events that can never be written to a queue of SQS, payload and all: guard it as the stream itself. */
final class DeadLetterQueue implements DeadLetterSink<ByteBuffer> {
    private final SqsClient sqs;

    private final String queueUrl;

    DeadLetterQueue(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    @Override
    public void accept(DeadLetter<ByteBuffer> letter) {
        String message = JsonNodeFactory.instance
                .objectNode()
                .put("featureGroup", letter.featureGroupName())
                .put("shard", letter.record().shard())
                .put("sequenceNumber", letter.record().sequenceNumber())
                .put("code", letter.code().name())
                .put("reason", letter.reason())
                .put(
                        "data",
                        Base64.getEncoder()
                                .encodeToString(BinaryUtils.copyAllBytesFrom(
                                        letter.record().payload())))
                .toString();
        sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody(message));
    }
}
