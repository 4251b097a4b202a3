package com.example.fraud.training;

import com.example.fraud.Fraud;
import dev.featurestore.LeakReport;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import java.net.URI;

/** Joins labels with what the model would have been served when they happened. */
public final class Job {
    private Job() {}

    /** Writes the training set as Parquet, looks for leaks in it, and answers how many rows it has. */
    public static long run(OfflineStore store, Spine labels, URI target) {
        TrainingSetClient set = TrainingSetClient.of(TrainingSet.of(Fraud.MODEL, labels), store);
        long rows = set.unload(target);
        LeakReport leaks = set.leakCheck();
        if (!leaks.isClean()) {
            throw new IllegalStateException(leaks.toString());
        }
        return rows;
    }
}
