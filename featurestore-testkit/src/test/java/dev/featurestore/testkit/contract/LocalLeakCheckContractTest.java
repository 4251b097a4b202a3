package dev.featurestore.testkit.contract;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.training.TrainingSet;
import java.nio.file.Path;

/** Leaks and differences between the modes, found on DuckDB. */
class LocalLeakCheckContractTest extends LeakCheckContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return files;
    }

    @Override
    protected String produce(OfflineStore opened, TrainingSet set, Path target) {
        opened.unload(set, target.toUri());
        return "read_parquet('" + target + "')";
    }
}
