package dev.featurestore.view;

import dev.featurestore.errors.FingerprintMismatchException;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.schema.RecordReader;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One model's input vector over one or several groups: which features, under which names, in which order, with which
 * defaults and age limits. The endpoint and the training job use the same definition.
 *
 * <p>Immutable, safe for use by many threads and {@link Serializable}.
 */
public final class FeatureView implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;

    @SuppressWarnings("serial") // a list of serializable values
    private final List<GroupSelection> selections;

    private final FeatureColumns columns;

    /** The first column of each selection, and the number of columns after the last. */
    private final int[] firstColumns;

    /** Where each column is in its group. */
    private final int[] groupColumns;

    private final FeatureValues defaults;

    private final String fingerprint;

    private FeatureView(String name, List<GroupSelection> selections, FeatureColumns columns) {
        this.name = name;
        this.selections = List.copyOf(selections);
        this.columns = columns;
        this.firstColumns = new int[selections.size() + 1];
        this.groupColumns = new int[columns.size()];
        FeatureValues.Builder defaultValues = FeatureValues.builder(columns);
        int next = 0;
        for (int s = 0; s < selections.size(); s++) {
            firstColumns[s] = next;
            for (GroupSelection.Column column : selections.get(s).columns()) {
                groupColumns[next] = selections.get(s).group().columns().indexOf(column.feature());
                int i = next;
                column.feature().defaultText().ifPresent(text -> defaultValues.setText(i, text));
                next++;
            }
        }
        firstColumns[selections.size()] = next;
        this.defaults = defaultValues.build();
        this.fingerprint = Fingerprint.of(selections);
    }

    /** Starts the definition of a view. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The groups' parts, in the order of the columns. */
    public List<GroupSelection> selections() {
        return selections;
    }

    /** The columns of the vector. */
    public FeatureColumns columns() {
        return columns;
    }

    /** The request keys, and spine columns, that the view needs; each once, in the order of the selections. */
    public Set<String> joinKeys() {
        Set<String> keys = new LinkedHashSet<>();
        selections.forEach(selection -> keys.add(selection.joinKey()));
        return keys;
    }

    /**
     * What a model that was trained on this view is stamped with: a SHA-256 in hexadecimal over the selections' groups,
     * keys, maximum ages and maximum staleness and the columns' names, order, features, types, codecs and defaults. It does not change with
     * the names of the view and of selections, with descriptions or with settings of the stores.
     */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * Refuses another version of the view than the one at hand.
     *
     * @throws FingerprintMismatchException if the fingerprint is another one
     */
    public void requireFingerprint(String expected) {
        if (!fingerprint.equals(expected)) {
            throw new FingerprintMismatchException("Feature view '" + name + "' has fingerprint " + fingerprint
                    + ", expected " + expected
                    + ": the model was trained on another version of the view; deploy the two together");
        }
    }

    /**
     * A reader of vectors as a Java record.
     *
     * @param lookup one that sees the record class, such as {@code MethodHandles.lookup()}
     */
    public <V extends Record> RecordReader<V> reader(Class<V> type, MethodHandles.Lookup lookup) {
        return RecordReader.of(columns, type, lookup);
    }

    /** The first column of a selection; of the number of selections, the number of columns. */
    public int firstColumn(int selection) {
        return firstColumns[selection];
    }

    int groupColumn(int column) {
        return groupColumns[column];
    }

    FeatureValues defaults() {
        return defaults;
    }

    int columnIndex(String column) {
        int i = columns.find(column);
        if (i < 0) {
            throw new IllegalArgumentException("Feature view '" + name + "' has no column '" + column + "'");
        }
        return i;
    }

    int columnIndex(Feature<?> feature) {
        int found = -1;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.feature(i).sameAs(feature)) {
                if (found >= 0) {
                    throw new IllegalArgumentException("Feature view '" + name + "' has feature '" + feature.name()
                            + "' twice: read it by the name of its column");
                }
                found = i;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException("Feature view '" + name + "' has no feature '" + feature.name() + "'");
        }
        return found;
    }

    int selectionIndex(String selection) {
        for (int i = 0; i < selections.size(); i++) {
            if (selections.get(i).name().equals(selection)) {
                return i;
            }
        }
        throw new IllegalArgumentException("Feature view '" + name + "' has no selection '" + selection + "'");
    }

    int selectionOf(int column) {
        int s = 0;
        while (column >= firstColumns[s + 1]) {
            s++;
        }
        return s;
    }

    /** The name and number of columns. */
    @Override
    public String toString() {
        return "feature view '" + name + "' (" + columns.size() + " columns)";
    }

    /** Collects a view. Nothing is checked before {@link #build()}, which reports all problems at once. */
    public static final class Builder {
        private final String name;
        private final List<GroupSelection.Builder> selections = new ArrayList<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Adds a group's part. The columns of the view are in the order of these calls. */
        public Builder from(FeatureGroup<?> group, Consumer<GroupSelection.Builder> select) {
            GroupSelection.Builder selection = new GroupSelection.Builder(group);
            select.accept(selection);
            selections.add(selection);
            return this;
        }

        /**
         * The view.
         *
         * @throws InvalidDefinitionException if anything in it does not fit; names every problem
         */
        public FeatureView build() {
            List<String> problems = new ArrayList<>();
            List<GroupSelection> built = new ArrayList<>();
            selections.forEach(selection -> built.add(selection.build(problems)));
            if (name.isBlank()) {
                problems.add("it has no name");
            }
            if (built.isEmpty()) {
                problems.add("it has no group: call from(group, selection)");
            }
            selectionNames(built, problems);
            keyTypes(built, problems);
            columnNames(built, problems);
            String subject = "Feature view '" + name + "'";
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException(subject, problems);
            }
            List<String> names = new ArrayList<>();
            List<Feature<?>> features = new ArrayList<>();
            for (GroupSelection selection : built) {
                for (GroupSelection.Column column : selection.columns()) {
                    names.add(column.name());
                    features.add(column.feature());
                }
            }
            return new FeatureView(name, built, new FeatureColumns("feature view '" + name + "'", names, features));
        }

        private static void selectionNames(List<GroupSelection> selections, List<String> problems) {
            Set<String> names = new LinkedHashSet<>();
            for (GroupSelection selection : selections) {
                if (selection.name().isBlank()) {
                    problems.add("a selection has a blank name");
                }
                if (!names.add(selection.name())) {
                    problems.add("two selections are named '" + selection.name()
                            + "': name one with named(name) where a group is taken twice");
                }
            }
        }

        private static void keyTypes(List<GroupSelection> selections, List<String> problems) {
            Map<String, GroupSelection> byKey = new HashMap<>();
            for (GroupSelection selection : selections) {
                GroupSelection earlier = byKey.putIfAbsent(selection.joinKey(), selection);
                if (earlier == null) {
                    continue;
                }
                String before = earlier.group().recordIdentifier().codec().name();
                String now = selection.group().recordIdentifier().codec().name();
                if (!before.equals(now)) {
                    problems.add("key '" + selection.joinKey() + "' is " + before + " for selection '" + earlier.name()
                            + "' and " + now + " for selection '" + selection.name() + "'");
                }
            }
        }

        /** Case counts for nothing, because engines fold the case of column names. */
        private static void columnNames(List<GroupSelection> selections, List<String> problems) {
            Map<String, String> seen = new HashMap<>();
            for (GroupSelection selection : selections) {
                for (GroupSelection.Column column : selection.columns()) {
                    String folded = column.name().toLowerCase(Locale.ROOT);
                    String earlier = seen.putIfAbsent(folded, selection.name());
                    if (earlier != null) {
                        problems.add("column '" + column.name() + "' is given by selection '" + earlier
                                + "' and by selection '" + selection.name() + "': give one of them an alias or prefix");
                    }
                    if (folded.isBlank() || folded.startsWith("__fs_")) {
                        problems.add("column '" + column.name() + "' of selection '" + selection.name()
                                + "' has a blank name, or one beginning with '__fs_', which the library uses itself");
                    }
                }
            }
        }
    }
}
