package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.WireRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records, and what goes with them, in the JSON of the runtime service. */
final class RecordJson {
    private static final SerializableString FEATURE_NAME = new SerializedString("FeatureName");

    private static final SerializableString VALUE_AS_STRING = new SerializedString("ValueAsString");

    private static final SerializableString VALUE_AS_STRING_LIST = new SerializedString("ValueAsStringList");

    private static final DateTimeFormatter EXPIRES_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private RecordJson() {}

    /**
     * A record of a group from its JSON. What repeats in a set collapses.
     *
     * @throws WireError if a feature has neither a value nor a list of values, or both
     */
    static WireRecord read(FeatureGroup<?> group, JsonNode features) {
        String[] names = new String[features.size()];
        Object[] values = new Object[names.length];
        int n = 0;
        for (JsonNode feature : features) {
            names[n] = feature.path("FeatureName").asText();
            JsonNode text = EmulatedCall.optional(feature, "ValueAsString");
            JsonNode list = EmulatedCall.optional(feature, "ValueAsStringList");
            if ((text == null) == (list == null)) {
                throw WireErrors.validationError("The feature named [" + names[n]
                        + "] must have exactly one of ValueAsString and ValueAsStringList");
            }
            values[n] = text != null ? text.textValue() : texts(group, names[n], list == null ? feature : list);
            n++;
        }
        return WireRecord.of(names, values);
    }

    private static List<String> texts(FeatureGroup<?> group, String name, JsonNode list) {
        List<String> texts = new ArrayList<>(list.size());
        list.forEach(element -> texts.add(element.textValue()));
        int column = group.columns().find(name);
        boolean isSet = column >= 0
                && group.columns()
                        .feature(column)
                        .collection()
                        .map(CollectionCodec::collectionType)
                        .filter(CollectionType.SET::equals)
                        .isPresent();
        return isSet ? List.copyOf(new LinkedHashSet<>(texts)) : texts;
    }

    /** Writes a record's features in the order in which the group was defined. */
    static void write(JsonGenerator out, EmulatedGroup.GroupShape shape, WireRecord record) throws IOException {
        out.writeStartArray();
        int[] order = order(shape, record);
        for (int i = 0; i < record.size(); i++) {
            int n = order == null ? i : order[i];
            out.writeStartObject();
            out.writeFieldName(FEATURE_NAME);
            out.writeString(record.name(n));
            String text = record.text(n);
            if (text != null) {
                out.writeFieldName(VALUE_AS_STRING);
                out.writeString(text);
            } else {
                writeTexts(out, record.texts(n));
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeTexts(JsonGenerator out, @Nullable List<String> texts) throws IOException {
        out.writeFieldName(VALUE_AS_STRING_LIST);
        out.writeStartArray();
        for (String text : texts == null ? List.<String>of() : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    /** Where in a record each feature of the definition is; null if they are in that order already, as they mostly are. */
    private static int @Nullable [] order(EmulatedGroup.GroupShape shape, WireRecord record) {
        FeatureColumns columns = shape.definition().columns();
        boolean sameOrder = shape.isColumnOrder();
        int expected = 0;
        for (int n = 0; sameOrder && n < record.size(); n++) {
            int column = columns.find(record.name(n), expected);
            sameOrder = column >= expected;
            expected = column + 1;
        }
        if (sameOrder) {
            return null;
        }
        Map<String, Integer> positions = new HashMap<>();
        for (int n = 0; n < record.size(); n++) {
            positions.put(record.name(n), n);
        }
        int[] order = new int[record.size()];
        int next = 0;
        for (Feature<?> feature : shape.order()) {
            Integer position = positions.remove(feature.name());
            if (position != null) {
                order[next++] = position;
            }
        }
        for (int position : positions.values()) {
            order[next++] = position;
        }
        return order;
    }

    /** In whole seconds. */
    static String expiresAt(Instant time) {
        return EXPIRES_AT.format(time);
    }

    /** Empty if none are named. */
    static Set<TargetStore> targetStores(@Nullable JsonNode names) {
        Set<TargetStore> targets = EnumSet.noneOf(TargetStore.class);
        if (names != null) {
            for (JsonNode name : names) {
                for (TargetStore target : TargetStore.values()) {
                    if (target.wireName().equals(name.asText())) {
                        targets.add(target);
                    }
                }
            }
        }
        return targets;
    }

    static @Nullable Ttl ttl(@Nullable JsonNode ttl) {
        return ttl == null
                ? null
                : new Ttl(
                        ttl.path("Value").asInt(),
                        Ttl.Unit.ofWireName(ttl.path("Unit").asText()));
    }

    static List<String> strings(@Nullable JsonNode list) {
        List<String> strings = new ArrayList<>();
        if (list != null) {
            list.forEach(element -> strings.add(element.asText()));
        }
        return strings;
    }
}
