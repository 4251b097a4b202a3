package dev.featurestore.benchmarks.training;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An engine with the data of a workload in its tables. */
public interface SqlEngine extends AutoCloseable {
    /** Takes the rows of an answer. */
    interface Rows {
        /** One row, with the values of the feature columns: numbers and nulls. */
        void row(long label, @Nullable Object[] values);
    }

    /** The library's language for it. */
    SqlDialect dialect();

    /** Where the groups' histories are. */
    TableNames tables();

    /** The table of the labels, by parts of its name. */
    String[] labels();

    /** The queries one would write by hand. */
    Candidates candidates();

    /** Computes every row and column of a query and keeps none in the program. */
    void compute(String sql) throws SQLException;

    /** Reads a query's column {@code label_id} and the given ones. */
    void read(String sql, List<String> columns, Rows rows) throws SQLException;

    /** The most memory that computing a query takes, in bytes; empty where the engine does not tell. */
    default OptionalLong peakMemory(String sql) throws SQLException {
        return OptionalLong.empty();
    }

    /**
     * Rounds that do not count. It takes that long until an engine in Java has compiled its planner, and the code it makes of
     * queries, as well as it will.
     */
    default int warmUpRounds() {
        return 8;
    }

    @Override
    void close() throws SQLException;
}
