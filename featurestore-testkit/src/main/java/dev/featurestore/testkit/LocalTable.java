package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One group's files in the layout of the service: {@code
 * <account>/sagemaker/<region>/offline-store/<group>-<creation>/data/year=/month=/day=/hour=}, by the UTC hour of the event
 * time. Rows wait in a buffer, then in a staging table, then become files.
 *
 * <p>The buffer is guarded by the table's monitor, all else by that of the {@link DuckDbEngine}, which is taken first.
 */
final class LocalTable {
    /** Empty, with all columns: an engine needs a file to read even when there are no rows. Hive and Athena pass over it. */
    private static final String SCHEMA_FILE = "_schema.parquet";

    private static final String ALPHANUMERICS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /** Sets the columns of the partitions apart from features of these names; taken off the folders again. */
    private static final String PARTITION_PREFIX = "__fs_";

    private static final List<String> PARTITIONS = Stream.of("year", "month", "day", "hour")
            .map(name -> PARTITION_PREFIX + name)
            .toList();

    private static final int BUFFERED_ROWS = 10_000;

    private final DuckDbEngine engine;

    private final FeatureGroup<?> group;

    private final Path data;

    private final Place place;

    private final LocalStagingTable staging;

    /** The definition whose features the staging table is known to have. */
    private volatile FeatureGroup<?> known;

    private final Random names = new Random();

    private final List<OfflineRow> buffer = new ArrayList<>();

    /** Folders of files whose rows are staged no more, not all moved to where they belong. */
    private final List<Path> copies = new ArrayList<>();

    private LocalTable(DuckDbEngine engine, FeatureGroup<?> group, Path data, Place place) {
        this.engine = engine;
        this.group = group;
        this.data = data;
        this.place = place;
        this.staging = new LocalStagingTable(engine, place.stagingTable(), group);
        this.known = group;
    }

    /**
     * Where a table works.
     *
     * @param root the folder of the store
     * @param scratch for files on their way
     * @param stagingTable a name of no other table
     */
    record Place(Path root, Path scratch, String stagingTable) {}

    static LocalTable open(DuckDbEngine engine, Place place, FeatureGroup<?> group, HistoryFolder folder, Instant now) {
        synchronized (engine) {
            engine.requireOpen();
            LocalTable table = new LocalTable(engine, group, folder.find(place.root(), group.name(), now), place);
            table.create();
            return table;
        }
    }

    private void create() {
        try {
            Files.createDirectories(data);
            staging.create();
            writeSchema();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of feature group '" + group.name() + "'", e);
        } catch (SQLException e) {
            throw DuckDbErrors.failed(
                    "open feature group '" + group.name() + "'", "Check the names and types of its features", e);
        }
    }

    /** At once, since a query may be reading the one before. */
    private void writeSchema() throws SQLException, IOException {
        Path next = place.scratch().resolve("schema-" + System.nanoTime() + ".parquet");
        try (Statement statement = engine.connection().createStatement()) {
            statement.execute("COPY (SELECT * FROM " + staging.sqlName() + " LIMIT 0) TO " + DuckDbEngine.text(next)
                    + " (FORMAT parquet)");
        }
        Files.move(next, data.resolve(SCHEMA_FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes the features that a later definition has added; files that are there already read null for them. */
    void widen(FeatureGroup<?> definition) {
        if (isSame(known, definition)) {
            return;
        }
        synchronized (engine) {
            engine.requireOpen();
            try {
                if (staging.widen(definition)) {
                    writeSchema();
                }
                known = definition;
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot write the added features of feature group '" + group.name() + "'", e);
            } catch (SQLException e) {
                throw DuckDbErrors.failed(
                        "add features to feature group '" + group.name() + "'",
                        "Check the names and types of its features",
                        e);
            }
        }
    }

    /** Comparing what is in them would be slow, and it is asked for every row. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(FeatureGroup<?> one, FeatureGroup<?> other) {
        return one == other;
    }

    Path data() {
        return data;
    }

    String glob() {
        return DuckDbEngine.literally(data) + "/**/*.parquet";
    }

    void append(OfflineRow row) {
        boolean full;
        synchronized (this) {
            // in here: a row is either refused or there when closing asks for the buffer
            engine.requireOpen();
            buffer.add(row);
            full = buffer.size() >= BUFFERED_ROWS;
        }
        if (full) {
            synchronized (engine) {
                stage();
            }
        }
    }

    /** Turns rows that can be queried at a time into files. */
    void flush(Instant now) {
        synchronized (engine) {
            engine.requireOpen();
            write(now);
        }
    }

    /** Turns the rows into files that no file has yet: of equal rows as many as the files have too few. */
    void flushMissing() {
        synchronized (engine) {
            engine.requireOpen();
            stage();
            try {
                staging.subtract("read_parquet(" + DuckDbEngine.text(glob())
                        + ", union_by_name = true, hive_partitioning = false)");
            } catch (SQLException e) {
                throw DuckDbErrors.failed(
                        "compare rows of feature group '" + group.name() + "' with its files", "Check the files", e);
            }
            write(Instant.MAX);
        }
    }

    /** Turns all rows into files, of a closed store too. */
    void flushLast() {
        synchronized (engine) {
            write(Instant.MAX);
        }
    }

    /** Rows leave the staging table before their files are moved: what fails to be moved is moved the next time. */
    private void write(Instant now) {
        stage();
        String ready = now.equals(Instant.MAX)
                ? "true"
                : "epoch_us(write_time) <= " + ChronoUnit.MICROS.between(Instant.EPOCH, now);
        try (Statement statement = engine.connection().createStatement()) {
            if (count(statement, ready) > 0) {
                Path copy = place.scratch().resolve("flush-" + System.nanoTime());
                statement.execute("COPY (SELECT *, " + partitions() + " FROM " + staging.sqlName() + " WHERE " + ready
                        + ") TO " + DuckDbEngine.text(copy) + " (FORMAT parquet, PARTITION_BY ("
                        + String.join(", ", PARTITIONS) + "))");
                statement.execute("DELETE FROM " + staging.sqlName() + " WHERE " + ready);
                copies.add(copy);
            }
            while (!copies.isEmpty()) {
                moveFiles(statement, copies.get(0));
                copies.remove(0);
            }
        } catch (SQLException e) {
            throw DuckDbErrors.failed(
                    "write the files of feature group '" + group.name() + "'", "Check the event times of its rows", e);
        }
    }

    private long count(Statement statement, String condition) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT count(*) FROM " + staging.sqlName() + " WHERE " + condition)) {
            result.next();
            return result.getLong(1);
        }
    }

