package dev.featurestore.schema;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.RecordMappingException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Java record class, its components by feature name, and the handles to read and construct it. */
final class RecordClass<R> {
    private final Class<R> type;

    private final RecordComponent[] components;

    private final String[] names;

    private final MethodHandle[] accessors;

    private final MethodHandle constructor;

    private RecordClass(Class<R> type, MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        this.type = type;
        this.components = type.getRecordComponents();
        this.names = new String[components.length];
        this.accessors = new MethodHandle[components.length];
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            names[i] = nameOf(components[i]);
            parameters[i] = components[i].getType();
            accessors[i] = lookup.findVirtual(type, components[i].getName(), MethodType.methodType(parameters[i]))
                    .asType(MethodType.methodType(Object.class, Object.class));
        }
        this.constructor = lookup.findConstructor(type, MethodType.methodType(void.class, parameters))
                .asSpreader(Object[].class, components.length)
                .asType(MethodType.methodType(Object.class, Object[].class));
    }

    /** @throws InvalidDefinitionException about the subject, if the class is not accessible or too wide */
    static <R> RecordClass<R> of(String subject, Class<R> type, MethodHandles.Lookup lookup) {
        try {
            return new RecordClass<>(type, lookup);
        } catch (IllegalAccessException e) {
            throw new InvalidDefinitionException(
                    subject,
                    List.of("record class " + type.getName()
                            + " is not accessible: make it public, or pass MethodHandles.lookup() of the code that declares"
                            + " it"));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new InvalidDefinitionException(
                    subject,
                    List.of("record class " + type.getName() + " with " + type.getRecordComponents().length
                            + " components cannot be constructed: its components have at most 253 slots, of which long"
                            + " and double take two; define a wide group with FeatureGroup.named instead"));
        }
    }

    int size() {
        return components.length;
    }

    RecordComponent component(int i) {
        return components[i];
    }

    /** The feature or column that component i stands for. */
    String name(int i) {
        return names[i];
    }

    Class<R> type() {
        return type;
    }

    @Nullable
    Object get(int i, R row) {
        try {
            return accessors[i].invokeExact((Object) row);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("An accessor of " + type.getName() + " threw", e);
        }
    }

    /** A row of the values in the columns of the components' names. */
    R construct(FeatureValues values) {
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            int column = values.columns().find(names[i], i);
            if (column < 0) {
                throw new RecordMappingException("Component '" + components[i].getName() + "' of "
                        + type.getSimpleName() + " stands for column '" + names[i] + "', which "
                        + values.columns().owner() + " does not have");
            } else if (values.isPresent(column)) {
                arguments[i] = values.get(column);
            } else if (components[i].getType().isPrimitive()) {
                throw new RecordMappingException("Column '" + names[i] + "' of "
                        + values.columns().owner()
                        + " has no value, and component '" + components[i].getName() + "' of " + type.getSimpleName()
                        + " is a primitive: make it a boxed type, or give the feature a default");
            }
        }
        try {
            return type.cast(constructor.invokeExact(arguments));
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            // its message may quote values
            throw new RecordMappingException("The constructor of " + type.getSimpleName() + " refused the values of "
                    + values.columns().owner() + " with " + e.getClass().getSimpleName());
        }
    }

    private static String nameOf(RecordComponent component) {
        FeatureName name = component.getAnnotation(FeatureName.class);
        return name != null ? name.value() : snakeCase(component.getName());
    }

    /** {@code amountRatio7d} to {@code amount_ratio7d}, and {@code userID} to {@code user_id}. */
    private static String snakeCase(String camelCase) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            if (beginsWord(camelCase, i)) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(camelCase.charAt(i)));
        }
        return snake.toString();
    }

    /** A capital begins a word after a small letter or digit, and as the last capital of several: {@code HTTPCode}. */
    private static boolean beginsWord(String name, int i) {
        if (i == 0 || !Character.isUpperCase(name.charAt(i))) {
            return false;
        }
        boolean afterCapital = Character.isUpperCase(name.charAt(i - 1));
        boolean beforeSmall = i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
        return !afterCapital || beforeSmall;
    }
}
