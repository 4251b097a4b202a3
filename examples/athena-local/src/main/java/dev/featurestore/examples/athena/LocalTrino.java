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

/**
 * One node of Trino with one catalog of Parquet folders, read as Athena reads them: nested folders, hidden files passed over,
 * timestamps in milliseconds, sessions in UTC. It takes seconds to start: start it once for all that runs. Safe for use by
 * many threads.
 */
public final class LocalTrino implements AutoCloseable {
    static final String CATALOG = "hive";

    static final String SCHEMA = "offline";

    private static final List<String> NOISY = List.of("io.trino", "io.airlift", "org.glassfish", "Bootstrap");

    private final TestingTrinoServer server;

    private final AtomicInteger named = new AtomicInteger();

    private LocalTrino(TestingTrinoServer server) {
        this.server = server;
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
                CATALOG,
                Map.of(
                        "hive.metastore", "file",
                        "hive.metastore.catalog.dir", location(metadata),
                        "hive.non-managed-table-writes-enabled", "true",
                        "hive.parquet.time-zone", "UTC",
                        "hive.partition-projection-enabled", "true",
                        "hive.recursive-directories", "true",
                        "hive.security", "allow-all"));
        server.refreshNodes();
        LocalTrino trino = new LocalTrino(server);
        trino.execute("CREATE SCHEMA " + CATALOG + "." + SCHEMA);
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

    /** The name of a table that is not there yet. */
    String newTable() {
        return "table_" + named.incrementAndGet();
    }

    /** A connection over HTTP, in UTC, to the schema of the tables. */
    Connection connect() throws SQLException {
        Properties session = new Properties();
        session.setProperty("user", "featurestore");
        session.setProperty("timezone", "UTC");
        return new io.trino.jdbc.TrinoDriver()
                .connect("jdbc:trino://" + server.getAddress() + "/" + CATALOG + "/" + SCHEMA, session);
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
