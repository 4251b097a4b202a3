package dev.featurestore.examples.glue;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.schema.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Writes history straight into a group's offline folders, for more rows than can be put one by one: Parquet files as the
 * service writes them, in the partition of the event time's hour in UTC, whatever the session's time zone, sorted by
 * identifier and event time. It goes past the online store and the service's checks and quotas; the definition's own checks
 * are made.
 *
 * <p>Rows are written aside first, and only when all are there do they take the place of what an earlier run of the same id
 * wrote, and of nothing else. So a run that fails, for a bad row or anything else, leaves the folders as they were; one that
 * breaks off while files are moved is made good by running it again. Readers may see some of a run's files and not yet
 * others.
 *
 * <p>Each row arrives at the time of its run: {@code api_invocation_time} in whole seconds, {@code write_time} in
 * milliseconds, as the service keeps them. Features that the library stamps are stamped as {@code Backfill} does.
 *
 * @param <R> the row type of the group
 */
public final class OfflineBackfill<R> {
    private final FeatureGroup<R> group;

    private final Path data;

    private final String runId;

    private final InstantSource clock;

    private OfflineBackfill(FeatureGroup<R> group, Path data, String runId, InstantSource clock) {
        this.group = group;
        this.data = data;
        this.runId = runId;
        this.clock = clock;
    }

    /**
     * A backfill of a group.
     *
     * @param folder the group's {@code data} folder: its ResolvedOutputS3Uri
     * @param runId names the backfill, as in {@code Backfill}; not blank, and not {@code live}
     * @throws UnsupportedCapabilityException if the group has no offline store, or an Iceberg one, which keeps a list of its
     *     files
     */
    public static <R> OfflineBackfill<R> of(FeatureGroup<R> group, String folder, String runId) {
        if (runId.isBlank() || runId.equals(Provenance.LIVE)) {
            throw new IllegalArgumentException("A backfill needs an id that is not blank and not 'live'");
        }
        if (group.offlineStore().isEmpty()) {
            throw new UnsupportedCapabilityException(
                    "Feature group '" + group.name() + "' has no offline store to write history to");
        }
        if (group.offlineStore().orElseThrow().tableFormat() == OfflineStoreSettings.TableFormat.ICEBERG) {
            throw new UnsupportedCapabilityException("The offline store of feature group '" + group.name()
                    + "' is an Iceberg table, which does not see files that are put into its folder: put the records"
                    + " with Backfill, or insert into the table");
        }
        return new OfflineBackfill<>(group, new Path(folder), runId, InstantSource.system());
    }

    /** The same by another clock, which tells the time at which the rows arrive; the system's otherwise. */
    public OfflineBackfill<R> withClock(InstantSource instantSource) {
        return new OfflineBackfill<>(group, data, runId, Objects.requireNonNull(instantSource, "instantSource"));
    }

    /**
     * Writes all rows. If a row cannot become a record Spark throws a {@link org.apache.spark.SparkException}, which is not
     * declared; its cause says what was wrong, without a value.
     *
     * @param spark a session, whose settings are not changed
     * @param rows of the group's row type; read once
     * @return how many rows the run's files have
     */
    public long run(SparkSession spark, JavaRDD<R> rows) {
        SparkSession own = spark.newSession();
        // unlike the default they are adjusted to UTC in every engine's eyes
        own.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        Instant now = clock.instant();
        OfflineFileRow<R> mapping = new OfflineFileRow<>(group, runId, now);
        Dataset<Row> frame = own.createDataFrame(rows.map(mapping::of), mapping.columns());
        Column[] hour = OfflineFileRow.HOUR.stream().map(functions::col).toArray(Column[]::new);
        Column[] order = mapping.order().stream().map(functions::col).toArray(Column[]::new);
        try {
            FileSystem files = data.getFileSystem(own.sessionState().newHadoopConf());
            try (BackfillFiles run = new BackfillFiles(files, data, group.name(), runId)) {
                // each hour in one task, so that it becomes one file
                frame.repartition(hour)
                        .sortWithinPartitions(order)
                        .write()
                        .partitionBy(OfflineFileRow.HOUR.toArray(String[]::new))
                        .parquet(run.aside().toString());
                return run.publish(own, group);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write the files of backfill '" + runId + "' of feature group '" + group.name() + "'", e);
        }
    }

    /** The id and the group. */
    @Override
    public String toString() {
        return "offline backfill '" + runId + "' of " + group;
    }
}
