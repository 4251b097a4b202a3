package dev.featurestore.examples.quickstart;

import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.LocalOfflineStore;
import java.net.URI;
import java.nio.file.Path;

/** What builds the training sets of a run. The program has DuckDB's; a program with others hands them over. */
public interface TrainingEngine {
    /** As on the command line, in lower case. */
    String name();

    /**
     * Starts it.
     *
     * @param history the files of the offline store; to be flushed before they are read
     * @param folder holds all files of the run
     * @param scratch a folder below, which goes with the run
     */
    Running start(LocalOfflineStore history, Path folder, Path scratch);

    /** An engine at work. */
    interface Running extends AutoCloseable {
        /** Runs training sets over the history. */
        OfflineStore store();

        /** How the engine names a file or folder of the run. */
        default URI location(Path file) {
            return file.toUri();
        }

        /** Stops it. */
        @Override
        void close();
    }

    /** The one that the local offline store has within. */
    static TrainingEngine duckDb() {
        return new TrainingEngine() {
            @Override
            public String name() {
                return "duckdb";
            }

            @Override
            public Running start(LocalOfflineStore history, Path folder, Path scratch) {
                return new Running() {
                    @Override
                    public OfflineStore store() {
                        return history;
                    }

                    @Override
                    public void close() {
                        // it is the history's
                    }
                };
            }
        };
    }
}
