package dev.featurestore.benchmarks.training;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.ProfilerPrintFormat;
import org.jspecify.annotations.Nullable;

/** DuckDB within this process, reading Parquet files. */
final class DuckDbSqlEngine implements SqlEngine {
    private static final Pattern PEAK = Pattern.compile("\"peak_buffer_memory\":\\s*(\\d+)");

    private final WorkloadFiles files;

    private final DuckDBConnection connection;

    DuckDbSqlEngine(WorkloadFiles files, Path spill, int memoryLimitMb) throws SQLException {
        this.files = files;
        Properties settings = new Properties();
        settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        this.connection = DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
        execute("SET memory_limit = '" + memoryLimitMb + "MB'");
        execute("SET temp_directory = '" + spill + "'");
        execute("SET preserve_insertion_order = false");
        execute("SET TimeZone = 'UTC'");
        execute("CREATE VIEW labels AS SELECT * FROM " + DuckDbCandidates.read(files.labels()));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public SqlDialect dialect() {
        return SqlDialect.duckDb();
    }

    @Override
    public TableNames tables() {
        return group -> List.of(files.history(Workload.number(group)) + "/**/*.parquet");
    }

    @Override
    public String[] labels() {
        return new String[] {"labels"};
    }

    @Override
    public Candidates candidates() {
        return new DuckDbCandidates(files);
    }

    @Override
    public void compute(String sql) throws SQLException {
        execute("CREATE OR REPLACE TEMP TABLE answer AS " + sql);
    }

    @Override
    public int warmUpRounds() {
        return 0;
    }

    @Override
    public OptionalLong peakMemory(String sql) throws SQLException {
        execute("SET enable_profiling = 'no_output'");
        compute(sql);
        Matcher peak = PEAK.matcher(connection.getProfilingInformation(ProfilerPrintFormat.JSON));
        execute("RESET enable_profiling");
        return peak.find() ? OptionalLong.of(Long.parseLong(peak.group(1))) : OptionalLong.empty();
    }

    @Override
    public void read(String sql, List<String> columns, Rows rows) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT label_id, " + String.join(", ", columns) + " FROM (" + sql + ") AS a")) {
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
        connection.close();
    }
}
