package dev.featurestore.examples.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardEventsTest {
    private static FeatureRecord record(String json) {
        return CardEvents.record(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void membersAreFeaturesAndWhatIsNotThereIsLeftOut() {
        FeatureRecord record = record(
                "{\"card_id\": \"card-1\", \"event_ts\": \"2026-03-10T12:00:00.5Z\","
                        + " \"payments_1h\": 9007199254740993, \"amount_sum_24h\": 12, \"amount_ratio_7d\": null, \"more\": []}");

        assertThat(record.get(Fraud.EVENT_TS)).isEqualTo(Instant.parse("2026-03-10T12:00:00.5Z"));
        assertThat(record.getLong(Fraud.PAYMENTS_1H)).isEqualTo(9007199254740993L);
        assertThat(record.getDouble(Fraud.AMOUNT_SUM_24H)).isEqualTo(12);
        assertThat(record.has(Fraud.AMOUNT_RATIO_7D)).isFalse();
        assertThat(record.has(Fraud.PAYMENTS_24H)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "payments_1h; 1.5; Long, got NUMBER",
                "payments_1h; \"secret\"; Long, got STRING",
                "payments_1h; true; Long, got BOOLEAN",
                "amount_sum_24h; [12.5]; Double, got ARRAY",
                "event_ts; \"secret\"; Instant, got STRING"
            })
    void anotherValueIsToldByTheFeatureAndNotByItself(String feature, String value, String expected) {
        String time = feature.equals("event_ts") ? "" : ", \"event_ts\": \"2026-03-10T12:00:00Z\"";

        assertThatThrownBy(() -> record("{\"card_id\": \"card-1\", \"" + feature + "\": " + value + time + "}"))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("'" + feature + "'")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("secret");
    }

    @Test
    void bytesThatAreNoTextAreNoEvent() {
        byte[] event = "{\"card_id\": \"secret?\", \"event_ts\": \"2026-03-10T12:00:00Z\"}"
                .replace('?', '\u00ff')
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> CardEvents.record(ByteBuffer.wrap(event)))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining(event.length + " bytes")
                .hasMessageContaining("UTF-8")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "}", "{\"card_id\": \"secret\"}"})
    void anEventIsOneObjectAndNothingBehindIt(String behind) {
        assertThatThrownBy(() -> record("{\"card_id\": \"card-1\", \"event_ts\": \"2026-03-10T12:00:00Z\"}" + behind))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("is not JSON")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anEventWithoutItsCardNamesWhatItLacks() {
        assertThatThrownBy(() -> record("{}"))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("'card_id', 'event_ts'");
    }
}
