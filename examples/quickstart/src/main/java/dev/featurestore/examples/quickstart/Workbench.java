package dev.featurestore.examples.quickstart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** A DuckDB of our own beside the store's: it reads the input, holds the served log and compares. Goes to disk when full. */
final class Workbench implements AutoCloseable {
    private final Connection connection;

    /** @param scratch an empty folder, which is the caller's to remove */
    Workbench(Path scratch) {
        Properties settings = new Properties();
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        try {
            this.connection = DriverManager.getConnection("jdbc:duckdb:" + scratch.resolve("work.duckdb"), settings);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot open DuckDB in " + scratch, e);
        }
        execute("SET GLOBAL memory_limit = '512MB'");
        execute("SET GLOBAL temp_directory = " + text(scratch.resolve("spill")));
        execute("SET GLOBAL TimeZone = 'UTC'");
    }

    /** A path as a literal of SQL. */
    static String text(Path path) {
        return text(path.toString());
    }

    /** The rows of a Parquet file, or of all that engines wrote into a folder. */
    static String parquet(Path file) {
        return "read_parquet(" + text(Files.isDirectory(file) ? file.resolve("[!_.]*") : file) + ")";
    }

    /** A literal of SQL. */
    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A name in SQL. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    Connection connection() {
        return connection;
    }

    DuckDBAppender appender(String table) {
        try {
            return connection.unwrap(DuckDBConnection.class).createAppender(table);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot append to table " + table, e);
        }
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot run: " + sql, e);
        }
    }

    /** The numbers of a query's first row. */
    long[] numbers(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            long[] numbers = new long[result.getMetaData().getColumnCount()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = result.getLong(i + 1);
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot run: " + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot close DuckDB", e);
        }
    }
}
