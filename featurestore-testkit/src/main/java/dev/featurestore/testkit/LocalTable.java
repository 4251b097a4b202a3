package dev.featurestore.testkit;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One group's files in the layout of the service: {@code
 * <account>/sagemaker/<region>/offline-store/<group>-<creation>/data/year=/month=/day=/hour=}, by the UTC hour of the event
 * time. Rows wait in a buffer, then in a staging table, then become files.
 *
 * <p>The buffer is guarded by the table's monitor, all else by that of the {@link DuckDbEngine}, which is taken first.
 */
final class LocalTable {
    private static final String STORE_FOLDER = "000000000000/sagemaker/local/offline-store";

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

    private final String staging;

    private final Random names = new Random();

    private final List<OfflineRow> buffer = new ArrayList<>();

    /** Folders of files whose rows are staged no more, not all moved to where they belong. */
    private final List<Path> copies = new ArrayList<>();

    private LocalTable(DuckDbEngine engine, FeatureGroup<?> group, Path data, Place place) {
        this.engine = engine;
        this.group = group;
        this.data = data;
        this.place = place;
        this.staging = quoted(place.stagingTable());
    }

    /** The connection that the tables of a store share: whoever uses it holds the engine's monitor. */
    static final class DuckDbEngine {
        private final Connection connection;

        private volatile boolean closed;

        DuckDbEngine(Connection connection) {
            this.connection = connection;
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
    }

    /**
     * Where a table works.
     *
     * @param root the folder of the store
     * @param scratch for files on their way
     * @param stagingTable a name of no other table; DuckDB folds case, and groups may differ in it alone
     */
    record Place(Path root, Path scratch, String stagingTable) {}

    /** Which folder a group gets. */
    enum Folder {
        /** The latest there is, or a new one. */
        LATEST,
        /** A new one, named later than all there are. */
        NEW
    }

    static LocalTable open(DuckDbEngine engine, Place place, FeatureGroup<?> group, Folder folder, Instant now) {
        synchronized (engine) {
            engine.requireOpen();
            Path data = folder(place.root().resolve(STORE_FOLDER), group.name(), folder, now)
                    .resolve("data");
            LocalTable table = new LocalTable(engine, group, data, place);
            table.create();
            return table;
        }
    }

    private void create() {
        try (Statement statement = engine.connection().createStatement()) {
            Files.createDirectories(data);
            statement.execute("CREATE TABLE " + staging + " (" + columns() + ")");
            statement.execute(
                    "COPY (SELECT * FROM " + staging + ") TO " + text(data.resolve(SCHEMA_FILE)) + " (FORMAT parquet)");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of feature group '" + group.name() + "'", e);
        } catch (SQLException e) {
            throw DuckDbErrors.failed(
                    "open feature group '" + group.name() + "'", "Check the names and types of its features", e);
        }
    }

    /** Folders are named as the service names them: by the group and the second of its creation. */
    private static Path folder(Path store, String group, Folder wanted, Instant now) {
        long latest = latestCreation(store, group);
        long creation = now.getEpochSecond();
        if (latest != Long.MIN_VALUE) {
            creation = wanted == Folder.LATEST ? latest : Math.max(creation, latest + 1);
        }
        return store.resolve(group + "-" + creation);
    }

    private static long latestCreation(Path store, String group) {
        if (!Files.isDirectory(store)) {
            return Long.MIN_VALUE;
        }
        Pattern name = Pattern.compile(Pattern.quote(group) + "-(-?\\d+)");
        try (Stream<Path> folders = Files.list(store)) {
            return folders.map(folder -> name.matcher(String.valueOf(folder.getFileName())))
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .max()
                    .orElse(Long.MIN_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the folders of the local offline store", e);
        }
    }

    Path data() {
        return data;
    }

    String glob() {
        return literally(data) + "/**/*.parquet";
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
                statement.execute("COPY (SELECT *, " + partitions() + " FROM " + staging + " WHERE " + ready + ") TO "
                        + text(copy) + " (FORMAT parquet, PARTITION_BY (" + String.join(", ", PARTITIONS) + "))");
                statement.execute("DELETE FROM " + staging + " WHERE " + ready);
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
        try (ResultSet result = statement.executeQuery("SELECT count(*) FROM " + staging + " WHERE " + condition)) {
            result.next();
            return result.getLong(1);
        }
    }

    private String partitions() {
        String time = quoted(group.eventTime().name());
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
        String time = quoted(group.eventTime().name());
        String latest = group.eventTime().type() == FeatureType.STRING
                ? "replace(replace(substr(max(substr(" + time + ", 1, 19)), 1, 19), '-', ''), ':', '') || 'Z'"
                : "strftime(to_timestamp(max(" + time + ")), '%Y%m%dT%H%M%SZ')";
        String query =
                "SELECT filename, " + latest + " FROM read_parquet(" + quotedText(literally(copied) + "/**/*.parquet")
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

    /** Appends the buffer to the staging table; an appender belongs to the thread that made it. */
    private synchronized void stage() {
        if (buffer.isEmpty()) {
            return;
        }
        try (DuckDBAppender appender =
                engine.connection().unwrap(DuckDBConnection.class).createAppender(place.stagingTable())) {
            for (OfflineRow row : buffer) {
                append(appender, row);
            }
        } catch (SQLException e) {
            throw DuckDbErrors.failed(
                    "buffer rows of feature group '" + group.name() + "'", "Check the values of its rows", e);
        }
        buffer.clear();
    }

    private void append(DuckDBAppender appender, OfflineRow row) throws SQLException {
        FeatureColumns columns = group.columns();
        @Nullable String[] texts = new @Nullable String[columns.size()];
        WireRecord record = row.record();
        int expected = 0;
        for (int n = 0; n < record.size(); n++) {
            int i = columns.find(record.name(n), expected);
            texts[i] = record.text(n);
            expected = i + 1;
        }
        appender.beginRow();
        for (int i = 0; i < texts.length; i++) {
            append(appender, columns.feature(i).type(), texts[i]);
        }
        appendTime(appender, row.writeTime());
        appendTime(appender, row.apiInvocationTime());
        appender.append(row.deleted());
        appender.endRow();
    }

    private static void append(DuckDBAppender appender, FeatureType type, @Nullable String text) throws SQLException {
        if (text == null) {
            appender.appendNull();
            return;
        }
        switch (type) {
            case STRING -> appender.append(text);
            case INTEGRAL -> appender.append(Long.parseLong(text));
            case FRACTIONAL -> appender.append(Double.parseDouble(text));
        }
    }

    private static void appendTime(DuckDBAppender appender, Instant time) throws SQLException {
        appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    private String columns() {
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
        columns.add("write_time TIMESTAMPTZ");
        columns.add("api_invocation_time TIMESTAMPTZ");
        columns.add("is_deleted BOOLEAN");
        return String.join(", ", columns);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String text(Path path) {
        return quotedText(path.toString());
    }

    private static String quotedText(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The path as a pattern that matches nothing else. */
    private static String literally(Path path) {
        return path.toString().replaceAll("[\\[*?]", "[$0]");
    }
}
