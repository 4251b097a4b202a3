package dev.featurestore.examples.glue;

import dev.featurestore.spi.TrainingRowReader;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.util.Iterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a frame, one partition at a time: spine columns, the view's columns, then event times. */
final class SparkTrainingRows implements TrainingRows {
    private final TrainingSet set;

    private final Dataset<Row> frame;

    private final TrainingRowReader reader;

    private boolean iterated;

    /** @param set as it was rendered */
    SparkTrainingRows(TrainingSet set, Dataset<Row> frame) {
        this.set = set;
        this.frame = frame;
        this.reader = new TrainingRowReader(set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        Iterator<Row> rows = told(frame::toLocalIterator);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return told(rows::hasNext);
            }

            @Override
            public TrainingRow next() {
                return reader.read(new SparkRow(told(rows::next)));
            }
        };
    }

    private <T> T told(SparkOfflineStore.Step<T> step) {
        return SparkOfflineStore.told("read the rows of " + set, step);
    }

    /** Nothing is held: what was read of a frame is Spark's. */
    @Override
    public void close() {
        // nothing to free
    }
}
