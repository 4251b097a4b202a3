package dev.featurestore.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/** The connection that the tables of a local offline store share: whoever uses it holds the engine's monitor. */
final class DuckDbEngine {
    private final Connection connection;

    private volatile boolean closed;

    private DuckDbEngine(Connection connection) {
        this.connection = connection;
    }

    /**
     * Starts an engine.
     *
     * @param scratch a folder of its own, for what does not fit into memory
     */
    static DuckDbEngine start(Path scratch, int memoryLimitMb) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        Connection connection =
                DriverManager.getConnection("jdbc:duckdb:" + scratch.resolve("staging.duckdb"), settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET GLOBAL memory_limit = '" + memoryLimitMb + "MB'");
            statement.execute("SET GLOBAL temp_directory = " + text(scratch.resolve("spill")));
            statement.execute("SET GLOBAL preserve_insertion_order = false");
            statement.execute("SET GLOBAL TimeZone = 'UTC'");
            return new DuckDbEngine(connection);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The local offline store is closed");
        }
    }

    /** A connection of the caller's own. */
    synchronized Connection duplicate() throws SQLException {
        requireOpen();
        return connection.unwrap(DuckDBConnection.class).duplicate();
    }

    /** Refuses everything from now on but the tables' last flushes; false if it did already. */
    synchronized boolean refuseAll() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    static void closeQuietly(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // the failure that led here is what counts
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String text(Path path) {
        return text(path.toString());
    }

    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The path as a pattern that matches nothing else. */
    static String literally(Path path) {
        return path.toString().replaceAll("[\\[*?]", "[$0]");
    }
}
