package dev.featurestore.testkit.athena;

import java.nio.file.Path;
import java.util.List;

/**
 * What runs the statements of an {@link EmulatedAthena}. What no other engine has in Athena's form is taken apart before: of
 * UNLOAD and CREATE TABLE AS SELECT an engine gets the query, of Hive's DDL what it says. Safe for use by many threads.
 *
 * <p>A statement that cannot be run throws an {@link AthenaFailure}, and so does one that was cancelled. A table's
 * database is there when the table is made.
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

    /**
     * Runs a query and makes a table of its rows, as Parquet files.
     *
     * @param name the table's name, its database before it if the statement had one
     * @param folder is there and empty
     */
    Written createTableAs(AthenaStatement statement, List<String> name, Path folder);

    /**
     * Makes a table over files.
     *
     * @param folder where they are; need not be there
     */
    void createTable(AthenaStatement statement, ExternalTable table, Path folder);

    /**
     * Forgets a table; its files stay.
     *
     * @param name as in the other methods
     * @param ifExists whether a table that is not there is no failure
     */
    void dropTable(AthenaStatement statement, List<String> name, boolean ifExists);

    /** Runs any other statement that has no rows. */
    void update(AthenaStatement statement);

    /**
     * What a query wrote.
     *
     * @param rows how many rows
     * @param bytesScanned how many bytes it read; 0 if the engine does not know
     */
    record Written(long rows, long bytesScanned) {}
}
