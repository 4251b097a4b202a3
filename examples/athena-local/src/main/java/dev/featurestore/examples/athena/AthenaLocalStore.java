package dev.featurestore.examples.athena;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.FindingReader;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An offline store that runs training sets as Athena would, over folders of Parquet files in the service's layout. The tables
 * are made when first asked for and dropped when the store is closed; the files are never touched. Safe for use by many
 * threads.
 */
public final class AthenaLocalStore implements OfflineStore, AutoCloseable {
    private final LocalTrino trino;

    private final Function<FeatureGroup<?>, Path> folders;

    /** By group. */
    private final Map<String, String> tables = new ConcurrentHashMap<>();

    /**
     * A store on a running engine, which it does not stop.
     *
     * @param folders where a group's files are; asked each time a training set is run, so that it can write them first
     */
    public AthenaLocalStore(LocalTrino trino, Function<FeatureGroup<?>, Path> folders) {
        this.trino = trino;
        this.folders = folders;
    }

    /** The query, as Athena gets it. */
    public String sql(TrainingSet set) {
        return SqlDialect.athena().render(set, this::nameOf);
    }

    private List<String> nameOf(FeatureGroup<?> group) {
        return List.of(table(group));
    }

    private String table(FeatureGroup<?> group) {
        Path folder = folders.apply(group);
        return tables.computeIfAbsent(group.name(), name -> create(group, folder));
    }

    /** As the service makes it in the data catalog: lower-cased names, no partitions. */
    private String create(FeatureGroup<?> group, Path folder) {
        String table = trino.newTable();
        List<String> columns = new ArrayList<>();
        for (Feature<?> feature : group.features()) {
            String type =
                    switch (feature.type()) {
                        case STRING -> "VARCHAR";
                        case INTEGRAL -> "BIGINT";
                        case FRACTIONAL -> "DOUBLE";
                    };
            columns.add(quoted(feature.name().toLowerCase(Locale.ROOT)) + " " + type);
        }
        columns.add("write_time TIMESTAMP(3)");
        columns.add("api_invocation_time TIMESTAMP(3)");
        columns.add("is_deleted BOOLEAN");
        trino.execute("CREATE TABLE " + table + " (" + String.join(", ", columns) + ") WITH (external_location = '"
                + LocalTrino.location(folder).replace("'", "''") + "', format = 'PARQUET')");
        return table;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public TrainingRows run(TrainingSet set) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        String sql = sql(audited);
        Connection connection = null;
        try {
            connection = trino.connect();
            return TrinoTrainingRows.start(connection, audited, sql);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw TrinoErrors.failed("run " + set, e);
        }
    }

    @Override
    public List<LabelDay> labelDays(TrainingSet set, Instant since) {
        List<LabelDay> days = new ArrayList<>();
        query(
                "count the labels of " + set,
                SqlDialect.athena().renderLabelDays(set, this::nameOf, since),
                row -> days.add(FindingReader.labelDay(row)));
        return days;
    }

    @Override
    public void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
        Spine.Source source = produced != null ? produced : new Spine.Query(sql(set.withAudit(AuditColumn.EVENT_TIME)));
        FindingReader reader = new FindingReader(set);
        query(
                "check " + set + " for leaks",
                SqlDialect.athena().renderLeakCheck(set, this::nameOf, source),
                row -> leaks.accept(reader.leak(row)));
    }

    @Override
    public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        FindingReader reader = new FindingReader(set);
        query(
                "compare the modes of " + set,
                SqlDialect.athena().renderModeComparison(set, this::nameOf),
                row -> differences.accept(reader.difference(row)));
    }

    private void query(String what, String sql, Consumer<ResultRow> rows) {
        try (Connection connection = trino.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultRow row = new TrinoRow(result, what);
            while (result.next()) {
                rows.accept(row);
            }
        } catch (SQLException e) {
            throw TrinoErrors.failed(what, e);
        }
    }

    private static void closeQuietly(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // the failure that led here is what counts
        }
    }

    /**
     * Runs a training set and writes its rows as Parquet files to a folder that is empty or not there.
     *
     * @param target a {@code file:} URI
     */
    @Override
    public long unload(TrainingSet set, URI target) {
        if (!"file".equals(target.getScheme())) {
            throw new UnsupportedCapabilityException(
                    "Athena on this machine unloads to folders: expected a file: URI, got scheme "
                            + target.getScheme());
        }
        Path folder = Path.of(target);
        String table = trino.newTable();
        String sql = sql(set);
        try {
            makeWayFor(folder);
            try (Connection connection = trino.connect();
                    Statement statement = connection.createStatement()) {
                long rows = statement.executeLargeUpdate("CREATE TABLE " + table + " WITH (external_location = '"
                        + LocalTrino.location(folder).replace("'", "''") + "', format = 'PARQUET') AS\n" + sql);
                statement.execute("DROP TABLE " + table);
                return rows;
            } catch (SQLException e) {
                remove(folder);
                throw TrinoErrors.failed("unload " + set, e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unload " + set, e);
        }
    }

    /** The engine makes the folder itself, and refuses one that is there. */
    private static void makeWayFor(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            throw new UnsupportedCapabilityException(
                    "Cannot unload to a folder that holds files already: name an empty one");
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Drops the tables. The files and the engine stay. */
    @Override
    public void close() {
        tables.values().removeIf(table -> {
            trino.execute("DROP TABLE " + table);
            return true;
        });
    }

    @Override
    public String toString() {
        return "Athena's engine over " + tables.size() + " groups";
    }
}
