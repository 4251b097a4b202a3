package dev.featurestore.examples.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The features of a card, and how an event of the stream becomes a record of them. */
final class Cards {
    static final Feature<String> CARD_ID = Feature.string("card_id");
    static final Feature<Instant> EVENT_TIME = Feature.eventTime("event_time");
    static final Feature<Long> PAYMENTS_1H = Feature.integral("payments_1h");
    static final Feature<Double> AMOUNT_1H = Feature.fractional("amount_1h");

    static final FeatureGroup<FeatureRecord> GROUP = FeatureGroup.named("card_features")
            .recordIdentifier(CARD_ID)
            .eventTime(EVENT_TIME)
            .features(PAYMENTS_1H, AMOUNT_1H)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final ObjectMapper JSON = new ObjectMapper();

    private Cards() {}

    /** The record of one event. What it throws makes the event a dead letter. */
    static FeatureRecord record(ByteBuffer event) {
        JsonNode json;
        try {
            json = JSON.readTree(
                    StandardCharsets.UTF_8.decode(event.duplicate()).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return GROUP.newRecord()
                .set(CARD_ID, json.required("card_id").textValue())
                .set(EVENT_TIME, Instant.parse(json.required("time").textValue()))
                .set(PAYMENTS_1H, json.required("payments_1h").longValue())
                .set(AMOUNT_1H, json.required("amount_1h").doubleValue())
                .build();
    }
}
