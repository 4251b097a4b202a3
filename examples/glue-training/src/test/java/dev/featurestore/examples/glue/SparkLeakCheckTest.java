package dev.featurestore.examples.glue;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.LeakCheckContract;
import dev.featurestore.training.TrainingSet;
import java.nio.file.Path;

/** Leaks and differences between the modes, found on Spark. */
class SparkLeakCheckTest extends LeakCheckContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }

    @Override
    protected String produce(OfflineStore opened, TrainingSet set, Path target) {
        opened.unload(set, target.toUri());
        return "parquet.`" + target + "`";
    }
}
