package dev.featurestore.examples.athena;

import dev.featurestore.examples.quickstart.Quickstart;
import dev.featurestore.examples.quickstart.TrainingEngine;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The quickstart with its training sets built as on AWS: by Athena's SQL, through Athena's API. */
public final class TrinoQuickstart {
    private TrinoQuickstart() {}

    /** Runs the program; its options are those of the quickstart. */
    public static void main(String[] args) {
        Path hive = Path.of(System.getProperty("trino.hive"));
        Quickstart.main(args, engine(hive), TrainingEngine.duckDb());
    }

    /** @param hive the unpacked folder of {@code io.trino:trino-hive} */
    static TrainingEngine engine(Path hive) {
        return new TrainingEngine() {
            @Override
            public String name() {
                return "trino";
            }

            @Override
            public Running start(LocalOfflineStore history, Path folder, Path scratch) {
                return new Training(hive, history, folder, scratch);
            }
        };
    }

    /** The folder of the run is the bucket. */
    private static final class Training implements TrainingEngine.Running {
        private final Path folder;
        private final LocalTrino trino;
        private final GroupTables tables;
        private final LocalAthena athena;
        private final OfflineStore store;

        Training(Path hive, LocalOfflineStore history, Path folder, Path scratch) {
            this.folder = folder;
            try {
                this.trino = LocalTrino.start(hive, Files.createDirectory(scratch.resolve("catalog")));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot make the folder of Trino's catalog", e);
            }
            this.tables = new GroupTables(
                    trino,
                    history::dataOf,
                    group -> List.of("sagemaker_featurestore", group.name().toLowerCase(Locale.ROOT)));
            this.athena = LocalAthena.start(new TrinoAthenaEngine(trino, history::flush), folder);
            this.store = athena.store()
                    .tables(tables)
                    .outputLocation(location(scratch.resolve("results")).toString())
                    .build();
        }

        @Override
        public OfflineStore store() {
            return store;
        }

        @Override
        public URI location(Path file) {
            return LocalAthena.s3(folder.relativize(file).toString());
        }

        @Override
        public void close() {
            athena.close();
            tables.close();
            trino.close();
        }
    }
}
