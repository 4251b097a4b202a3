package dev.featurestore.examples.quickstart;

import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;

/** The payments of a run as a Parquet file, sorted by time: what is played, and the labels of the training set. */
final class Payments {
    private final Workbench workbench;

    private final Path file;

    private Payments(Workbench workbench, Path file) {
        this.workbench = workbench;
        this.file = file;
    }

    /**
     * Sorts a table into a file.
     *
     * @param table with the columns of the file and {@code row}, the order of payments at one time
     */
    static Payments sort(Workbench workbench, String table, Path file) {
        workbench.execute("COPY (SELECT transaction_id, event_time, card_id, merchant_id, amount, label FROM " + table
                + " ORDER BY event_time, row) TO " + Workbench.text(file) + " (FORMAT parquet)");
        return new Payments(workbench, file);
    }

    /**
     * Writes them as the labels of a training set to a folder of Parquet files. Times are text, which every engine reads to
     * the microsecond.
     */
    void writeLabels(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of the labels", e);
        }
        workbench.execute("COPY (SELECT transaction_id, strftime(event_time, '%Y-%m-%dT%H:%M:%S.%fZ') AS event_time,"
                + " card_id, merchant_id, amount, label FROM " + Workbench.parquet(file) + ") TO "
                + Workbench.text(folder.resolve("labels.parquet")) + " (FORMAT parquet)");
    }

    /** The rows of the file that {@link #writeLabels} wrote, as a spine for any engine. */
    static Spine labels(URI folder) {
        return Spine.parquet(
                        folder,
                        SpineColumn.of("transaction_id", ColumnType.STRING),
                        SpineColumn.of("event_time", ColumnType.STRING),
                        SpineColumn.of("card_id", ColumnType.STRING),
                        SpineColumn.of("merchant_id", ColumnType.STRING),
                        SpineColumn.of("amount", ColumnType.DOUBLE),
                        SpineColumn.of("label", ColumnType.BIGINT))
                .time("event_time", LabelTime.ISO_8601)
                .keep("transaction_id", "amount", "label");
    }

    /** A query for all of them. */
    private String query() {
        return "SELECT * FROM " + Workbench.parquet(file);
    }

    long count() {
        return workbench.numbers("SELECT count(*) FROM (" + query() + ")")[0];
    }

    /** The time of the first. */
    Instant start() {
        return ofMicros(workbench.numbers("SELECT epoch_us(min(event_time)) FROM (" + query() + ")")[0]);
    }

    /** How many cards and merchants there are. */
    long[] distinctKeys() {
        return workbench.numbers("SELECT count(DISTINCT card_id), count(DISTINCT merchant_id) FROM (" + query() + ")");
    }

    /** Reads them in the order of time, a few at a time. */
    void forEach(Consumer<Payment> consumer) {
        String sql = "SELECT transaction_id, epoch_us(event_time), card_id, merchant_id, amount FROM (" + query() + ")";
        try (Connection connection =
                        workbench.connection().unwrap(DuckDBConnection.class).duplicate();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                consumer.accept(new Payment(
                        rows.getString(1),
                        ofMicros(rows.getLong(2)),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getDouble(5)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read the payments", e);
        }
    }

    private static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
