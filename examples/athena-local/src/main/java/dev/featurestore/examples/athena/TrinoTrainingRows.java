package dev.featurestore.examples.athena;

import dev.featurestore.spi.ResultRow;
import dev.featurestore.spi.TrainingRowReader;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a running query: spine columns, the view's columns, then event times. */
final class TrinoTrainingRows implements TrainingRows {
    private final Connection connection;

    private final Statement statement;

    private final ResultSet result;

    private final TrainingSet set;

    private final TrainingRowReader reader;

    private final ResultRow row;

    private boolean iterated;

    private TrinoTrainingRows(Connection connection, Statement statement, ResultSet result, TrainingSet set) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.set = set;
        this.reader = new TrainingRowReader(set);
        this.row = new TrinoRow(result, "read the rows of " + set);
    }

    /**
     * Starts the query; what is returned closes the connection.
     *
     * @param set as it was rendered
     */
    static TrinoTrainingRows start(Connection connection, TrainingSet set, String sql) throws SQLException {
        Statement statement = connection.createStatement();
        return new TrinoTrainingRows(connection, statement, statement.executeQuery(sql), set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        return new Iterator<>() {
            private @Nullable TrainingRow next = advance();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public TrainingRow next() {
                TrainingRow row = next;
                if (row == null) {
                    throw new NoSuchElementException();
                }
                next = advance();
                return row;
            }
        };
    }

    private @Nullable TrainingRow advance() {
        try {
            return result.next() ? reader.read(row) : null;
        } catch (SQLException e) {
            throw TrinoErrors.failed("read the rows of " + set, e);
        }
    }

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            // closed in the order of their opening, backwards
        } catch (SQLException e) {
            throw TrinoErrors.failed("close the rows of " + set, e);
        }
    }
}
