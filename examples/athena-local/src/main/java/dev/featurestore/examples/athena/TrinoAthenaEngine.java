package dev.featurestore.examples.athena;

import dev.featurestore.testkit.athena.AthenaEngine;
import dev.featurestore.testkit.athena.AthenaFailure;
import dev.featurestore.testkit.athena.AthenaResult;
import dev.featurestore.testkit.athena.AthenaResult.Column;
import dev.featurestore.testkit.athena.AthenaStatement;
import dev.featurestore.testkit.athena.ExternalTable;
import dev.featurestore.testkit.athena.PartitionProjection;
import io.trino.jdbc.QueryStats;
import io.trino.jdbc.TrinoStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements of an emulated Athena by Trino, which is Athena's own engine, over folders of this machine: the text of a
 * query is run as it is. UNLOAD is a table as which the rows are written and which is then forgotten. Bytes scanned are those
 * that Trino has processed. Safe for use by many threads.
 */
public final class TrinoAthenaEngine implements AthenaEngine {
    private static final String DEFAULT_CATALOG = "AwsDataCatalog";

    private final LocalTrino trino;

    private final Runnable before;

    /**
     * An engine on a running Trino, which stays the caller's.
     *
     * @param before done before each statement, such as {@code LocalOfflineStore::flush}, so that all rows are in files
     */
    public TrinoAthenaEngine(LocalTrino trino, Runnable before) {
        this.trino = Objects.requireNonNull(trino, "trino");
        this.before = Objects.requireNonNull(before, "before");
    }

    /** A statement on a connection of its own, which can be cancelled at any time, and tells what it has read. */
    private static final class Running implements Consumer<QueryStats> {
        private final TrinoStatement statement;

        private volatile long bytes;

        private volatile boolean cancelled;

        Running(TrinoStatement statement) {
            this.statement = statement;
            statement.setProgressMonitor(this);
        }

        /** A query that has no answer yet cannot be cancelled: it is when it has one. */
        @Override
        public void accept(QueryStats stats) {
            bytes = stats.getProcessedBytes();
            if (cancelled) {
                cancel();
            }
        }

        void cancel() {
            cancelled = true;
            try {
                statement.cancel();
            } catch (SQLException e) {
                // it has ended already
            }
        }
    }

    private interface Work<T> {
        T on(Running running) throws SQLException;
    }

    private <T> T run(AthenaStatement what, Work<T> work) {
        if (!what.parameters().isEmpty()) {
            throw new AthenaFailure("NOT_SUPPORTED: this engine takes no execution parameters");
        }
        before.run();
        String catalog = Objects.requireNonNullElse(what.catalog(), DEFAULT_CATALOG);
        try (Connection connection = trino.connect(catalog.toLowerCase(Locale.ROOT), database(what));
                TrinoStatement statement = connection.createStatement().unwrap(TrinoStatement.class)) {
            Running running = new Running(statement);
            what.onCancel(running::cancel);
            return work.on(running);
        } catch (SQLException e) {
            throw trino.errors().failure(e);
        }
    }

    private static String database(AthenaStatement what) {
        return Objects.requireNonNullElse(what.database(), LocalTrino.SCHEMA);
    }

    @Override
    public AthenaResult query(AthenaStatement statement) {
        return run(statement, running -> {
            try (ResultSet result = running.statement.executeQuery(statement.sql())) {
                ResultSetMetaData metadata = result.getMetaData();
                List<Column> columns = new ArrayList<>();
                for (int c = 1; c <= metadata.getColumnCount(); c++) {
                    columns.add(new Column(metadata.getColumnLabel(c), type(metadata.getColumnTypeName(c))));
                }
                List<List<@Nullable String>> rows = new ArrayList<>();
                while (result.next()) {
                    List<@Nullable String> row = new ArrayList<>(columns.size());
                    for (int c = 1; c <= columns.size(); c++) {
                        row.add(result.getString(c));
                    }
                    rows.add(row);
                }
                return new AthenaResult(columns, rows, running.bytes);
            }
        });
    }

