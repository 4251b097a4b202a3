package dev.featurestore.examples.endpoint;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the program has opened so far; closed in the opposite order, all of it even if a part fails. */
final class Opened implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private boolean closed;

    /** @throws IllegalStateException if it was closed meanwhile; the resource is closed then as well */
    synchronized <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        if (closed) {
            closeAll();
            throw new IllegalStateException("told to end");
        }
        return resource;
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeAll();
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("Not all was closed", e);
            }
        }
    }
}
