package dev.featurestore.serving;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.FeatureValues;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one text of a column's value, by which values that were served are kept and compared. */
final class ColumnText {
    private ColumnText() {}

    /** By column; those without a value are left out. */
    static Map<String, String> all(FeatureValues values) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < values.columns().size(); i++) {
            String text = of(values, i);
            if (text != null) {
                texts.put(values.columns().name(i), text);
            }
        }
        return texts;
    }

    /** Null if the column has no value. */
    static @Nullable String of(FeatureValues values, int i) {
        if (!values.isPresent(i)) {
            return null;
        }
        if (values.columns().feature(i).collection().isPresent()) {
            return ServedJson.array(values.texts(i));
        }
        try {
            return values.text(i);
        } catch (RecordMappingException e) {
            if (values.get(i) instanceof Instant time) {
                // of another writer, finer than the feature's format
                return time.toString();
            }
            throw e;
        }
    }
}
