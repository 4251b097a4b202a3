package dev.featurestore.examples.athena;

import dev.featurestore.benchmarks.training.Candidates;
import dev.featurestore.benchmarks.training.Contests;
import dev.featurestore.benchmarks.training.SqlEngine;
import dev.featurestore.benchmarks.training.Workload;
import dev.featurestore.benchmarks.training.WorkloadFiles;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.PointInTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What does the library's query cost on Athena's engine beside those written by hand? Arguments are those of {@link
 * Contests#run}.
 */
public final class TrainingSqlOnTrino {
    private TrainingSqlOnTrino() {}

    /** Runs contests; the system property {@code trino.hive} says where Trino's connector is. */
    public static void main(String[] args) throws SQLException, IOException {
        try (LocalTrino trino = LocalTrino.start(
                Path.of(System.getProperty("trino.hive")), Files.createTempDirectory("trino-metadata"))) {
            new Contests(200_000)
                    .with("wide", new Workload(3, 60_000, 20, 6_000, 200))
                    .run(args, (files, scratch) -> new TrinoSqlEngine(trino, files));
        }
    }

    /** Trino within this process, reading Parquet files. */
    private static final class TrinoSqlEngine implements SqlEngine {
        private final LocalTrino trino;
        private final WorkloadFiles files;
        private final Connection connection;
        private final List<String> tables = new ArrayList<>();

        TrinoSqlEngine(LocalTrino trino, WorkloadFiles files) throws SQLException {
            this.trino = trino;
            this.files = files;
            this.connection = trino.connect();
            for (int g = 0; g < files.workload().groups(); g++) {
                String features = files.workload().columns(g).stream()
                        .map(column -> column + " " + type(column) + ", ")
                        .collect(Collectors.joining());
                create(
                        files.history(g),
                        "card_id VARCHAR, event_ts VARCHAR, " + features
                                + "write_time TIMESTAMP(3), api_invocation_time TIMESTAMP(3), is_deleted BOOLEAN");
            }
            create(files.labels(), "label_id BIGINT, card_id VARCHAR, label_ts TIMESTAMP(3)");
        }

        private void create(Path folder, String columns) {
            String table = trino.newTable();
            trino.execute("CREATE TABLE " + table + " (" + columns + ") WITH (external_location = '"
                    + LocalTrino.location(folder) + "', format = 'PARQUET')");
            tables.add(table);
        }

        static String type(String column) {
            return Workload.isRowNumber(column) ? "BIGINT" : "DOUBLE";
        }

        @Override
        public SqlDialect dialect() {
            return SqlDialect.athena();
        }

        @Override
        public TableNames tables() {
            return group -> List.of(tables.get(Workload.number(group)));
        }

        @Override
        public String[] labels() {
            return new String[] {tables.get(tables.size() - 1)};
        }

        @Override
        public Candidates candidates() {
            return new TrinoCandidates(files.workload(), tables);
        }

        @Override
        public void compute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT checksum(ROW(label_id, "
                            + String.join(", ", files.workload().columns()) + ")) FROM (" + sql + ")")) {
                result.next();
            }
        }

        @Override
        public void read(String sql, List<String> columns, Rows rows) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(
                            "SELECT label_id, " + String.join(", ", columns) + " FROM (" + sql + ")")) {
                @Nullable Object[] values = new Object[columns.size()];
                while (result.next()) {
                    for (int c = 0; c < values.length; c++) {
                        values[c] = result.getObject(c + 2);
                    }
                    rows.row(result.getLong(1), values);
                }
            }
        }

        @Override
        public void close() throws SQLException {
            tables.forEach(table -> trino.execute("DROP TABLE " + table));
            connection.close();
        }
    }

    /** Trino's, with times as text of one width. */
    private static final class TrinoCandidates extends Candidates {
        private final List<String> tables;

        TrinoCandidates(Workload workload, List<String> tables) {
            super(workload, tables.get(tables.size() - 1));
            this.tables = tables;
        }

        @Override
        protected String history(int g) {
            return tables.get(g);
        }

        @Override
        protected String eventKey(String text) {
            return "substr(" + text + ", 1, 19) || '.' || rpad(replace(substr(" + text + ", 21), 'Z', ''), 9, '0')";
        }

        @Override
        protected String checkedEventKey(String text) {
            return "CASE WHEN regexp_like(" + text + ", '^" + UTC_TIME + "\\z') THEN " + eventKey(text)
                    + " ELSE CAST(CAST('no time' AS BIGINT) AS VARCHAR) END";
        }

        @Override
        protected String labelKey(String timestamp) {
            return "to_iso8601(" + timestamp + ") || '000000'";
        }

        @Override
        protected String afterAll() {
            return "'~'";
        }

        @Override
        protected String labelText(String timestamp) {
            return "to_iso8601(" + timestamp + ") || 'Z'";
        }

        @Override
        protected String hadArrived(String arrival, String labelTimestamp) {
            return arrival + " + INTERVAL '1' SECOND <= " + labelTimestamp;
        }

        @Override
        public List<Candidate> of(PointInTime.Mode mode) {
            List<Candidate> candidates = new ArrayList<>();
            if (mode == PointInTime.Mode.EVENT_TIME) {
                if (groups() == 1) {
                    candidates.add(published());
                }
                candidates.add(intervals(false));
                candidates.add(intervals(true));
                if (groups() == 1) {
                    candidates.add(union("CAST(NULL AS " + rowType() + ")", new RowValue() {
                        @Override
                        public String of(List<String> columns) {
                            return "CAST(ROW(" + String.join(", ", columns) + ") AS " + rowType() + ")";
                        }

                        @Override
                        public String last(String row) {
                            return "last_value(" + row + ") IGNORE NULLS";
                        }
                    }));
                }
            }
            candidates.addAll(range(mode));
            return candidates;
        }

        private String rowType() {
            return columns(0).stream()
                    .map(column -> column + " " + TrinoSqlEngine.type(column))
                    .collect(Collectors.joining(", ", "ROW(", ")"));
        }
    }
}
