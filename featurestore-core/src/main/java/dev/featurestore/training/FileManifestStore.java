package dev.featurestore.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/** A text in a file that is replaced by renaming another over it. */
final class FileManifestStore implements ManifestStore {
    private final Path path;

    FileManifestStore(Path path) {
        this.path = path.toAbsolutePath();
    }

    @Override
    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the manifest " + path, e);
        }
    }

    @Override
    public void write(String text) {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the manifest " + path, e);
        }
    }

    @Override
    public Lock lock() {
        Path file = path.resolveSibling(path.getFileName() + ".lock");
        try {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                // closing it lets go of the lock as well
                return () -> close(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock the manifest " + path, e);
        }
        throw new IllegalStateException("Another run is at work with the manifest " + path
                + ": wait until it has ended, or give this one a manifest and a target of its own");
    }

    /** False if somebody else has it, in this program or another. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock the manifest " + path, e);
        }
    }

    @Override
    public String toString() {
        return "manifest at " + path;
    }
}
