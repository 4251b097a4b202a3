package dev.featurestore.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record and remarks on it as one line of JSON: the remarks as members with texts, and the record as member {@code record}
 * with the wire text of each feature that has a value, or an array of texts for a collection. Nothing of a value is lost.
 */
final class RecordJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String RECORD = "record";

    private RecordJson() {}

    /**
     * The line, without a line break.
     *
     * @param remarks by member, other than {@code record}
     * @param record null if there is none; the member is left out then
     */
    static String line(Map<String, String> remarks, @Nullable FeatureRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        remarks.forEach(json::put);
        if (record != null) {
            json.set(RECORD, values(record.values()));
        }
        return json.toString();
    }

    private static ObjectNode values(FeatureValues values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        FeatureColumns columns = values.columns();
        for (int i = 0; i < columns.size(); i++) {
            if (!values.isPresent(i)) {
                continue;
            }
            if (columns.feature(i).codec() instanceof CollectionCodec) {
                ArrayNode texts = json.putArray(columns.name(i));
                values.texts(i).forEach(texts::add);
            } else {
                json.put(columns.name(i), values.text(i));
            }
        }
        return json;
    }

    /**
     * The record of a line; null if it has none. Features that the group does not have are an error: they would be lost.
     *
     * @throws IllegalArgumentException if the line is not JSON, or its record not an object of texts
     * @throws RecordMappingException if the record is not one of the group
     */
    static @Nullable FeatureRecord record(FeatureGroup<?> group, String line) {
        JsonNode json;
        try {
            json = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            // its message quotes the line
            throw new IllegalArgumentException("A line of " + line.length() + " characters is not a record in JSON");
        }
        JsonNode values = json.path(RECORD);
        if (values.isMissingNode() && json.isObject()) {
            return null;
        }
        if (!values.isObject()) {
            throw new IllegalArgumentException("The record of a line must be an object with the text of each feature");
        }
        FeatureValues.Builder builder = FeatureValues.builder(group.columns());
        for (Map.Entry<String, JsonNode> member : values.properties()) {
            int i = group.columns().find(member.getKey());
            if (i < 0) {
                throw new RecordMappingException(
                        "Cannot read a record of feature group '" + group.name() + "' from JSON: it has no feature '"
                                + member.getKey() + "'",
                        group.name(),
                        null,
                        null);
            }
            set(builder, i, member.getValue());
        }
        return complete(group, builder.build());
    }

    /** A record as its group's own builder makes it, which refuses one that lacks what it must have. */
    private static FeatureRecord complete(FeatureGroup<?> group, FeatureValues values) {
        FeatureRecord.Builder record = group.newRecord();
        for (int i = 0; i < values.columns().size(); i++) {
            if (values.isPresent(i)) {
                record.set(values.columns().name(i), values.get(i));
            }
        }
        return record.build();
    }

    private static void set(FeatureValues.Builder builder, int i, JsonNode value) {
        if (value.isArray()) {
            List<String> texts = new ArrayList<>(value.size());
            value.forEach(element -> texts.add(text(element)));
            builder.setTexts(i, texts);
        } else {
            builder.setText(i, text(value));
        }
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("The record of a line must be an object with the text of each feature");
        }
        return value.textValue();
    }
}
