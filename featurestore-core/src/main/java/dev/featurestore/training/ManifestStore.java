package dev.featurestore.training;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps one small text between runs, such as what is done of a long piece of work. Used by one run at a time, which {@link #lock} sees to; methods
 * block.
 */
public interface ManifestStore {
    /** The text that was written last; empty if there is none. */
    Optional<String> read();

    /** Replaces the text, at once: whoever reads gets the old one or the new one, also after a crash. */
    void write(String text);

    /**
     * Keeps other runs out until the lock is closed, or this program has ended, however it did.
     *
     * <p>Unless a store overrides it nobody is kept out: it is for the caller to see that runs do not meet.
     *
     * @throws IllegalStateException if another run has it, in this program or another
     */
    default Lock lock() {
        return () -> {};
    }

    /** Held by one run. */
    interface Lock extends AutoCloseable {
        /** Lets others in. Closing twice does nothing. */
        @Override
        void close();
    }

    /**
     * In a file, in a folder that is made if it is not there. A file beside it, ending in {@code .new}, holds a text on its
     * way; another, ending in {@code .lock}, is locked by the run at work, and stays.
     */
    static ManifestStore file(Path path) {
        return new FileManifestStore(path);
    }
}
