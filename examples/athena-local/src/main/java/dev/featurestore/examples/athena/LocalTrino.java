package dev.featurestore.examples.athena;

import com.google.inject.Key;
import dev.featurestore.errors.QueryFailedException;
import io.airlift.log.Level;
import io.airlift.log.Logging;
import io.trino.metadata.HandleResolver;
import io.trino.server.testing.TestingTrinoServer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One node of Trino with one catalog of Parquet folders, read as Athena reads them: nested folders, hidden files passed over,
 * timestamps in milliseconds, sessions in UTC. It takes seconds to start: start it once for all that runs. Safe for use by
 * many threads.
 */
public final class LocalTrino implements AutoCloseable {
    /** As Athena's is called. */
    static final String CATALOG = "awsdatacatalog";

    static final String SCHEMA = "default";

    /** There are no folders that could be absent, and the catalog has no statistics of the service's tables. */
    private static final String AS_ON_S3 = CATALOG + ".ignore_absent_partitions:true;" + CATALOG
            + ".statistics_enabled:false;" + CATALOG + ".collect_column_statistics_on_write:false";

    private static final List<String> NOISY =
            List.of("io.trino", "io.airlift", "org.glassfish", "org.hibernate", "org.eclipse", "stdout", "Bootstrap");

    private final TestingTrinoServer server;

    private final TrinoErrors errors;

    private final AtomicInteger named = new AtomicInteger();

    private LocalTrino(TestingTrinoServer server, TrinoErrors errors) {
        this.server = server;
        this.errors = errors;
    }

    /**
     * Starts it.
     *
     * @param hivePlugin the unpacked folder of {@code io.trino:trino-hive}
     * @param metadata an empty folder, for its catalog of tables
     */
    public static LocalTrino start(Path hivePlugin, Path metadata) {
        TestingTrinoServer server = quietly();
        ParquetFolders parquet = new ParquetFolders(hivePlugin);
        server.installPlugin(parquet);
        server.getInstance(Key.get(HandleResolver.class)).registerClassLoader(parquet.loader());
        server.createCatalog(
                CATALOG,
                ParquetFolders.CONNECTOR,
                Map.of(
                        "hive.metastore", "file",
                        "hive.metastore.catalog.dir", location(metadata),
                        "hive.non-managed-table-writes-enabled", "true",
                        "hive.parquet.time-zone", "UTC",
                        "hive.partition-projection-enabled", "true",
                        "hive.recursive-directories", "true",
                        "hive.security", "allow-all"));
        server.refreshNodes();
        LocalTrino trino = new LocalTrino(server, new TrinoErrors(parquet.errors()));
        trino.createSchema(SCHEMA);
        return trino;
    }

    /**
     * Starting it takes over the streams of the program, which gets them back. What it logs of a query that fails may quote
     * values.
     */
    private static TestingTrinoServer quietly() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        Logging logging = Logging.initialize();
        NOISY.forEach(name -> logging.setLevel(name, Level.OFF));
        TestingTrinoServer server = TestingTrinoServer.builder()
                .setProperties(Map.of("query.max-length", "10000000"))
                .build();
        System.setOut(out);
        System.setErr(err);
        return server;
    }

    /** A folder of this machine as the tables of the catalog name it. */
    static String location(Path folder) {
        return "local://" + folder.toAbsolutePath();
    }

    /**
     * The end of a statement that makes a table of a folder's files.
     *
     * @param format in quotes, with more properties behind it if there are any
     */
    static String files(Path folder, String format) {
        return " WITH (external_location = " + literal(location(folder)) + ", format = " + format + ")";
    }

    /** A text in SQL. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name in SQL. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name of several parts in SQL. */
    static String quoted(List<String> parts) {
        return parts.stream().map(LocalTrino::quoted).collect(Collectors.joining("."));
    }

    /** Makes a schema unless it is there. */
    void createSchema(String name) {
        execute("CREATE SCHEMA IF NOT EXISTS " + quoted(name));
    }

    /** How its errors are told. */
    TrinoErrors errors() {
        return errors;
    }

    /** The name of a table that is not there yet. */
    String newTable() {
        return "table_" + named.incrementAndGet();
    }

    /** A connection over HTTP, in UTC, to the default schema. */
    Connection connect() throws SQLException {
        return connect(CATALOG, SCHEMA);
    }

    /** A connection over HTTP, in UTC, to a schema. */
    Connection connect(String catalog, String schema) throws SQLException {
        Properties session = new Properties();
        session.setProperty("user", "featurestore");
        session.setProperty("timezone", "UTC");
        session.setProperty("sessionProperties", AS_ON_S3);
        return new io.trino.jdbc.TrinoDriver()
                .connect("jdbc:trino://" + server.getAddress() + "/" + catalog + "/" + schema, session);
    }

    /** Runs a statement that makes or drops something, and holds no values. */
    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new QueryFailedException("Trino could not run a statement: " + e.getMessage(), null, null, e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Trino did not stop", e);
        }
    }
}
