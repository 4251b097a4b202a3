package dev.featurestore.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * The rows of a training set, streamed. Can be iterated once, by one thread; must be closed, which ends the query if it
 * still runs.
 */
public interface TrainingRows extends Iterable<TrainingRow>, AutoCloseable {
    /** The rows; at most once. */
    @Override
    Iterator<TrainingRow> iterator();

    /** All rows, in the memory of this program: for small sets and tests. Counts as the one iteration. */
    default List<TrainingRow> toList() {
        List<TrainingRow> rows = new ArrayList<>();
        forEach(rows::add);
        return Collections.unmodifiableList(rows);
    }

    /** Frees what the query holds. Closing twice does nothing. */
    @Override
    void close();
}
