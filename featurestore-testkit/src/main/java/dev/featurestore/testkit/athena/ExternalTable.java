package dev.featurestore.testkit.athena;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table over files that are there already, as {@code CREATE EXTERNAL TABLE} declares it.
 *
 * @param name the table's name, its database before it if the statement had one
 * @param columns in the order of the statement
 * @param format of the files
 * @param location the S3 prefix below which all files are the table's
 * @param projection its partitions; null if it has none
 * @param ifNotExists whether a table of that name that is there already stays as it is
 */
public record ExternalTable(
        List<String> name,
        List<Column> columns,
        Format format,
        URI location,
        @Nullable PartitionProjection projection,
        boolean ifNotExists) {
    /** Copies the lists. */
    public ExternalTable {
        name = List.copyOf(name);
        columns = List.copyOf(columns);
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(location, "location");
    }

    /**
     * A column.
     *
     * @param type as Hive names it, in lower case, such as {@code string}, {@code bigint}, {@code decimal(10,2)}
     */
    public record Column(String name, String type) {
        /** Refuses nulls. */
        public Column {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
        }
    }

    /** What the files are. */
    public enum Format {
        /** Parquet; columns are found by their names. */
        PARQUET,
        /** CSV with a header line, read by OpenCSVSerde: all columns are text. */
        CSV
    }
}
