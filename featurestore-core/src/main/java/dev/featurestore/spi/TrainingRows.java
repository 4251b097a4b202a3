package dev.featurestore.spi;

import dev.featurestore.training.TrainingRow;
import java.util.Iterator;

/**
 * The rows of a training set, streamed. Can be iterated once, by one thread; must be closed, which ends the query if it
 * still runs.
 */
public interface TrainingRows extends Iterable<TrainingRow>, AutoCloseable {
    /** The rows; at most once. */
    @Override
    Iterator<TrainingRow> iterator();

    /** Frees what the query holds. Closing twice does nothing. */
    @Override
    void close();
}
