package dev.featurestore.examples.glue;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * An offline store that runs training sets as SQL in a Spark session, over the folders of the offline store. Safe for use by
 * many threads.
 */
public final class SparkOfflineStore implements OfflineStore {
    private static final AtomicInteger VIEWS = new AtomicInteger();

    private final SparkSession spark;

    private final Function<FeatureGroup<?>, String> folders;

    private final SqlDialect dialect;

    /**
     * A store in a session, which it does not stop.
     *
     * @param folders where a group's files are; see {@link OfflineFolders#read}
     */
    public SparkOfflineStore(SparkSession spark, Function<FeatureGroup<?>, String> folders) {
        this(spark, folders, SqlDialect.spark());
    }

    SparkOfflineStore(SparkSession spark, Function<FeatureGroup<?>, String> folders, SqlDialect dialect) {
        this.spark = spark;
        this.folders = folders;
        this.dialect = dialect;
    }

    /** The training set as a frame, to be used in the job: the spine's columns, the view's, then audit columns if it has them. */
    public Dataset<Row> frame(TrainingSet set) {
        return planned(set, tables -> dialect.render(set, tables));
    }

    /** Views of each query's own, since files may have come since the last; once it is planned they are not needed. */
    private Dataset<Row> planned(TrainingSet set, Function<TableNames, String> query) {
        List<String> views = new ArrayList<>();
        TableNames tables = group -> {
            String view = "featurestore_" + VIEWS.incrementAndGet();
            views.add(view);
            OfflineFolders.read(spark, group, folders.apply(group)).createOrReplaceTempView(view);
            return List.of(view);
        };
        try {
            return spark.sql(query.apply(tables));
        } catch (UnsupportedCapabilityException e) {
            throw e;
        } catch (Exception e) {
            // of a query that does not parse, without being declared
            throw failed("plan " + set, e);
        } finally {
            views.forEach(view -> spark.catalog().dropTempView(view));
        }
    }

    @Override
    public TrainingRows run(TrainingSet set) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        return new SparkTrainingRows(audited, frame(audited));
    }

    /**
     * Runs a training set and writes its rows as Parquet files.
     *
     * @param target a folder that is not there, in any file system that Spark knows
     */
    @Override
    public long unload(TrainingSet set, URI target) {
        Dataset<Row> frame = frame(set);
        Path folder = new Path(target);
        boolean wasThere = isThere(folder);
        try {
            frame.write().parquet(folder.toString());
            return spark.read()
                    .schema(frame.schema())
                    .parquet(folder.toString())
                    .count();
        } catch (Exception e) {
            QueryFailedException failure = failed("unload " + set, e);
            if (!wasThere) {
                remove(folder, failure);
            }
            throw failure;
        }
    }

    private boolean isThere(Path folder) {
        try {
            return fileSystem(folder).exists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look at the folder to unload to", e);
        }
    }

    private void remove(Path folder, QueryFailedException failure) {
        try {
            fileSystem(folder).delete(folder, true);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private FileSystem fileSystem(Path folder) throws IOException {
        return folder.getFileSystem(spark.sessionState().newHadoopConf());
    }

    @Override
    public List<LabelDay> labelDays(TrainingSet set, Instant since) {
        List<LabelDay> days = new ArrayList<>();
        query(
                set,
                "count the labels of " + set,
                tables -> dialect.renderLabelDays(set, tables, since),
                row -> days.add(FindingReader.labelDay(row)));
        return days;
    }

    @Override
    public void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
        FindingReader reader = new FindingReader(set);
        query(
                set,
                "check " + set + " for leaks",
                tables -> {
                    Spine.Source source = produced != null
                            ? produced
                            : Spine.Source.query(dialect.render(set.withAudit(AuditColumn.EVENT_TIME), tables));
                    return dialect.renderLeakCheck(set, tables, source);
                },
                row -> leaks.accept(reader.leak(row)));
    }

    @Override
    public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        FindingReader reader = new FindingReader(set);
        query(
                set,
                "compare the modes of " + set,
                tables -> dialect.renderModeComparison(set, tables),
                row -> differences.accept(reader.difference(row)));
    }

    private void query(TrainingSet set, String what, Function<TableNames, String> query, Consumer<ResultRow> consumer) {
        Dataset<Row> frame = planned(set, query);
        Iterator<Row> rows = told(what, frame::toLocalIterator);
        while (told(what, rows::hasNext)) {
            consumer.accept(new SparkRow(told(what, rows::next)));
        }
    }

    /** Spark throws checked exceptions that it does not declare. */
    interface Step<T> {
        T run() throws Exception;
    }

    static <T> T told(String what, Step<T> step) {
        try {
            return step.run();
        } catch (Exception e) {
            throw failed(what, e);
        }
    }

    /** Spark's own messages may quote values: they are told only if they are the query's. */
    static QueryFailedException failed(String what, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause.getClass() == RuntimeException.class && message.startsWith("The ")) {
                return new QueryFailedException("Could not " + what + ": " + message);
            }
        }
        return new QueryFailedException("Could not " + what + ": Spark reports a "
                + failure.getClass().getSimpleName()
                + "; its message may quote values and is left out. Check the names and types of the spine's columns");
    }

    @Override
    public String toString() {
        return "Spark's offline store";
    }
}
