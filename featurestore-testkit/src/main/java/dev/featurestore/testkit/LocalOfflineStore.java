package dev.featurestore.testkit;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.FindingReader;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An offline store on this machine: Parquet files in the service's own folders, and training sets run over them as SQL by an
 * embedded DuckDB. Give it to an {@link InMemoryFeatureStore}, or open one over files that are there already.
 *
 * <p>Rows are buffered and written as files before a training set is run, so what was put is what is queried; a row whose
 * write time is after the clock's is not. Safe for use by many threads.
 *
 * <p>Not as the service: Iceberg groups are written in the folders of the Glue format, and times of arrival and writing are
 * stored in Parquet as microseconds.
 */
public final class LocalOfflineStore implements OfflineStore, AutoCloseable {
    private final Path directory;

    private volatile InstantSource clock;

    private final SqlDialect dialect;

    private final DuckDbEngine engine;

    private final Path scratch;

    private final Map<String, LocalTable> tables = new ConcurrentHashMap<>();

    /** Groups that were deleted and not made again. */
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();

    private final AtomicInteger opened = new AtomicInteger();

    private LocalOfflineStore(Builder builder) {
        this.directory = builder.directory.toAbsolutePath();
        this.clock = builder.clock;
        this.dialect = builder.dialect;
        try {
            Files.createDirectories(directory);
            this.scratch = Files.createTempDirectory(directory, ".scratch-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folders of the local offline store", e);
        }
        try {
            this.engine = DuckDbEngine.start(scratch, builder.memoryLimitMb);
        } catch (SQLException e) {
            removeScratch();
            throw DuckDbErrors.failed("open the local offline store", "Check its folder and its settings", e);
        }
    }

    /** A store in a folder, made if it is not there, on the clock of the feature store it is given to, else the system's. */
    public static LocalOfflineStore at(Path directory) {
        return builder(directory).build();
    }

    /** A store in a folder, made if it is not there, on the given clock. */
    public static LocalOfflineStore at(Path directory, InstantSource clock) {
        return builder(directory).clock(clock).build();
    }

    /** Starts a store of other make. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /** Where a group's files are, as DuckDB reads them. The group must have been written to or opened here. */
    public TableNames tables() {
        return group -> List.of(table(group).glob());
    }

    /** The folder that holds the partitions of a group: {@code year=2025/month=01/day=31/hour=23}. */
    public Path dataOf(FeatureGroup<?> group) {
        return table(group).data();
    }

    /** Writes all buffered rows that can be queried by now as files. Running a training set does it by itself. */
    public void flush() {
        engine.requireOpen();
        tables.values().forEach(table -> table.flush(clock.instant()));
    }

