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
    private OfflineFolders() {}

    /**
     * All rows of a group. Columns are the group's features in lower case, then {@code write_time}, {@code
     * api_invocation_time} and {@code is_deleted}, whether files are there yet or not.
     *
     * @param folder the group's {@code data} folder, such as {@code s3://bucket/prefix/123456789012/sagemaker/eu-west-1/
     *     offline-store/cards-1719230000/data}
     */
    public static Dataset<Row> read(SparkSession spark, FeatureGroup<?> group, String folder) {
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
        columns = columns.add("write_time", DataTypes.TimestampType)
                .add("api_invocation_time", DataTypes.TimestampType)
                .add("is_deleted", DataTypes.BooleanType);
        return spark.read()
                .schema(columns)
                .option("recursiveFileLookup", "true")
                .parquet(folder);
    }
}
