package dev.featurestore.aws;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table in the data catalog over the files of a spine, there for as long as a query needs it. */
final class SpineTable {
    private static final Logger LOG = LoggerFactory.getLogger(SpineTable.class);

    private static final String PREFIX = "featurestore_labels_";

    private final AthenaConnection athena;

    private final TrainingSet set;

    /** In Hive's quotes; null if the labels are no files. */
    private final @Nullable String table;

    private SpineTable(AthenaConnection athena, TrainingSet set, @Nullable String table) {
        this.athena = athena;
        this.set = set;
        this.table = table;
    }

    /**
     * Makes the table, if the labels are files.
     *
     * @param work the same work over the same files has the same table, so that its query has the same text
     * @throws UnsupportedCapabilityException if the files are not in S3
     */
    static SpineTable over(AthenaConnection athena, TrainingSet set, String work) {
        if (!(set.spine().source() instanceof Spine.Files files)) {
            return new SpineTable(athena, set, null);
        }
        String location = location(files.folder());
        String database = Objects.requireNonNullElse(athena.place().database(), "default");
        String name = PREFIX
                + UUID.nameUUIDFromBytes((work + "\n" + files).getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
        SpineTable made = new SpineTable(
                athena, set.withLabelsFrom(source(files, database, name)), hive(database) + "." + hive(name));
        try {
            athena.start(
                            "Making a table of the labels of " + set,
                            made.definition(files, location),
                            UUID.randomUUID().toString(),
                            AthenaQuery.Purpose.DEFINITION)
                    .await();
        } catch (FeatureStoreException e) {
            made.drop();
            throw e;
        }
        return made;
    }

    /** What stands in the way of a text in Hive's quotes is refused: how it is escaped there is not documented. */
    private static String location(URI folder) {
        String text = folder.getScheme() + "://" + folder.getRawAuthority() + folder.getPath();
        if (!"s3".equals(folder.getScheme()) || folder.getRawAuthority() == null || text.matches(".*['\\\\;].*")) {
            throw new UnsupportedCapabilityException(
                    "Athena reads labels from S3: expected a location such as s3://bucket/labels/, without quotes,"
                            + " backslashes and semicolons, got scheme " + folder.getScheme());
        }
        return text.endsWith("/") ? text : text + "/";
    }

    /** Columns of CSV are text in the table. */
    private static Spine.Source source(Spine.Files files, String database, String name) {
        if (files.format() == Spine.Format.PARQUET) {
            return Spine.Source.table(database, name);
        }
        return Spine.Source.query(files.columns().stream()
                .map(column -> "CAST(nullif(" + quoted(column.name()) + ", '') AS "
                        + switch (column.type()) {
                            case STRING -> "VARCHAR";
                            case FLOAT -> "REAL";
                            default -> column.type().name();
                        }
                        + ") AS " + quoted(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + quoted(database) + "." + quoted(name))));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String hive(String name) {
        return '`' + name + '`';
    }

    private String definition(Spine.Files files, String location) {
        boolean isCsv = files.format() == Spine.Format.CSV;
        String columns = files.columns().stream()
                .map(column -> hive(column.name()) + " " + (isCsv ? "string" : type(column.type())))
                .collect(Collectors.joining(", "));
        return "CREATE EXTERNAL TABLE IF NOT EXISTS " + table + " (" + columns + ") "
                + (isCsv ? "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'" : "STORED AS PARQUET")
                + " LOCATION '" + location + "'"
                + (isCsv ? " TBLPROPERTIES ('skip.header.line.count' = '1')" : "");
    }

    private static String type(ColumnType type) {
        return type == ColumnType.INTEGER ? "int" : type.name().toLowerCase(Locale.ROOT);
    }

    /** The set, with the table for its labels. */
    TrainingSet set() {
        return set;
    }

    /** Drops the table, also for a thread that was interrupted. What is left of it is logged, since the set is not at fault. */
    void drop() {
        if (table == null) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            athena.start(
                            "Dropping the table of the labels of " + set,
                            "DROP TABLE IF EXISTS " + table,
                            UUID.randomUUID().toString(),
                            AthenaQuery.Purpose.REMOVAL)
                    .await();
        } catch (FeatureStoreException e) {
            LOG.warn("A table over labels may still be there: drop it yourself [table={}] [code={}]", table, e.code());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
