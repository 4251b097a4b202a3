package dev.featurestore.schema;

import dev.featurestore.errors.InvalidDefinitionException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads rows of given columns as a Java record, one component a column, matched by name: {@code txnCount} stands for
 * {@code txn_count} unless {@link FeatureName} says otherwise. Made once, checked when made. Safe for use by many threads.
 *
 * @param <V> the record class
 */
public final class RecordReader<V extends Record> {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            long.class, Long.class,
            int.class, Integer.class,
            double.class, Double.class,
            float.class, Float.class,
            boolean.class, Boolean.class);

    private final FeatureColumns columns;

    private final RecordClass<V> recordClass;

    private RecordReader(FeatureColumns columns, RecordClass<V> recordClass) {
        this.columns = columns;
        this.recordClass = recordClass;
    }

    /**
     * A reader of these columns. The record may leave columns out.
     *
     * @param lookup one that sees the record class
     * @throws InvalidDefinitionException if a component has no column of its name and type; names all such components
     */
    public static <V extends Record> RecordReader<V> of(
            FeatureColumns columns, Class<V> type, MethodHandles.Lookup lookup) {
        String subject = "Record class " + type.getSimpleName() + " for " + columns.owner();
        RecordClass<V> recordClass = RecordClass.of(subject, type, lookup);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < recordClass.size(); i++) {
            String component = recordClass.component(i).getName();
            int column = columns.find(recordClass.name(i));
            if (column < 0) {
                problems.add("component '" + component + "' stands for '" + recordClass.name(i)
                        + "', of which there is no column");
                continue;
            }
            Class<?> given = recordClass.component(i).getType();
            Class<?> expected = columns.feature(column).codec().javaType();
            if (BOXES.getOrDefault(given, given) != expected) {
                problems.add("component '" + component + "' is of type " + given.getSimpleName() + ", but column '"
                        + recordClass.name(i) + "' holds " + expected.getSimpleName());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(subject, problems);
        }
        return new RecordReader<>(columns, recordClass);
    }

    /**
     * The record of a row.
     *
     * @throws IllegalArgumentException if the row has other columns
     * @throws dev.featurestore.errors.RecordMappingException if a column behind a primitive component has no value
     */
    public V read(FeatureValues row) {
        if (!row.columns().equals(columns)) {
            throw new IllegalArgumentException("The row is of " + row.columns() + ", the reader of " + columns);
        }
        return recordClass.construct(row);
    }
}
