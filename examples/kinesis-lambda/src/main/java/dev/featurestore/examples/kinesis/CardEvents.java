package dev.featurestore.examples.kinesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an event of the stream becomes a record. An event is a JSON object with the features of a card as of just after a payment,
 * under the names of the definition; one without value is left out. Members that are no features are passed over.
 */
final class CardEvents {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private CardEvents() {}

    /** The record of one event. What it throws makes the event a dead letter. */
    static FeatureRecord record(ByteBuffer event) {
        JsonNode json;
        try {
            json = JSON.readTree(text(event));
        } catch (JsonProcessingException e) {
            throw problem("An event of " + event.remaining() + " bytes is not JSON");
        }
        FeatureRecord.Builder record = Fraud.CARDS.newRecord();
        Fraud.CARDS.features().forEach(feature -> set(record, feature, json.get(feature.name())));
        return record.build();
    }

    private static <T> void set(FeatureRecord.Builder record, Feature<T> feature, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return;
        }
        T decoded;
        try {
            decoded = feature.codec().decode(text(value));
        } catch (IllegalArgumentException e) {
            throw problem("Member '" + feature.name() + "' of an event is not what the feature is: expected "
                    + feature.codec().javaType().getSimpleName() + ", got " + value.getNodeType());
        }
        record.set(feature, decoded);
    }

    /** What the parser says would quote the event, which is in the dead letter. */
    private static RecordMappingException problem(String message) {
        return new RecordMappingException(message, Fraud.CARDS.name(), null, null);
    }

    /** The decoder of a charset puts the same character for all that it cannot read: two cards would become one. */
    private static String text(ByteBuffer event) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(event.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw problem("An event of " + event.remaining() + " bytes is not text in UTF-8");
        }
    }

    private static String text(JsonNode value) {
        if (!value.isValueNode()) {
            throw new IllegalArgumentException("not a single value");
        }
        return value.asText();
    }
}
