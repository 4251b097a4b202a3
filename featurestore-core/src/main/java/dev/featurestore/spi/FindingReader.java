package dev.featurestore.spi;

import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns the rows of the queries about a training set into typed ones: those of a leak check or a comparison of modes, which
 * are a label and a text for each selection, and days of labels. Safe for use by many threads.
 */
public final class FindingReader {
    private final TrainingSet set;

    private final LabelReader labels;

    /** For the rows of what was rendered for a set. */
    public FindingReader(TrainingSet set) {
        this.set = set;
        this.labels = new LabelReader(set);
    }

    /** How many columns a row has. */
    public int columns() {
        return labels.columns() + set.view().selections().size();
    }

    /** A row of {@link dev.featurestore.sql.SqlDialect#renderLeakCheck}. */
    public Leak leak(ResultRow row) {
        Map<String, Leak.Kind> groups = new LinkedHashMap<>();
        int column = labels.columns();
        for (GroupSelection selection : set.view().selections()) {
            String kind = row.text(column++);
            if (kind != null) {
                groups.put(selection.name(), Leak.Kind.valueOf(kind));
            }
        }
        return new Leak(labels.read(row), groups);
    }

    /** A row of {@link dev.featurestore.sql.SqlDialect#renderModeComparison}. */
    public ModeDifference difference(ResultRow row) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        int column = labels.columns();
        for (GroupSelection selection : set.view().selections()) {
            String positions = row.text(column++);
            if (positions != null) {
                List<String> names = new ArrayList<>();
                for (String position : positions.split(",", -1)) {
                    if (!position.isEmpty()) {
                        names.add(selection
                                .columns()
                                .get(Integer.parseInt(position))
                                .name());
                    }
                }
                columns.put(selection.name(), names);
            }
        }
        return new ModeDifference(labels.read(row), columns);
    }

    /** A row of {@link dev.featurestore.sql.SqlDialect#renderLabelDays}, which has four columns. */
    public static LabelDay labelDay(ResultRow row) {
        return new LabelDay(
                LocalDate.parse(Objects.requireNonNull(row.text(0))),
                Objects.requireNonNull(row.wholeNumber(1)),
                Objects.requireNonNull(row.text(2)),
                Objects.requireNonNull(row.wholeNumber(3)));
    }
}
