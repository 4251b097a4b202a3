package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.AthenaResult.Column;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements by an embedded DuckDB, which is honest about everything but the language: the text has to be DuckDB's, as
 * {@code SqlDialect.duckDb()} renders it, and is no test of Athena's. Result types have Athena's names. How much is scanned is
 * not measured: it is 0.
 */
public final class DuckDbAthenaEngine implements AthenaEngine, AutoCloseable {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private static final DateTimeFormatter FINE_TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS", Locale.ROOT);

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Connection connection;

    private final Runnable before;

    private DuckDbAthenaEngine(Connection connection, Runnable before) {
        this.connection = connection;
        this.before = before;
    }

    /** An engine of its own, over whatever files the statements name. */
    public static DuckDbAthenaEngine create() {
        return create(() -> {});
    }

    /**
     * An engine that has something done before each statement.
     *
     * @param before such as {@code LocalOfflineStore::flush}, so that all rows are in files
     */
    public static DuckDbAthenaEngine create(Runnable before) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET GLOBAL TimeZone = 'UTC'");
            }
            return new DuckDbAthenaEngine(connection, before);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be opened", e);
        }
    }

    /** A piece of work on a connection of its own. */
    private interface DuckDbWork<T> {
        T on(Statement statement) throws SQLException;
    }

    private <T> T run(AthenaStatement what, DuckDbWork<T> work) {
        if (!what.parameters().isEmpty()) {
            throw new AthenaFailure("NOT_SUPPORTED: this engine takes no execution parameters");
        }
        before.run();
        try (Connection own = duplicate();
                Statement statement = own.createStatement()) {
            what.onCancel(() -> cancel(statement));
            return work.on(statement);
        } catch (SQLException e) {
            throw new AthenaFailure(reason(e));
        }
    }

    private synchronized Connection duplicate() throws SQLException {
        return connection.unwrap(DuckDBConnection.class).duplicate();
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // it has ended already
        }
    }

    /** {@code Binder Error: …} becomes {@code BINDER_ERROR: …}, in the form that Athena's reasons have. */
    private static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.indexOf(':');
        return colon < 0 || colon > 40
                ? "GENERIC_INTERNAL_ERROR: " + message
                : message.substring(0, colon).toUpperCase(Locale.ROOT).replace(' ', '_') + message.substring(colon);
    }

    @Override
    public AthenaResult query(AthenaStatement statement) {
        return run(statement, jdbc -> {
            try (ResultSet result = jdbc.executeQuery(statement.sql())) {
                ResultSetMetaData metadata = result.getMetaData();
                List<Column> columns = new ArrayList<>();
                for (int c = 1; c <= metadata.getColumnCount(); c++) {
                    columns.add(new Column(metadata.getColumnLabel(c), type(metadata, c)));
                }
                List<List<@Nullable String>> rows = new ArrayList<>();
                while (result.next()) {
                    List<@Nullable String> row = new ArrayList<>(columns.size());
                    for (int c = 1; c <= columns.size(); c++) {
                        row.add(text(result.getObject(c)));
                    }
                    rows.add(row);
                }
                return new AthenaResult(columns, rows, 0);
            }
        });
    }

    @Override
    public Written unload(AthenaStatement statement, Path folder) {
        return run(statement, jdbc -> {
            long rows = jdbc.executeLargeUpdate("COPY (\n" + statement.sql() + "\n) TO "
                    + text(folder.resolve("part-0.parquet")) + " (FORMAT parquet)");
            return new Written(rows, 0);
        });
    }

    @Override
    public void update(AthenaStatement statement) {
        run(statement, jdbc -> jdbc.execute(statement.sql()));
    }

    @Override
    public Written createTableAs(AthenaStatement statement, List<String> name, Path folder) {
        Written written = unload(statement, folder);
        run(statement, jdbc -> {
            createSchema(jdbc, name);
            return jdbc.execute("CREATE VIEW " + table(name) + " AS SELECT * FROM read_parquet("
                    + text(folder.resolve("*.parquet")) + ")");
        });
        return written;
    }

    /** As a view, in which the columns have the types of the statement; over CSV they are text. */
    @Override
    public void createTable(AthenaStatement statement, ExternalTable table, Path folder) {
        if (table.projection() != null) {
            throw new AthenaFailure("NOT_SUPPORTED: this engine has no partition projection");
        }
        String columns = table.columns().stream()
                .map(column -> "CAST(" + quoted(column.name()) + " AS " + type(table.format(), column) + ") AS "
                        + quoted(column.name()))
                .collect(Collectors.joining(", "));
        List<Path> files = S3Folders.files(folder);
        run(statement, jdbc -> {
            createSchema(jdbc, table.name());
            return jdbc.execute("CREATE VIEW " + (table.ifNotExists() ? "IF NOT EXISTS " : "") + table(table.name())
                    + " AS SELECT " + columns + " FROM " + (files.isEmpty() ? none(table) : files(table, files)));
        });
    }

    private static void createSchema(Statement jdbc, List<String> name) throws SQLException {
        if (name.size() > 1) {
            jdbc.execute("CREATE SCHEMA IF NOT EXISTS " + quoted(name.get(0)));
        }
    }

    private static String type(ExternalTable.Format format, ExternalTable.Column column) {
        return format == ExternalTable.Format.CSV || column.type().equals("string") ? "VARCHAR" : column.type();
    }

    private static String none(ExternalTable table) {
        return table.columns().stream()
                .map(column -> "NULL AS " + quoted(column.name()))
                .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
    }

    private static String files(ExternalTable table, List<Path> files) {
        String list = files.stream().map(DuckDbAthenaEngine::text).collect(Collectors.joining(", ", "[", "]"));
        return table.format() == ExternalTable.Format.CSV
                ? "read_csv(" + list + ", header = true, all_varchar = true)"
                : "read_parquet(" + list + ")";
    }

    @Override
    public void dropTable(AthenaStatement statement, List<String> name, boolean ifExists) {
        run(statement, jdbc -> {
            if (ifExists) {
                createSchema(jdbc, name);
            }
            return jdbc.execute("DROP VIEW " + (ifExists ? "IF EXISTS " : "") + table(name));
        });
    }

    private static String table(List<String> name) {
        return name.stream().map(DuckDbAthenaEngine::quoted).collect(Collectors.joining("."));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String text(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private static String type(ResultSetMetaData metadata, int column) throws SQLException {
        return switch (metadata.getColumnType(column)) {
            case Types.BOOLEAN -> "boolean";
            case Types.TINYINT -> "tinyint";
            case Types.SMALLINT -> "smallint";
            case Types.INTEGER -> "integer";
            case Types.BIGINT -> "bigint";
            case Types.FLOAT, Types.REAL -> "float";
            case Types.DOUBLE -> "double";
            case Types.DECIMAL, Types.NUMERIC -> "decimal";
            case Types.DATE -> "date";
            case Types.TIMESTAMP -> "timestamp";
            case Types.TIMESTAMP_WITH_TIMEZONE -> "timestamp with time zone";
            default -> metadata.getColumnTypeName(column).equals("HUGEINT") ? "decimal" : "varchar";
        };
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof Timestamp timestamp) {
            return time(timestamp.toLocalDateTime());
        }
        if (value instanceof LocalDateTime time) {
            return time(time);
        }
        if (value instanceof OffsetDateTime time) {
            return time(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + " UTC";
        }
        return value == null ? null : value.toString();
    }

    /** To the millisecond, as Athena has it, or to the nanosecond if there is more. */
    private static String time(LocalDateTime time) {
        return time.get(ChronoField.NANO_OF_SECOND) % NANOS_PER_MILLI == 0
                ? TIMESTAMP.format(time)
                : FINE_TIMESTAMP.format(time);
    }

    /** Closes DuckDB. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be closed", e);
        }
    }

    @Override
    public String toString() {
        return "DuckDB in the place of Athena's engine";
    }
}