    @Override
    public TrainingRows run(TrainingSet set) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        String sql = render(audited);
        Connection connection = null;
        try {
            connection = engine.duplicate();
            return DuckDbTrainingRows.start(connection, audited, sql);
        } catch (SQLException e) {
            DuckDbEngine.closeQuietly(connection);
            throw DuckDbErrors.failed("run " + set, DuckDbTrainingRows.HINT, e);
        }
    }

    /**
     * Runs a training set and writes its rows to one file.
     *
     * @param target a {@code file:} URI; otherwise as {@link #export}
     */
    @Override
    public long unload(TrainingSet set, URI target) {
        if (!"file".equals(target.getScheme())) {
            throw new UnsupportedCapabilityException(
                    "The local offline store unloads to files: expected a file: URI, got scheme " + target.getScheme());
        }
        return export(set, Path.of(target));
    }

    /**
     * Runs a training set and writes its rows to one file, as Parquet or CSV by the ending of its name. In CSV a null is an
     * empty field and an empty text is {@code ""}.
     *
     * @return the number of rows
     * @throws QueryFailedException if the query fails; no file is left then
     */
    public long export(TrainingSet set, Path target) {
        String format = format(target);
        if (Files.exists(target)) {
            throw new QueryFailedException("Cannot write " + set + " to a file that is there already: remove "
                    + target.getFileName() + ", or name another");
        }
        String query = render(set);
        Path whole = target.toAbsolutePath();
        // beside the target, since a file moves at once only within one file system
        Path partial = whole.resolveSibling(".partial-" + System.nanoTime() + format);
        String copy = "COPY (\n" + query + "\n) TO '" + partial.toString().replace("'", "''") + "' (FORMAT "
                + (format.equals(".csv") ? "csv, HEADER" : "parquet") + ")";
        try (Connection connection = engine.duplicate();
                Statement statement = connection.createStatement()) {
            Path parent = whole.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            long rows = statement.executeLargeUpdate(copy);
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
            return rows;
        } catch (SQLException e) {
            throw DuckDbErrors.failed("write " + set, DuckDbTrainingRows.HINT, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + set, e);
        } finally {
            deleteQuietly(partial);
        }
    }

    @Override
    public List<LabelDay> labelDays(TrainingSet set, Instant since) {
        List<LabelDay> days = new ArrayList<>();
        query(
                "count the labels of " + set,
                ready(set).renderLabelDays(set, tables(), since),
                row -> days.add(FindingReader.labelDay(row)));
        return days;
    }

    @Override
    public void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
        SqlDialect dialect = ready(set);
        Spine.Source source = produced != null
                ? produced
                : Spine.Source.query(dialect.render(set.withAudit(AuditColumn.EVENT_TIME), tables()));
        FindingReader reader = new FindingReader(set);
        query(
                "check " + set + " for leaks",
                dialect.renderLeakCheck(set, tables(), source),
                row -> leaks.accept(reader.leak(row)));
    }

    @Override
    public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        FindingReader reader = new FindingReader(set);
        query(
                "compare the modes of " + set,
                ready(set).renderModeComparison(set, tables()),
                row -> differences.accept(reader.difference(row)));
    }

    private void query(String what, String sql, Consumer<ResultRow> rows) {
        try (Connection connection = engine.duplicate();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultRow row = new DuckDbRow(result, what);
            while (result.next()) {
                rows.accept(row);
            }
        } catch (SQLException e) {
            throw DuckDbErrors.failed(what, DuckDbTrainingRows.HINT, e);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // what is reported is why the export failed
        }
    }

    private static String format(Path target) {
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            return ".parquet";
        }
        if (name.endsWith(".csv")) {
            return ".csv";
        }
        throw new UnsupportedCapabilityException(
                "The local offline store writes Parquet or CSV: the file name must end in .parquet or .csv");
    }

    private String render(TrainingSet set) {
        return ready(set).render(set, tables());
    }

    /** All that a query of the set reads is in files. */
    private SqlDialect ready(TrainingSet set) {
        set.view().selections().forEach(selection -> table(selection.group()));
        flush();
        return dialect;
    }

    private LocalTable table(FeatureGroup<?> group) {
        LocalTable table = tables.computeIfAbsent(group.name(), name -> open(group, HistoryFolder.LATEST));
        table.widen(group);
        return table;
    }

    private LocalTable open(FeatureGroup<?> group, HistoryFolder folder) {
        LocalTable.Place place = new LocalTable.Place(directory, scratch, "staging_" + opened.incrementAndGet());
        return LocalTable.open(engine, place, group, folder, clock.instant());
    }

    /** A group made again gets a folder of its own, as the service gives it; the old files stay. */
    private void created(FeatureGroup<?> group, HistoryFolder folder) {
        if (folder == HistoryFolder.LATEST && !deleted.contains(group.name())) {
            table(group);
            return;
        }
        LocalTable before = tables.get(group.name());
        if (before != null) {
            before.flush(Instant.MAX);
        }
        tables.put(group.name(), open(group, HistoryFolder.NEW));
        deleted.remove(group.name());
    }

    /** Appends rows of which some may be in files already, and writes the others; the latest folder is theirs. */
    void recover(FeatureGroup<?> group, List<OfflineRow> rows) {
        if (!rows.isEmpty()) {
            LocalTable table = table(group);
            rows.forEach(table::append);
            table.flushMissing();
        }
    }

    /**
     * Appends a row to a group's history, as a feature store that this one is given to does by itself.
     *
     * @param row later than the group's rows before it, if the order of arrival is to mean anything
     * @throws IllegalStateException if the store is closed
     */
    public void append(FeatureGroup<?> group, OfflineRow row) {
        table(group).append(row);
    }

    /**
     * What an in-memory service on the given clock appends to.
     *
     * @param folder where the history of a group goes that the service makes, if there was one of its name before
     */
    OfflineLog log(InstantSource serviceClock, HistoryFolder folder) {
        this.clock = serviceClock;
        return new OfflineLog() {
            @Override
            public void created(FeatureGroup<?> group) {
                LocalOfflineStore.this.created(group, folder);
            }

            @Override
            public void deleted(String group) {
                LocalTable table = tables.get(group);
                if (table != null && folder == HistoryFolder.NEW) {
                    // whoever takes the rows up again could not tell whose they are
                    table.flush(Instant.MAX);
                }
                deleted.add(group);
            }

            @Override
            public void append(FeatureGroup<?> group, OfflineRow row) {
                table(group).append(row);
            }
        };
    }

    /**
     * Writes what is buffered, whatever its write time, and closes the engine. The files stay. Closing twice does nothing;
     * all else is refused with an {@link IllegalStateException} from then on.
     *
     * @throws QueryFailedException if rows of some groups could not be written; those of the others are
     */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        synchronized (engine) {
            if (!engine.refuseAll()) {
                return;
            }
            for (LocalTable table : tables.values()) {
                try {
                    table.flushLast();
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }
            DuckDbEngine.closeQuietly(engine.connection());
        }
        if (failures.isEmpty()) {
            removeScratch();
            return;
        }
        RuntimeException first = failures.get(0);
        QueryFailedException failure = new QueryFailedException(
                "Could not write all rows while closing; what was staged of them is kept in " + scratch + ": "
                        + first.getMessage(),
                null,
                null,
                first);
        failures.stream().skip(1).forEach(failure::addSuppressed);
        throw failure;
    }

    private void removeScratch() {
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the scratch files of the local offline store", e);
        }
    }

    @Override
    public String toString() {
        return "local offline store of " + tables.size() + " groups";
    }

    /** Collects the settings of a local offline store. */
    public static final class Builder {
        private final Path directory;
        private InstantSource clock = InstantSource.system();
        private SqlDialect dialect = SqlDialect.duckDb();
        private int memoryLimitMb = 1024;

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Tells which rows can be queried by now; the system's clock unless set. A feature store that this one is given to
         * brings its own: rows written on one clock and read on another would be hidden without a word.
         */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** What renders the queries; {@link SqlDialect#duckDb()} unless set. To try other SQL against the suites. */
        public Builder dialect(SqlDialect sqlDialect) {
            this.dialect = Objects.requireNonNull(sqlDialect, "sqlDialect");
            return this;
        }

        /** How much memory DuckDB may use before it goes to disk, in megabytes; 1024 unless set, at least 64. */
        public Builder memoryLimitMb(int megabytes) {
            if (megabytes < 64) {
                throw new IllegalArgumentException("DuckDB needs at least 64 MB, got " + megabytes);
            }
            this.memoryLimitMb = megabytes;
            return this;
        }

        /** The store. */
        public LocalOfflineStore build() {
            return new LocalOfflineStore(this);
        }
    }
}
