package dev.featurestore.spi;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it travels: feature names with one text each, or a list of texts for a collection. Features without a value
 * are not there. Immutable by agreement: the arrays it is made of are not copied.
 */
public final class WireRecord {
    private static final int WRITE_UNIT_BYTES = 1024;

    private final String[] names;

    /** Each a String, or a List of String. */
    private final Object[] values;

    private WireRecord(String[] names, Object[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * A record of these features.
     *
     * @param names in any order; kept, not copied
     * @param values for each name a {@code String}, or a {@code List<String>} for a collection; kept, not copied
     */
    public static WireRecord of(String[] names, Object[] values) {
        if (names.length != values.length) {
            throw new IllegalArgumentException(names.length + " names for " + values.length + " values");
        }
        return new WireRecord(names, values);
    }

    /** The record as text, in the order of the definition. */
    public static WireRecord encode(FeatureRecord record) {
        FeatureValues values = record.values();
        FeatureColumns columns = values.columns();
        String[] names = new String[columns.size()];
        Object[] texts = new Object[columns.size()];
        int n = 0;
        for (int i = 0; i < names.length; i++) {
            if (values.isPresent(i)) {
                names[n] = columns.name(i);
                texts[n++] = columns.feature(i).codec() instanceof CollectionCodec ? values.texts(i) : values.text(i);
            }
        }
        return n == names.length
                ? new WireRecord(names, texts)
                : new WireRecord(Arrays.copyOf(names, n), Arrays.copyOf(texts, n));
    }

    /**
     * The record as the group defines it. Features that the group does not have are passed over: a newer version of the
     * group may have more.
     *
     * @throws RecordMappingException if a text cannot be read as its feature
     */
    public FeatureRecord decode(FeatureGroup<?> group) {
        return decode(group, group.columns());
    }

    /**
     * As {@link #decode(FeatureGroup)}, into rows of less room where few features were asked for; others are passed over.
     *
     * @param columns the group's, {@linkplain FeatureColumns#keeping keeping} some or all
     */
    public FeatureRecord decode(FeatureGroup<?> group, FeatureColumns columns) {
        FeatureValues.Builder row = FeatureValues.builder(columns);
        int expected = 0;
        for (int n = 0; n < names.length; n++) {
            int i = columns.find(names[n], expected);
            if (i < 0 || !columns.isKept(i)) {
                continue;
            }
            expected = i + 1;
            if (values[n] instanceof String text) {
                row.setText(i, text);
            } else {
                row.setTexts(i, list(n));
            }
        }
        return FeatureRecord.ofStored(group, row.build());
    }

    /** How many features have a value. */
    public int size() {
        return names.length;
    }

    /** The name of feature n, from 0. */
    public String name(int n) {
        return names[n];
    }

    /** The text of feature n, or null if it is a collection. */
    public @Nullable String text(int n) {
        return values[n] instanceof String text ? text : null;
    }

    /** The texts of feature n if it is a collection, or null. */
    public @Nullable List<String> texts(int n) {
        return values[n] instanceof String ? null : list(n);
    }

    /** The text of the feature of this name, or null if it has none or is a collection. */
    public @Nullable String text(String name) {
        for (int n = 0; n < names.length; n++) {
            if (names[n].equals(name)) {
                return text(n);
            }
        }
        return null;
    }

    /** The size: UTF-8 bytes of names and values. How the service counts exactly is not documented. */
    public long bytes() {
        long bytes = 0;
        for (int n = 0; n < names.length; n++) {
            bytes += utf8(names[n]) + bytes(n);
        }
        return bytes;
    }

    /** How many write request units a put takes: one for each begun KB, and at least one. */
    public long writeUnits() {
        return Math.max(1, (bytes() + WRITE_UNIT_BYTES - 1) / WRITE_UNIT_BYTES);
    }

    /** The size of the value of feature n in UTF-8 bytes. */
    public long bytes(int n) {
        return values[n] instanceof String text
                ? utf8(text)
                : list(n).stream().mapToLong(WireRecord::utf8).sum();
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The record with only these features, in this record's order; all of them if the list is empty. */
    public WireRecord select(List<String> features) {
        if (features.isEmpty()) {
            return this;
        }
        List<String> selectedNames = new ArrayList<>();
        List<Object> selectedValues = new ArrayList<>();
        for (int n = 0; n < names.length; n++) {
            if (features.contains(names[n])) {
                selectedNames.add(names[n]);
                selectedValues.add(values[n]);
            }
        }
        return new WireRecord(selectedNames.toArray(String[]::new), selectedValues.toArray());
    }

    @SuppressWarnings("unchecked") // what is not a text is a list of texts
    private List<String> list(int n) {
        return (List<String>) values[n];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WireRecord that
                && Arrays.equals(names, that.names)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }

    /** How many features have a value; no values. */
    @Override
    public String toString() {
        return "record of " + names.length + " features";
    }
}
