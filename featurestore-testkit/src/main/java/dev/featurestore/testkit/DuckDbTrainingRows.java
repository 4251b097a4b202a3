package dev.featurestore.testkit;

import dev.featurestore.spi.ResultRow;
import dev.featurestore.spi.TrainingRowReader;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The rows of a running query, in constant memory: spine columns, the view's columns, then event times. */
final class DuckDbTrainingRows implements TrainingRows {
    /** What to look at if a query fails for what it was given. */
    static final String HINT = "Check the types of the spine's columns";

    private final Connection connection;

    private final Statement statement;

    private final ResultSet result;

    private final TrainingSet set;

    private final TrainingRowReader reader;

    private final ResultRow row;

    private boolean iterated;

    private DuckDbTrainingRows(Connection connection, Statement statement, ResultSet result, TrainingSet set) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.set = set;
        this.reader = new TrainingRowReader(set);
        this.row = new DuckDbRow(result, "read the rows of " + set);
    }

    /**
     * Starts the query; what is returned closes the connection.
     *
     * @param set as it was rendered
     */
    static DuckDbTrainingRows start(Connection connection, TrainingSet set, String sql) throws SQLException {
        Statement statement = connection.createStatement();
        return new DuckDbTrainingRows(connection, statement, statement.executeQuery(sql), set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        return new Iterator<>() {
            private boolean advanced;
            private boolean more;

            @Override
            public boolean hasNext() {
                if (!advanced) {
                    more = advance();
                    advanced = true;
                }
                return more;
            }

            @Override
            public TrainingRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                advanced = false;
                return reader.read(row);
            }
        };
    }

    private boolean advance() {
        try {
            return result.next();
        } catch (SQLException e) {
            throw DuckDbErrors.failed("read the rows of " + set, HINT, e);
        }
    }

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            // closed in the order of their opening, backwards
        } catch (SQLException e) {
            throw DuckDbErrors.failed("close the rows of " + set, "What was read of them is right", e);
        }
    }
}
