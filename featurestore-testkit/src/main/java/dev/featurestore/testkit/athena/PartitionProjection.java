package dev.featurestore.testkit.athena;

import java.util.List;
import java.util.Objects;

/**
 * Partitions that a table has by its properties, and that no catalog knows of: each value of each column makes a folder that
 * may be there.
 *
 * @param columns text, the outermost first
 * @param path of a partition's folder below the table's location, with <code>${name}</code> for the value of a column
 */
public record PartitionProjection(List<Column> columns, String path) {
    /** Copies the list. */
    public PartitionProjection {
        columns = List.copyOf(columns);
        Objects.requireNonNull(path, "path");
    }

    /**
     * A column of whole numbers.
     *
     * @param first the first of them
     * @param last the last of them
     * @param digits how many each is written with at least, with zeros in front
     */
    public record Column(String name, long first, long last, int digits) {
        /** Refuses nulls. */
        public Column {
            Objects.requireNonNull(name, "name");
        }
    }
}
