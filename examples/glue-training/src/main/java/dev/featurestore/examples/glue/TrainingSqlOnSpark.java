package dev.featurestore.examples.glue;

import dev.featurestore.benchmarks.training.Candidates;
import dev.featurestore.benchmarks.training.Contests;
import dev.featurestore.benchmarks.training.SqlEngine;
import dev.featurestore.benchmarks.training.Workload;
import dev.featurestore.benchmarks.training.WorkloadFiles;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.PointInTime;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * What does the library's query cost on Spark beside those written by hand? Arguments are those of {@link Contests#run}.
 */
public final class TrainingSqlOnSpark {
    private TrainingSqlOnSpark() {}

    /** Runs contests in a session of this process. */
    public static void main(String[] args) throws SQLException, IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.ui.enabled", "false")
                // Enough for the code of all queries: each is compiled once, as if it were the only one.
                .config("spark.sql.codegen.cache.maxEntries", "1000")
                .getOrCreate()) {
            new Contests(200_000)
                    .with("versions-100-large", new Workload(1, 1_000_000, 100, 100_000, 10))
                    .with("wide", new Workload(3, 60_000, 20, 6_000, 200))
                    .run(args, (files, scratch) -> new SparkSqlEngine(spark, files));
        }
    }

    /** A session with views of the files. */
    private static final class SparkSqlEngine implements SqlEngine {
        private final SparkSession spark;
        private final WorkloadFiles files;

        SparkSqlEngine(SparkSession spark, WorkloadFiles files) {
            this.spark = spark;
            this.files = files;
            for (int g = 0; g < files.workload().groups(); g++) {
                OfflineFolders.read(
                                spark,
                                files.workload().group(g),
                                files.history(g).toUri().toString())
                        .createOrReplaceTempView("cards_" + g);
            }
            spark.read().parquet(files.labels().toUri().toString()).createOrReplaceTempView("labels");
        }

        @Override
        public SqlDialect dialect() {
            return SqlDialect.spark();
        }

        @Override
        public TableNames tables() {
            return group -> List.of("cards_" + Workload.number(group));
        }

        @Override
        public String[] labels() {
            return new String[] {"labels"};
        }

        @Override
        public Candidates candidates() {
            return new SparkCandidates(files.workload());
        }

        @Override
        public void compute(String sql) {
            spark.sql(sql).write().format("noop").mode("overwrite").save();
        }

        @Override
        public void read(String sql, List<String> columns, Rows rows) {
            Iterator<Row> all = spark.sql("SELECT label_id, " + String.join(", ", columns) + " FROM (" + sql + ")")
                    .toLocalIterator();
            @Nullable Object[] values = new Object[columns.size()];
            while (all.hasNext()) {
                Row row = all.next();
                for (int c = 0; c < values.length; c++) {
                    values[c] = row.get(c + 1);
                }
                rows.row(row.getLong(0), values);
            }
        }

        @Override
        public void close() {
            spark.catalog().clearCache();
        }
    }

    /** Spark's, with times as text of one width. */
    private static final class SparkCandidates extends Candidates {
        SparkCandidates(Workload workload) {
            super(workload, "labels");
        }

        @Override
        protected String history(int g) {
            return "cards_" + g;
        }

        @Override
        protected String eventKey(String text) {
            return "substr(" + text + ", 1, 19) || '.' || rpad(replace(substr(" + text + ", 21), 'Z', ''), 9, '0')";
        }

        @Override
        protected String checkedEventKey(String text) {
            return "CASE WHEN endswith(" + text + ", 'Z') AND " + text + " RLIKE '^" + UTC_TIME + "$' THEN "
                    + eventKey(text) + " ELSE CAST(raise_error('no time') AS STRING) END";
        }

        @Override
        protected String labelKey(String timestamp) {
            return labelMillis(timestamp) + " || '000000'";
        }

        private static String labelMillis(String timestamp) {
            return "date_format(" + timestamp + ", \"yyyy-MM-dd'T'HH:mm:ss.SSS\")";
        }

        @Override
        protected String afterAll() {
            return "'~'";
        }

        @Override
        protected String labelText(String timestamp) {
            return labelMillis(timestamp) + " || 'Z'";
        }

        @Override
        protected String hadArrived(String arrival, String labelTimestamp) {
            return arrival + " + INTERVAL 1 SECOND <= " + labelTimestamp;
        }

        @Override
        public List<Candidate> of(PointInTime.Mode mode) {
            List<Candidate> candidates = new ArrayList<>();
            if (mode == PointInTime.Mode.EVENT_TIME) {
                if (groups() == 1) {
                    candidates.add(published());
                }
                candidates.add(intervals(false));
                candidates.add(union("NULL", new RowValue() {
                    @Override
                    public String of(List<String> columns) {
                        return "struct(" + String.join(", ", columns) + ")";
                    }

                    @Override
                    public String last(String row) {
                        return "last_value(" + row + ") IGNORE NULLS";
                    }
                }));
            }
            candidates.addAll(range(mode));
            return candidates;
        }
    }
}
