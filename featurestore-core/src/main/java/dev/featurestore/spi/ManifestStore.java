package dev.featurestore.spi;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps one small text between runs, such as what is done of a long piece of work. Used by one run at a time; methods block.
 */
public interface ManifestStore {
    /** The text that was written last; empty if there is none. */
    Optional<String> read();

    /** Replaces the text, at once: whoever reads gets the old one or the new one, also after a crash. */
    void write(String text);

    /** In a file, in a folder that is made if it is not there. A file beside it, ending in {@code .new}, holds a text on its way. */
    static ManifestStore file(Path path) {
        return new FileManifestStore(path);
    }
}