    /** As GetQueryResults names it: {@code varchar(3)} is {@code varchar}. */
    private static String type(String trinos) {
        String bare = trinos.replaceAll("\\(.*?\\)", "");
        return bare.equals("real") ? "float" : bare;
    }

    @Override
    public Written unload(AthenaStatement statement, Path folder) {
        String table = trino.newTable();
        Written written = write(statement, List.of(LocalTrino.SCHEMA, table), folder);
        trino.execute("DROP TABLE " + LocalTrino.SCHEMA + "." + table);
        return written;
    }

    @Override
    public Written createTableAs(AthenaStatement statement, List<String> name, Path folder) {
        return write(statement, inDatabase(statement, name), folder);
    }

    private Written write(AthenaStatement statement, List<String> name, Path folder) {
        try {
            // the engine makes the folder itself, and refuses one that is there
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make way for the files of a query", e);
        }
        trino.createSchema(name.get(0));
        return run(statement, running -> {
            long rows = running.statement.executeLargeUpdate("CREATE TABLE " + LocalTrino.quoted(name)
                    + LocalTrino.files(folder, "'PARQUET'") + " AS\n" + statement.sql());
            return new Written(rows, running.bytes);
        });
    }

    @Override
    public void createTable(AthenaStatement statement, ExternalTable table, Path folder) {
        List<String> name = inDatabase(statement, table.name());
        trino.createSchema(name.get(0));
        boolean isCsv = table.format() == ExternalTable.Format.CSV;
        List<String> columns = new ArrayList<>();
        table.columns()
                .forEach(column ->
                        columns.add(LocalTrino.quoted(column.name()) + " " + (isCsv ? "VARCHAR" : type(column))));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of a table", e);
        }
        String properties = isCsv ? "'CSV', skip_header_line_count = 1" : "'PARQUET'";
        if (table.projection() != null) {
            table.projection().columns().forEach(partition -> columns.add(projected(partition)));
            properties += projection(table.projection(), folder);
        }
        String sql = "CREATE TABLE " + (table.ifNotExists() ? "IF NOT EXISTS " : "") + LocalTrino.quoted(name) + " ("
                + String.join(", ", columns) + ")" + LocalTrino.files(folder, properties);
        run(statement, running -> running.statement.execute(sql));
    }

    /** Trino's words for Athena's properties. */
    private static String projected(PartitionProjection.Column partition) {
        return LocalTrino.quoted(partition.name())
                + " VARCHAR WITH (partition_projection_type = 'integer', partition_projection_range = ARRAY['"
                + partition.first() + "', '" + partition.last() + "'], partition_projection_digits = "
                + partition.digits() + ")";
    }

    private static String projection(PartitionProjection projection, Path folder) {
        String partitions = projection.columns().stream()
                .map(partition -> LocalTrino.literal(partition.name()))
                .collect(Collectors.joining(", "));
        return ", partitioned_by = ARRAY[" + partitions + "], partition_projection_enabled = true,"
                + " partition_projection_location_template = "
                + LocalTrino.literal(LocalTrino.location(folder) + "/" + projection.path());
    }

    /** Hive's names of types; timestamps are in milliseconds, as Athena has them. */
    private static String type(ExternalTable.Column column) {
        return switch (column.type()) {
            case "string" -> "VARCHAR";
            case "int" -> "INTEGER";
            case "float" -> "REAL";
            case "timestamp" -> "TIMESTAMP(3)";
            default -> column.type();
        };
    }

    @Override
    public void dropTable(AthenaStatement statement, List<String> name, boolean ifExists) {
        run(
                statement,
                running -> running.statement.execute("DROP TABLE " + (ifExists ? "IF EXISTS " : "")
                        + LocalTrino.quoted(inDatabase(statement, name))));
    }

    private static List<String> inDatabase(AthenaStatement statement, List<String> name) {
        return name.size() > 1 ? name : List.of(database(statement), name.get(0));
    }

    @Override
    public void update(AthenaStatement statement) {
        run(statement, running -> running.statement.execute(statement.sql()));
    }

    @Override
    public String toString() {
        return "Trino in the place of Athena's engine";
    }
}
