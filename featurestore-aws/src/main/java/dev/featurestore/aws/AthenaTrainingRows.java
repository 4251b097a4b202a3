package dev.featurestore.aws;

import dev.featurestore.spi.TrainingRowReader;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.Row;

/** The rows of a query that was started: waited for when the first is asked for, then read a page at a time. */
final class AthenaTrainingRows implements TrainingRows {
    private final AthenaQuery query;

    private final TrainingSet set;

    private final TrainingRowReader reader;

    private boolean iterated;

    private volatile boolean closed;

    /** @param set as it was rendered */
    AthenaTrainingRows(AthenaQuery query, TrainingSet set) {
        this.query = query;
        this.set = set;
        this.reader = new TrainingRowReader(set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        return new Pages();
    }

    /** All rows, of which one page is held. */
    private final class Pages implements Iterator<TrainingRow> {
        private @Nullable AthenaValues values;

        private Iterator<Row> page = List.<Row>of().iterator();

        private @Nullable String next;

        private boolean last;

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && !last) {
                turn();
            }
            return page.hasNext();
        }

        private void turn() {
            if (closed) {
                throw new IllegalStateException("The rows of the training set are closed");
            }
            if (values == null) {
                query.await();
            }
            GetQueryResultsResponse response = query.page(next);
            List<Row> rows = response.resultSet().rows();
            if (values == null) {
                values = new AthenaValues(
                        "Reading the rows of " + set,
                        response.resultSet().resultSetMetadata().columnInfo(),
                        reader.columns());
                if (!rows.isEmpty() && values.isHeader(rows.get(0).data())) {
                    rows = rows.subList(1, rows.size());
                }
            }
            next = response.nextToken();
            last = next == null;
            page = rows.iterator();
        }

        @Override
        public TrainingRow next() {
            if (!hasNext() || values == null) {
                throw new NoSuchElementException();
            }
            return reader.read(values.row(page.next().data()));
        }
    }

    @Override
    public void close() {
        closed = true;
        query.cancel();
    }

    @Override
    public String toString() {
        return "rows of " + set + " from Athena query " + query.id();
    }
}
