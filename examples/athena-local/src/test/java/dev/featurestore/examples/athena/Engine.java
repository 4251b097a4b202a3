package dev.featurestore.examples.athena;

import dev.featurestore.testkit.LocalOfflineStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One engine for all tests of the run; it stops with the machine. */
final class Engine {
    static final LocalTrino TRINO = start();

    private Engine() {}

    private static LocalTrino start() {
        try {
            Path metadata = Files.createDirectories(Path.of("target", "trino-metadata"));
            return LocalTrino.start(
                    Path.of(System.getProperty("trino.hive")), Files.createTempDirectory(metadata, "catalog"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs over the files of a local store, all of them. */
    static AthenaLocalStore over(LocalOfflineStore local) {
        return new AthenaLocalStore(TRINO, group -> {
            local.flush();
            return local.dataOf(group);
        });
    }
}
