package dev.featurestore.testkit.athena;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query.
 *
 * @param columns in the order of the query
 * @param rows each with a text or null for each column
 * @param bytesScanned how many bytes the query read; 0 if the engine does not know
 */
public record AthenaResult(List<Column> columns, List<List<@Nullable String>> rows, long bytesScanned) {
    /** A statement without rows. */
    static final AthenaResult NONE = new AthenaResult(List.of(), List.of(), 0);

    /**
     * A column of a result.
     *
     * @param type as Athena names it, such as {@code varchar}, {@code bigint}, {@code timestamp}
     */
    public record Column(String name, String type) {}

    /** The number of rows and columns; no values. */
    @Override
    public String toString() {
        return rows.size() + " rows of " + columns;
    }
}
