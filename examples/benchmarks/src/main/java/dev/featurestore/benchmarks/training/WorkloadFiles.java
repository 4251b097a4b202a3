package dev.featurestore.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A workload as Parquet files with the columns of the service's offline store: a folder for each group, in the order of
 * arrival, and one for the labels.
 */
public final class WorkloadFiles {
    private final Workload workload;

    private final Path folder;

    private final Labels labels;

    private final History[] histories;

    private WorkloadFiles(Workload workload, Path folder, Labels labels, History[] histories) {
        this.workload = workload;
        this.folder = folder;
        this.labels = labels;
        this.histories = histories;
    }

    /** Writes the files of a workload; the same seed gives the same rows. */
    public static WorkloadFiles write(Workload workload, Path folder, long seed) throws SQLException, IOException {
        History[] histories = new History[workload.groups()];
        for (int g = 0; g < histories.length; g++) {
            histories[g] = History.random(workload, seed + g);
        }
        Labels labels = Labels.random(workload, histories[0], seed - 1);
        WorkloadFiles files = new WorkloadFiles(workload, folder, labels, histories);
        try (DuckDBConnection connection =
                DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class)) {
            execute(connection, "SET TimeZone = 'UTC'");
            files.writeLabels(connection);
            for (int g = 0; g < histories.length; g++) {
                files.writeHistory(connection, g);
            }
        }
        return files;
    }

    /** What it is. */
    public Workload workload() {
        return workload;
    }

    /** The folder of a group's files. */
    public Path history(int g) {
        return folder.resolve("cards_" + g);
    }

    /** The folder of the labels' file. */
    public Path labels() {
        return folder.resolve("labels");
    }

    Labels labelRows() {
        return labels;
    }

    History[] histories() {
        return histories;
    }

    private void writeLabels(DuckDBConnection connection) throws SQLException, IOException {
        Files.createDirectories(labels());
        execute(connection, "CREATE TABLE labels (label_id BIGINT, card_id VARCHAR, label_ts TIMESTAMP)");
        try (DuckDBAppender appender = connection.createAppender("labels")) {
            for (int label = 0; label < labels.size(); label++) {
                appender.beginRow();
                appender.append((long) label);
                appender.append(History.identifierText(labels.identifier[label]));
                appender.append(LocalDateTime.ofInstant(Instant.ofEpochMilli(labels.time[label]), ZoneOffset.UTC));
                appender.endRow();
            }
        }
        execute(
                connection,
                "COPY (SELECT label_id, card_id, label_ts::TIMESTAMPTZ AS label_ts FROM labels) TO '"
                        + labels().resolve("labels.parquet") + "' (FORMAT parquet)");
    }

    private void writeHistory(DuckDBConnection connection, int g) throws SQLException, IOException {
        Files.createDirectories(history(g));
        History history = histories[g];
        execute(
                connection,
                "CREATE TABLE history (card_id VARCHAR, event_ts VARCHAR, n INTEGER, write_time TIMESTAMPTZ,"
                        + " api_invocation_time TIMESTAMPTZ, is_deleted BOOLEAN)");
        try (DuckDBAppender appender = connection.createAppender("history")) {
            for (int row = 0; row < history.size(); row++) {
                appender.beginRow();
                appender.append(History.identifierText(history.identifier[row]));
                appender.append(history.eventTimeText(row));
                appender.append(history.number[row]);
                appender.append(time(Instant.ofEpochMilli(history.written[row])));
                appender.append(time(Instant.ofEpochSecond(history.arrival[row])));
                appender.append(history.deleted[row]);
                appender.endRow();
            }
        }
        List<String> columns = new ArrayList<>(List.of("card_id", "event_ts"));
        columns.add("CASE WHEN is_deleted THEN NULL ELSE n::BIGINT END AS " + Workload.column(g, 0));
        for (int c = 1; c < workload.features(); c++) {
            columns.add("CASE WHEN is_deleted THEN NULL ELSE " + History.value(c) + " END AS " + Workload.column(g, c));
        }
        columns.addAll(List.of("write_time", "api_invocation_time", "is_deleted"));
        execute(
                connection,
                "COPY (SELECT " + String.join(", ", columns) + " FROM history ORDER BY write_time) TO '"
                        + history(g).resolve("rows.parquet") + "' (FORMAT parquet)");
        execute(connection, "DROP TABLE history");
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