    private String partitions() {
        String time = DuckDbEngine.quoted(group.eventTime().name());
        boolean isText = group.eventTime().type() == FeatureType.STRING;
        List<String> parts = isText
                ? List.of("substr(%s, 1, 4)", "substr(%s, 6, 2)", "substr(%s, 9, 2)", "substr(%s, 12, 2)")
                : List.of(
                        "strftime(to_timestamp(%s), '%%Y')",
                        "strftime(to_timestamp(%s), '%%m')",
                        "strftime(to_timestamp(%s), '%%d')",
                        "strftime(to_timestamp(%s), '%%H')");
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            columns.add(parts.get(i).formatted(time) + " AS " + PARTITIONS.get(i));
        }
        return String.join(", ", columns);
    }

    /** Moves the files of a copy to the group's folder, each named by its latest event time as the service names it. */
    private void moveFiles(Statement statement, Path copied) throws SQLException {
        String time = DuckDbEngine.quoted(group.eventTime().name());
        String latest = group.eventTime().type() == FeatureType.STRING
                ? "replace(replace(substr(max(substr(" + time + ", 1, 19)), 1, 19), '-', ''), ':', '') || 'Z'"
                : "strftime(to_timestamp(max(" + time + ")), '%Y%m%dT%H%M%SZ')";
        String query = "SELECT filename, " + latest + " FROM read_parquet("
                + DuckDbEngine.text(DuckDbEngine.literally(copied) + "/**/*.parquet")
                + ", hive_partitioning = false, filename = true) GROUP BY filename";
        Map<Path, String> latestOf = new LinkedHashMap<>();
        try (ResultSet files = statement.executeQuery(query)) {
            while (files.next()) {
                latestOf.put(Path.of(files.getString(1)), files.getString(2));
            }
        }
        try {
            for (Map.Entry<Path, String> file : latestOf.entrySet()) {
                String partition = copied.relativize(file.getKey().getParent()).toString();
                Path folder = data.resolve(partition.replace(PARTITION_PREFIX, ""));
                Files.createDirectories(folder);
                Files.move(
                        file.getKey(),
                        folder.resolve(file.getValue() + "_" + randomName() + ".parquet"),
                        StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move the files of feature group '" + group.name() + "'", e);
        }
    }

    private String randomName() {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            name.append(ALPHANUMERICS.charAt(names.nextInt(ALPHANUMERICS.length())));
        }
        return name.toString();
    }

    private synchronized void stage() {
        if (buffer.isEmpty()) {
            return;
        }
        try {
            staging.append(buffer);
        } catch (SQLException e) {
            throw DuckDbErrors.failed(
                    "buffer rows of feature group '" + group.name() + "'", "Check the values of its rows", e);
        }
        buffer.clear();
    }
}
