package dev.featurestore.spi;

import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the columns of the spine, with which each row begins. */
final class LabelReader {
    private final TrainingSet set;

    private final List<String> columns;

    LabelReader(TrainingSet set) {
        this.set = set;
        this.columns = set.spineColumns();
    }

    /** How many columns a label has. */
    int columns() {
        return columns.size();
    }

    SpineRow read(ResultRow row) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        Instant time = Instant.EPOCH;
        for (int column = 0; column < columns.size(); column++) {
            String name = columns.get(column);
            if (name.equals(set.spine().timeColumn())) {
                time = row.labelTime(column, set.spine().labelTime());
            } else {
                kept.put(name, row.value(column));
            }
        }
        return SpineRow.of(time, kept);
    }
}
