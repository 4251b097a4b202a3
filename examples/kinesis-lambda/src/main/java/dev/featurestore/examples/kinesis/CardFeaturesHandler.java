package dev.featurestore.examples.kinesis;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.ingest.DeadLetterSink;
import dev.featurestore.ingest.StreamBatchWriter;
import dev.featurestore.ingest.StreamRecord;
import dev.featurestore.schema.FeatureRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Writes what a Kinesis stream delivers. The event source mapping must list {@code ReportBatchItemFailures}, or what failed
 * is not delivered again.
 */
public final class CardFeaturesHandler implements RequestHandler<KinesisEvent, StreamsEventResponse>, Resource {
    private static final Logger LOG = LoggerFactory.getLogger(CardFeaturesHandler.class);

    /** What is left of an invocation for dead letters, which are sent when the time for the batch is over, and the answer. */
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(5);

    /** For one dead letter, repeats and a cold start included. One that was not sent by then is delivered again. */
    private static final Duration DEAD_LETTER_TIMEOUT = Duration.ofSeconds(2);

    private final FeatureStore store;

    private final StreamBatchWriter<ByteBuffer, FeatureRecord> writer;

    /** Made once by Lambda: on AWS, with the queue that the variable {@code DEAD_LETTER_QUEUE_URL} names. */
    public CardFeaturesHandler() {
        this(
                AwsFeatureStore.create(),
                new DeadLetterQueue(
                        SqsClient.builder()
                                .overrideConfiguration(config -> config.apiCallTimeout(DEAD_LETTER_TIMEOUT))
                                .build(),
                        Objects.requireNonNull(
                                System.getenv("DEAD_LETTER_QUEUE_URL"), "Set the variable DEAD_LETTER_QUEUE_URL")));
    }

    CardFeaturesHandler(FeatureStore store, DeadLetterSink<ByteBuffer> deadLetters) {
        this.store = store;
        this.writer = StreamBatchWriter.to(store.group(Fraud.CARDS), CardEvents::record)
                .deadLetters(deadLetters)
                .build();
        Core.getGlobalContext().register(this);
    }

    @Override
    public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(TIME_TO_ANSWER);
        List<StreamRecord<ByteBuffer>> batch =
                event.getRecords().stream().map(CardFeaturesHandler::record).toList();
        List<String> failed = writer.write(batch, left.toMillis() > 0 ? left : Duration.ofMillis(1))
                .firstFailedOfEachShard();
        return new StreamsEventResponse(
                failed.stream().map(BatchItemFailure::new).toList());
    }

    /** An event id is the shard's, a colon and the sequence number. */
    private static StreamRecord<ByteBuffer> record(KinesisEventRecord event) {
        String id = event.getEventID();
        return new StreamRecord<>(
                id.substring(0, Math.max(0, id.indexOf(':'))),
                event.getKinesis().getSequenceNumber(),
                event.getKinesis().getData());
    }

    /**
     * Before SnapStart takes its picture of the process: loads the classes of a call, makes credentials and a connection. It
     * reads a card that is not there and writes nothing. A failure does not keep the version from being published.
     */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        try {
            store.group(Fraud.CARDS).find("warm-up");
        } catch (RuntimeException e) {
            LOG.warn("Warm-up before the checkpoint failed: the first call of each instance will be slower", e);
        }
    }

    /** Nothing to do: the SDK opens connections anew as it needs them. */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
