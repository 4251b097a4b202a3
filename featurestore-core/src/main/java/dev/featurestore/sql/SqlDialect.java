package dev.featurestore.sql;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.time.Instant;

/**
 * Renders training sets for one engine. Rendering is pure: the same set and names give the same text. Safe for use by many
 * threads.
 */
public interface SqlDialect {
    /**
     * Athena engine version 3, which is Trino. The session must be in UTC, as Athena's are: in another zone times without
     * one would be taken for local ones. The name of a group's table is that of
     * the data catalog, such as database and table, with the columns of the service's offline store in Glue or Iceberg
     * format.
     */
    static SqlDialect athena() {
        return AthenaDialect.INSTANCE;
    }

    /**
     * Spark SQL 3.5, such as in a Glue job, in a session of any time zone. The name of a group's table is that of a table or
     * view with the columns of the service's offline store.
     */
    static SqlDialect spark() {
        return SparkDialect.INSTANCE;
    }

    /**
     * DuckDB 1.4 or later, over Parquet files with the columns of the service's offline store. The name of a group's table
     * is one part: the path or glob of its files, of which there must be one at least.
     */
    static SqlDialect duckDb() {
        return DuckDbDialect.INSTANCE;
    }

    /** The engine, such as {@code DuckDB}. */
    String name();

    /**
     * One query whose rows are the training set: the spine's columns, the view's, then the audit columns if the set has them;
     * exactly one row for each spine row, in no order.
     *
     * @param tables where each group's offline store is
     * @throws dev.featurestore.errors.UnsupportedCapabilityException if the engine cannot express the set
     */
    String render(TrainingSet set, TableNames tables);

    /**
     * A query over the labels of a set by the day of their time: the day as text, the number of labels, a digest of them as
     * text, and how many of them may see another row since the history grew; see
     * {@link dev.featurestore.training.LabelDay}.
     *
     * @param since rows written after it are new
     * @throws UnsupportedCapabilityException if the dialect has no such query
     */
    default String renderLabelDays(TrainingSet set, TableNames tables, Instant since) {
        throw new UnsupportedCapabilityException("The dialect " + name() + " cannot tell which labels were touched");
    }

    /**
     * A query over a produced training set that finds the rows the point-in-time rule does not give. It is not made of the
     * query of {@link #render}, but follows the rule anew over the whole history: quadratic in the versions of an identifier.
     * Its rows are the labels found, with a text for each selection, which {@link dev.featurestore.spi.FindingReader} reads;
     * there are none for a set that is right. Labels outside the set's range are not looked at.
     *
     * @param set what was produced; the event times are looked at, and the arrivals if they are among its audit columns
     * @param produced what has the set's columns, {@link AuditColumn#EVENT_TIME} among them: its table, or a query
     */
    default String renderLeakCheck(TrainingSet set, TableNames tables, Spine.Source produced) {
        throw new UnsupportedCapabilityException("The dialect " + name() + " cannot check a training set");
    }

    /**
     * A query for the labels whose rows differ between {@code EVENT_TIME} and {@code AS_SERVED}, with a text for each
     * selection, which {@link dev.featurestore.spi.FindingReader} reads.
     *
     * @param set its own rule tells the arrival unit if it is one of what was served
     */
    default String renderModeComparison(TrainingSet set, TableNames tables) {
        throw new UnsupportedCapabilityException("The dialect " + name() + " cannot compare modes");
    }
}
