package com.example.fraud.lambda;

import com.example.fraud.Fraud;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.ingest.DeadLetterSink;
import dev.featurestore.ingest.StreamBatchWriter;
import dev.featurestore.ingest.StreamRecord;
import dev.featurestore.schema.FeatureRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the handler of a Kinesis event calls. An event is a line: card, time, payments, amount. */
public final class CardStream {
    private final StreamBatchWriter<String, FeatureRecord> writer;

    /** On AWS. */
    public CardStream(DeadLetterSink<String> deadLetters) {
        this(AwsFeatureStore.builder().build(), deadLetters);
    }

    CardStream(FeatureStore store, DeadLetterSink<String> deadLetters) {
        this.writer = StreamBatchWriter.to(store.group(Fraud.CARDS), CardStream::record)
                .deadLetters(deadLetters)
                .build();
    }

    /** Answers which records the source has to deliver again. */
    public List<String> write(List<StreamRecord<String>> batch, Duration left) {
        return writer.write(batch, left).firstFailedOfEachShard();
    }

    private static FeatureRecord record(String event) {
        String[] fields = event.split(",", -1);
        return Fraud.CARDS
                .newRecord()
                .set(Fraud.CARD_ID, fields[0])
                .set(Fraud.EVENT_TIME, Instant.parse(fields[1]))
                .setLong(Fraud.PAYMENTS_1H, Long.parseLong(fields[2]))
                .setDouble(Fraud.AMOUNT_1H, Double.parseDouble(fields[3]))
                .build();
    }
}
