package dev.featurestore.spi;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every record ever written, joined point in time on request. Safe for use by many threads. Methods block. */
public interface OfflineStore {
    /**
     * Runs a training set and streams its rows in no order. The caller closes what is returned.
     *
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    TrainingRows run(TrainingSet set);

    /**
     * Runs a training set and writes its rows as Parquet files.
     *
     * @param target where to, in the store's own terms; must hold nothing yet
     * @return the number of rows written; -1 if the engine does not tell
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails; nothing is left at the target then
     */
    long unload(TrainingSet set, URI target);

    /**
     * The same, for a caller that may have asked for it before and broken down. A store that knows the piece of work goes on
     * with it, or tells how it ended; any other starts, and fails if there is something at the target.
     *
     * @param work names this piece of work and no other: never used again for another target or at another time
     */
    default long unload(TrainingSet set, URI target, String work) {
        return unload(set, target);
    }

    /**
     * The labels of a set, counted by the day of their time; days without labels are left out.
     *
     * @param since rows of the history that were written after it are new: labels that may see one of them count as touched
     * @throws UnsupportedCapabilityException if the store cannot tell
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    default List<LabelDay> labelDays(TrainingSet set, Instant since) {
        throw new UnsupportedCapabilityException("This offline store cannot tell which labels of " + set
                + " were touched by new rows: build the whole set");
    }

    /**
     * Finds the rows of a produced training set that the rule does not give; see {@link
     * dev.featurestore.TrainingSetClient#leakCheck}.
     *
     * @param produced what has the set's columns, event times among them; null for what the store's own query gives
     * @param leaks is handed each, by the calling thread
     * @throws UnsupportedCapabilityException if the store cannot check
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    default void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
        throw new UnsupportedCapabilityException("This offline store cannot check " + set + " for leaks");
    }

    /**
     * Finds the labels whose rows differ between the modes; see {@link dev.featurestore.TrainingSetClient#compareModes}.
     *
     * @param differences is handed each, by the calling thread
     * @throws UnsupportedCapabilityException if the store cannot compare
     * @throws dev.featurestore.errors.QueryFailedException if the engine fails
     */
    default void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        throw new UnsupportedCapabilityException("This offline store cannot compare the modes of " + set);
    }
}
