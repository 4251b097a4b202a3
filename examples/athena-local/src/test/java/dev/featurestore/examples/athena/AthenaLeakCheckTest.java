package dev.featurestore.examples.athena;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.contract.LeakCheckContract;
import dev.featurestore.training.TrainingSet;
import java.nio.file.Path;

/** Leaks and differences between the modes, found on Athena's engine. */
class AthenaLeakCheckTest extends LeakCheckContract {
    @Override
    protected OfflineStore open(LocalOfflineStore files) {
        return Engine.over(files);
    }

    @Override
    protected void close(OfflineStore opened) {
        ((Engine.Over) opened).close();
    }

    @Override
    protected String produce(OfflineStore opened, TrainingSet set, Path target) {
        String table = Engine.TRINO.newTable();
        ((Engine.Over) opened).createTable(set, LocalAthena.s3("tables/" + table), table);
        return table;
    }
}
