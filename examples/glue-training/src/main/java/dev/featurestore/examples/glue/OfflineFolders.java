package dev.featurestore.examples.glue;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads the offline store's folders of Parquet files without a data catalog. */
public final class OfflineFolders {
    static final String WRITE_TIME = "write_time";

    static final String API_INVOCATION_TIME = "api_invocation_time";

    static final String IS_DELETED = "is_deleted";

    private OfflineFolders() {}

    /**
     * All rows of a group. Columns are the group's features in lower case, then {@code write_time}, {@code
     * api_invocation_time} and {@code is_deleted}, whether files are there yet or not.
     *
     * @param folder the group's {@code data} folder, such as {@code s3://bucket/prefix/123456789012/sagemaker/eu-west-1/
     *     offline-store/cards-1719230000/data}
     */
    public static Dataset<Row> read(SparkSession spark, FeatureGroup<?> group, String folder) {
        return spark.read()
                .schema(columns(group))
                .option("recursiveFileLookup", "true")
                .parquet(folder);
    }

    /** The columns of a group's files: its features in lower case, then those of the service. */
    static StructType columns(FeatureGroup<?> group) {
        StructType columns = new StructType();
        for (Feature<?> feature : group.features()) {
            DataType type =
                    switch (feature.type()) {
                        case STRING -> DataTypes.StringType;
                        case INTEGRAL -> DataTypes.LongType;
                        case FRACTIONAL -> DataTypes.DoubleType;
                    };
            columns = columns.add(feature.name().toLowerCase(Locale.ROOT), type);
        }
        return columns.add(WRITE_TIME, DataTypes.TimestampType)
                .add(API_INVOCATION_TIME, DataTypes.TimestampType)
                .add(IS_DELETED, DataTypes.BooleanType);
    }
}
