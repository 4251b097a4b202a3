package dev.featurestore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("time");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<List<String>> TAGS =
            Feature.list("tags", Feature.string("tag").codec());
    private static final Feature<String> NOTE = Feature.string("note");
    private static final FeatureGroup<FeatureRecord> GROUP = FeatureGroup.named("g")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(AMOUNT, TAGS, NOTE)
            .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
            .build();

    private static FeatureRecord record() {
        return GROUP.newRecord()
                .set(ID, "quote \" and \n break")
                .set(TIME, Instant.parse("2026-03-10T12:00:00.123456789Z"))
                .set(AMOUNT, 0.1 + 0.2)
                .set(TAGS, List.of("a", "", "ü"))
                .build();
    }

    @Test
    void aRecordComesBackAsItWas() {
        String line = RecordJson.line(Map.of("reason", "a \"reason\"\n"), record());

        assertThat(line).doesNotContain("\n").contains("\"reason\":\"a \\\"reason\\\"\\n\"");
        assertThat(RecordJson.record(GROUP, line)).isEqualTo(record());
    }

    @Test
    void aLineMayHaveNoRecord() {
        assertThat(RecordJson.record(GROUP, RecordJson.line(Map.of("position", "1"), null)))
                .isNull();
    }

    @Test
    void whatIsNoRecordIsRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> RecordJson.record(GROUP, "{\"record\": secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThatThrownBy(() -> RecordJson.record(GROUP, "{\"record\": {\"amount\": 4711}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("4711");
        assertThatThrownBy(() -> RecordJson.record(GROUP, "[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordJson.record(GROUP, "{\"record\": {\"amount\": \"1.0\"}}"))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("'id', 'time'");
        assertThatThrownBy(() -> RecordJson.record(GROUP, "{\"record\": {\"other\": \"1.0\"}}"))
                .isInstanceOf(RecordMappingException.class)
                .hasMessageContaining("no feature 'other'");
    }
}
