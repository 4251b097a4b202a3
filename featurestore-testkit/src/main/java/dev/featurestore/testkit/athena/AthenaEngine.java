package dev.featurestore.testkit.athena;

import java.nio.file.Path;
import java.util.List;

/**
 * What runs the statements of an {@link EmulatedAthena}. UNLOAD and CREATE TABLE AS SELECT, which no other engine has in
 * Athena's form, are taken apart before: an engine gets their query. Safe for use by many threads.
 *
 * <p>A statement that cannot be run throws an {@link AthenaFailure}, and so does one that was cancelled.
 */
public interface AthenaEngine {
    /** Runs a query and gives its rows, each value as the text that Athena has for it. */
    AthenaResult query(AthenaStatement statement);

    /**
     * Runs a query and writes its rows as Parquet files.
     *
     * @param folder is there and empty
     */
    Written unload(AthenaStatement statement, Path folder);

    /** Runs a statement that has no rows, such as {@code CREATE EXTERNAL TABLE} or {@code DROP TABLE}. */
    void update(AthenaStatement statement);

    /**
     * Makes a table of Parquet files.
     *
     * @param name the table's name, its database before it if the statement had one
     * @param folder where the files are
     */
    void createTable(AthenaStatement statement, List<String> name, Path folder);

    /**
     * What a query wrote.
     *
     * @param rows how many rows
     * @param bytesScanned how many bytes it read; 0 if the engine does not know
     */
    record Written(long rows, long bytesScanned) {}
}
