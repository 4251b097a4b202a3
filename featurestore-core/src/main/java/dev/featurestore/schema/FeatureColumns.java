package dev.featurestore.schema;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ordered columns of a row: each a name and a typed feature. For a group the names are the features' own; for a view
 * they may be aliases. Immutable.
 */
public final class FeatureColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String owner;

    private final String[] names;

    private final Feature<?>[] features;

    /** Where column i lives: in the numbers, or, as ~slot, in the objects. Beyond their end if there is no room for it. */
    private final int[] slots;

    private final int numberCount;

    private final int objectCount;

    private final Map<String, Integer> byName;

    /**
     * @param owner what the columns belong to, for messages, such as {@code feature group 'payments'}
     * @param names unique
     * @param features one for each name
     */
    public FeatureColumns(String owner, List<String> names, List<? extends Feature<?>> features) {
        if (names.size() != features.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + features.size() + " features");
        }
        this.owner = owner;
        this.names = names.toArray(String[]::new);
        this.features = features.toArray(Feature<?>[]::new);
        this.slots = new int[this.names.length];
        Map<String, Integer> index = new HashMap<>();
        int numbers = 0;
        int objects = 0;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = isNumber(this.features[i]) ? numbers++ : ~objects++;
            if (index.put(this.names[i], i) != null) {
                throw new IllegalArgumentException("Column '" + this.names[i] + "' is named twice in " + owner);
            }
        }
        this.numberCount = numbers;
        this.objectCount = objects;
        this.byName = Map.copyOf(index);
    }

    /** Those of other columns, with room for the values of some. */
    private FeatureColumns(FeatureColumns of, Set<String> kept) {
        this.owner = of.owner;
        this.names = of.names;
        this.features = of.features;
        this.byName = of.byName;
        this.slots = new int[names.length];
        int numbers = 0;
        int objects = 0;
        for (int i = 0; i < slots.length; i++) {
            if (kept.contains(names[i])) {
                slots[i] = of.slots[i] >= 0 ? numbers++ : ~objects++;
            }
        }
        for (int i = 0; i < slots.length; i++) {
            if (!kept.contains(names[i])) {
                slots[i] = of.slots[i] >= 0 ? numbers : ~objects;
            }
        }
        this.numberCount = numbers;
        this.objectCount = objects;
    }

    private static boolean isNumber(Feature<?> feature) {
        return feature.type() != FeatureType.STRING && !(feature.codec() instanceof CollectionCodec);
    }

    /**
     * The same columns, equal to these, whose rows have room for the values of these names only: for reading a few features
     * of a wide group. Other columns of such rows have no value and cannot be given one. All of them if there is no name.
     */
    public FeatureColumns keeping(Collection<String> kept) {
        return kept.isEmpty() ? this : new FeatureColumns(this, new HashSet<>(kept));
    }

    /** Whether rows have room for a value of column i. */
    public boolean isKept(int i) {
        return slots[i] >= 0 ? slots[i] < numberCount : ~slots[i] < objectCount;
    }

    /** How many columns there are. */
    public int size() {
        return names.length;
    }

    /** The name of column i, from 0. */
    public String name(int i) {
        return names[i];
    }

    /** The feature of column i, from 0. */
    public Feature<?> feature(int i) {
        return features[i];
    }

    /** The column of this name, or -1. */
    public int find(String name) {
        Integer i = byName.get(name);
        return i == null ? -1 : i;
    }

    /** As {@link #find(String)}, trying column {@code expected} first: rows mostly come in the order of the columns. */
    public int find(String name, int expected) {
        return expected < names.length && names[expected].equals(name) ? expected : find(name);
    }

    /**
     * The column that holds this feature under its own name.
     *
     * @throws IllegalArgumentException if there is none, or it holds another type
     */
    public int indexOf(Feature<?> feature) {
        int i = find(feature.name());
        if (i < 0) {
            throw new IllegalArgumentException("Feature '" + feature.name() + "' is not in " + owner);
        }
        if (!features[i].sameAs(feature)) {
            throw new IllegalArgumentException(
                    "Feature '" + feature.name() + "' is " + features[i].codec().name() + " in " + owner + ", not "
                            + feature.codec().name() + ": use the constant the definition was made with");
        }
        return i;
    }

    /** What the columns belong to, for messages. */
    public String owner() {
        return owner;
    }

    int slot(int i) {
        return slots[i];
    }

    int numberCount() {
        return numberCount;
    }

    int objectCount() {
        return objectCount;
    }

    /** The same columns with the same features, whoever owns them and whatever there is room for. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other || (other instanceof FeatureColumns same && features == same.features)) {
            return true;
        }
        if (!(other instanceof FeatureColumns that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < names.length; i++) {
            if (!names[i].equals(that.names[i]) || !features[i].sameAs(that.features[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(names);
    }

    /** The owner and number of columns. */
    @Override
    public String toString() {
        return owner + " (" + names.length + " columns)";
    }
}
