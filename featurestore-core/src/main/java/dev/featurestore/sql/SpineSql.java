package dev.featurestore.sql;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The labels of a training set: their own columns, their time, and their key of each selection. */
final class SpineSql {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final Spine spine;

    private final Spine.Source source;

    SpineSql(SqlGrammar grammar, TrainingSet set) {
        this(grammar, set, set.spine().source());
    }

    /** @param source what has the columns of the set's spine */
    SpineSql(SqlGrammar grammar, TrainingSet set, Spine.Source source) {
        this.grammar = grammar;
        this.set = set;
        this.spine = set.spine();
        this.source = source;
    }

    /** The column of the label's time. */
    String time() {
        return grammar.identifier("__fs_time");
    }

    /** The column of the spine that has the label's time, if that is a timestamp of the engine. */
    Optional<String> timestamp() {
        return spine.labelTime() == LabelTime.TIMESTAMP
                ? Optional.of(grammar.identifier(spine.timeColumn()))
                : Optional.empty();
    }

    /** The column of the label's key of selection s. */
    String key(int s) {
        return grammar.identifier("__fs_key" + s);
    }

    /**
     * The labels in the range.
     *
     * @param more columns, each with a comma before it
     */
    String select(String more) {
        return "SELECT * FROM (\n    SELECT " + grammar.identifiers(set.spineColumns()) + more + ", " + labelTime()
                + " AS " + time() + keys() + "\n    FROM " + source() + "\n  ) AS l" + range();
    }

    /** A label without a time belongs nowhere, and is not passed over in silence. */
    private String labelTime() {
        String column = grammar.identifier(spine.timeColumn());
        String time =
                switch (spine.labelTime()) {
                    case TIMESTAMP -> grammar.timestampTime(column);
                    case ISO_8601 -> grammar.isoTime(column, "The spine's label time");
                    case EPOCH_SECONDS -> grammar.secondsTime("CAST(" + column + " AS DOUBLE)");
                    case EPOCH_MILLIS ->
                        "CASE WHEN CAST(" + column + " AS DOUBLE) <> floor(CAST(" + column + " AS DOUBLE)) THEN "
                                + failure("The spine's label time is not a whole number of milliseconds") + " ELSE "
                                + grammar.millisTime(column) + " END";
                };
        return "CASE WHEN " + column + " IS NULL THEN " + failure("The spine's label time is null") + " ELSE " + time
                + " END";
    }

    private String failure(String message) {
        return grammar.fail(message, FeatureType.STRING);
    }

    /** The identifiers of the selections, each in the type of its group. */
    private String keys() {
        StringBuilder keys = new StringBuilder();
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            keys.append(",\n      ")
                    .append(key(selections.get(s)))
                    .append(" AS ")
                    .append(key(s));
        }
        return keys.toString();
    }

    /** A cast alone would round 1.5 to the household 2, and write the household 2 of a double column as 2.0. */
    private String key(GroupSelection selection) {
        String column = grammar.identifier(selection.joinKey());
        String complaint = "The spine's key \"" + selection.joinKey() + "\" is not a whole number";
        FeatureType type = selection.group().recordIdentifier().type();
        return switch (type) {
            case INTEGRAL -> grammar.wholeNumber(column, grammar.fail(complaint, type));
            case FRACTIONAL -> "CAST(" + column + " AS " + grammar.type(type) + ")";
            case STRING -> grammar.text(column, grammar.fail(complaint + " or text", type));
        };
    }

    private String range() {
        List<String> bounds = new ArrayList<>();
        set.from().ifPresent(from -> bounds.add("l." + time() + " >= " + grammar.time(from)));
        set.until().ifPresent(until -> bounds.add("l." + time() + " < " + grammar.time(until)));
        return bounds.isEmpty() ? "" : "\n  WHERE " + String.join(" AND ", bounds);
    }

    private String source() {
        if (source instanceof Spine.Table table) {
            return grammar.table(table.nameParts());
        }
        if (source instanceof Spine.Query query) {
            return "(\n" + query.sql() + "\n) AS q";
        }
        if (source instanceof Spine.Files files) {
            return grammar.files(files);
        }
        return rows(((Spine.Rows) source).rows());
    }

    private String rows(List<SpineRow> rows) {
        String columns = grammar.identifiers(set.spineColumns());
        if (rows.isEmpty()) {
            String nulls = set.spineColumns().stream().map(column -> "NULL").collect(Collectors.joining(", "));
            return "(SELECT " + nulls + " WHERE false) AS r(" + columns + ")";
        }
        return rows.stream()
                .map(this::row)
                .collect(Collectors.joining(",\n      ", "(VALUES ", ") AS r(" + columns + ")"));
    }

    private String row(SpineRow row) {
        List<String> values = new ArrayList<>();
        for (String column : set.spineColumns()) {
            values.add(
                    column.equals(spine.timeColumn())
                            ? grammar.literal(Feature.instant(column).codec().encode(row.time()))
                            : value(row.get(column)));
        }
        return "(" + String.join(", ", values) + ")";
    }

    private String value(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof String text) {
            return grammar.literal(text);
        }
        if (value instanceof Long || value instanceof Integer) {
            return grammar.typed(FeatureType.INTEGRAL, value.toString());
        }
        if (value instanceof Double) {
            return grammar.typed(FeatureType.FRACTIONAL, value.toString());
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        throw new IllegalStateException(
                "A spine row holds no " + value.getClass().getSimpleName());
    }
}
