package dev.featurestore.examples.glue;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The files of one run of a backfill: aside at first, then in the group's folders under names as the service gives them,
 * {@code 20250131T235959Z_0123456789ABCDEF.parquet}: the latest event time, and 16 letters and digits. The first ten of these
 * are the run's own, by which a later run of its id finds them.
 */
final class BackfillFiles implements AutoCloseable {
    private static final DateTimeFormatter LATEST =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String SUFFIX = ".parquet";

    private static final int RUN_LETTERS = 10;

    private static final int FILE_LETTERS = 6;

    private final FileSystem files;

    private final Path data;

    private final Path aside;

    private final String run;

    BackfillFiles(FileSystem files, Path data, String group, String runId) throws IOException {
        this.files = files;
        this.data = data;
        this.run = letters(group + "\n" + runId);
        // beside the folder: whoever reads that reads everything in it
        this.aside = new Path(data.getParent(), "_backfill-" + run);
        files.delete(aside, true);
    }

    /** Where Spark is to write. */
    Path aside() {
        return aside;
    }

    /** A file that was written: how many rows it has, and the latest event time of them. */
    private record Written(Path path, long rows, Instant latest) {}

    /** Removes what the run's id wrote before, moves the new files there, and says how many rows they have. */
    long publish(SparkSession spark, FeatureGroup<?> group) throws IOException {
        List<Written> written = written(spark, group);
        for (Path earlier : earlier()) {
            files.delete(earlier, false);
        }
        long rows = 0;
        int number = 0;
        for (Written file : written) {
            move(file, number++);
            rows += file.rows();
        }
        return rows;
    }

    private void move(Written file, int number) throws IOException {
        Path folder = partition(file.path().getParent(), OfflineFileRow.HOUR.size());
        files.mkdirs(folder);
        String letters = Integer.toString(number, Character.MAX_RADIX).toUpperCase(Locale.ROOT);
        String name = LATEST.format(file.latest()) + "_" + run + "0".repeat(FILE_LETTERS - letters.length()) + letters
                + SUFFIX;
        if (!files.rename(file.path(), new Path(folder, name))) {
            throw new IOException("The file system refused to move a file of the backfill into " + folder
                    + ": run the backfill again");
        }
    }

    /** The group's folder for one of Spark's, by the names of its last levels. */
    private Path partition(Path written, int levels) {
        return levels == 0
                ? data
                : new Path(
                        partition(written.getParent(), levels - 1),
                        written.getName().substring(OfflineFileRow.PREFIX.length()));
    }

    private List<Written> written(SparkSession spark, FeatureGroup<?> group) throws IOException {
        if (!hasFiles()) {
            return List.of();
        }
        String time = OfflineFileRow.folded(group.eventTime());
        List<Written> written = new ArrayList<>();
        // texts of one codec sort as the times they are of
        for (Row row : spark.read()
                .schema(OfflineFolders.columns(group))
                .option("recursiveFileLookup", "true")
                .parquet(aside.toString())
                .groupBy(functions.input_file_name().as("file"))
                .agg(functions.max(time), functions.count("*"))
                .orderBy("file")
                .collectAsList()) {
            String latest = group.eventTime().type() == FeatureType.STRING
                    ? row.getString(1)
                    : Double.toString(row.getDouble(1));
            written.add(new Written(
                    new Path(URI.create(row.getString(0))),
                    row.getLong(2),
                    group.eventTime().codec().decode(latest)));
        }
        return written;
    }

    private boolean hasFiles() throws IOException {
        for (FileStatus file : files.listStatus(aside)) {
            if (file.isDirectory()) {
                return true;
            }
        }
        return false;
    }

    private List<Path> earlier() throws IOException {
        List<Path> earlier = new ArrayList<>();
        if (files.exists(data)) {
            RemoteIterator<LocatedFileStatus> all = files.listFiles(data, true);
            while (all.hasNext()) {
                Path file = all.next().getPath();
                if (file.getName().contains("_" + run) && file.getName().endsWith(SUFFIX)) {
                    earlier.add(file);
                }
            }
        }
        return earlier;
    }

    private static String letters(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String letters =
                    new BigInteger(1, digest).toString(Character.MAX_RADIX).toUpperCase(Locale.ROOT);
            // the first digits of a number are not all alike
            return letters.substring(letters.length() - RUN_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        files.delete(aside, true);
    }
}
