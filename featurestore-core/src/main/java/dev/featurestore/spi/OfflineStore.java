package dev.featurestore.spi;

import dev.featurestore.training.TrainingSet;
import java.net.URI;

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
}
