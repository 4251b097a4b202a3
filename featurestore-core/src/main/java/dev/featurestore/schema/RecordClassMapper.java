package dev.featurestore.schema;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps a Java record by its components. Only the class is serialized; its handles are found again where it is read. */
final class RecordClassMapper<R> implements RowMapper<R> {
    private static final long serialVersionUID = 1L;

    private static final Map<Class<?>, FeatureCodec<?>> CODECS = Map.ofEntries(
            Map.entry(String.class, BuiltInCodecs.STRING),
            Map.entry(long.class, BuiltInCodecs.INTEGRAL),
            Map.entry(Long.class, BuiltInCodecs.INTEGRAL),
            Map.entry(int.class, BuiltInCodecs.INTEGER),
            Map.entry(Integer.class, BuiltInCodecs.INTEGER),
            Map.entry(double.class, BuiltInCodecs.FRACTIONAL),
            Map.entry(Double.class, BuiltInCodecs.FRACTIONAL),
            Map.entry(float.class, BuiltInCodecs.FLOAT),
            Map.entry(Float.class, BuiltInCodecs.FLOAT),
            Map.entry(boolean.class, BuiltInCodecs.BOOLEAN),
            Map.entry(Boolean.class, BuiltInCodecs.BOOLEAN),
            Map.entry(Instant.class, BuiltInCodecs.INSTANT),
            Map.entry(LocalDate.class, BuiltInCodecs.LOCAL_DATE),
            Map.entry(BigDecimal.class, BuiltInCodecs.DECIMAL),
            Map.entry(Duration.class, BuiltInCodecs.DURATION));

    private final Class<R> type;

    private transient RecordClass<R> recordClass;

    private RecordClassMapper(Class<R> type, RecordClass<R> recordClass) {
        this.type = type;
        this.recordClass = recordClass;
    }

    static <R> RecordClassMapper<R> of(String group, Class<R> type, MethodHandles.Lookup lookup) {
        return new RecordClassMapper<>(type, RecordClass.of("Feature group '" + group + "'", type, lookup));
    }

    /** Adds the components to the definition. */
    void define(FeatureGroup.Builder<R> builder) {
        builder.identifierAdvice = "mark a component with @RecordIdentifier";
        builder.eventTimeAdvice = "mark an Instant component with @EventTime";
        List<Feature<?>> others = new ArrayList<>();
        for (int i = 0; i < recordClass.size(); i++) {
            RecordComponent component = recordClass.component(i);
            String name = recordClass.name(i);
            boolean isIdentifier = component.isAnnotationPresent(RecordIdentifier.class);
            EventTime eventTime = component.getAnnotation(EventTime.class);
            if (eventTime != null && isIdentifier) {
                builder.problems.add(
                        "component '" + component.getName() + "' is marked as record identifier and as event time");
                builder.identifierAdvice = "";
            }
            if (eventTime != null) {
                defineEventTime(builder, component, name, eventTime);
                continue;
            }
            FeatureCodec<?> codec = codecOf(component.getType());
            if (codec == null) {
                builder.problems.add("component '" + component.getName() + "' is of type "
                        + component.getGenericType().getTypeName()
                        + ", which has no codec: use FeatureGroup.named with Feature.of for it");
                if (isIdentifier) {
                    builder.identifierAdvice = "";
                }
                continue;
            }
            Feature<?> feature = Feature.of(name, codec);
            if (isIdentifier) {
                builder.recordIdentifier(feature);
            } else {
                others.add(component.getType().isPrimitive() ? feature.required() : feature);
            }
        }
        builder.features(others);
    }

    private void defineEventTime(
            FeatureGroup.Builder<R> builder, RecordComponent component, String name, EventTime eventTime) {
        if (component.getType() != Instant.class) {
            builder.problems.add("the event time '" + component.getName() + "' is of type "
                    + component.getType().getSimpleName() + ", expected Instant");
            builder.eventTimeAdvice = "";
            return;
        }
        try {
            builder.eventTime(Feature.eventTime(name, EventTimeFormat.iso8601(eventTime.fractionDigits())));
        } catch (IllegalArgumentException e) {
            builder.problems.add("component '" + component.getName() + "': " + e.getMessage());
            builder.eventTimeAdvice = "";
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum class is one of its own constants
    private static @Nullable FeatureCodec<?> codecOf(Class<?> type) {
        return type.isEnum() ? BuiltInCodecs.enumeration((Class) type) : CODECS.get(type);
    }

    @Override
    public FeatureRecord toRecord(FeatureGroup<R> group, R row) {
        FeatureRecord.Builder record = group.newRecord();
        for (int i = 0; i < recordClass.size(); i++) {
            record.set(recordClass.name(i), recordClass.get(i, row));
        }
        return record.build();
    }

    @Override
    public R fromRecord(FeatureRecord record) {
        return recordClass.construct(record.values());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        try {
            this.recordClass =
                    RecordClass.of("Record class", type, MethodHandles.privateLookupIn(type, MethodHandles.lookup()));
        } catch (IllegalAccessException e) {
            InvalidObjectException failure = new InvalidObjectException("Record class " + type.getName()
                    + " is not accessible here: open its package to module dev.featurestore.core");
            failure.initCause(e);
            throw failure;
        }
    }
}
