package dev.featurestore.testkit;

import dev.featurestore.schema.FeatureGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a feature store in a folder: a journal of what is online and of the rows that are not in files yet, and the
 * files of a {@link LocalOfflineStore}. Each change is in the journal before it takes effect. When the folder is opened and
 * when it is closed, rows become files and the journal is written anew without what is over.
 */
final class DataFolder {
    /**
     * The folders that this JVM has open. The operating system's lock does not tell apart who in a process holds it, and
     * closing a second handle would take it from the first.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path folder;

    private final FileChannel lock;

    private final LocalOfflineStore offline;

    private final Journal journal;

    private final Map<String, SavedGroup> groups = new LinkedHashMap<>();

    private DataFolder(Path folder, FileChannel lock, InstantSource clock) throws IOException {
        this.folder = folder;
        this.lock = lock;
        Journal.read(journalPath(), line -> ChangeJson.replay(line, groups));
        Path files = folder.resolve("offline");
        removeScratch(files);
        this.offline = LocalOfflineStore.at(files, clock);
        try {
            groups.values().forEach(group -> offline.recover(group.definition(), group.rows()));
            writeAnew(groups);
            this.journal = Journal.open(journalPath());
        } catch (IOException | RuntimeException e) {
            offline.close();
            throw e;
        }
    }

    /**
     * Opens a folder, made if it is not there.
     *
     * @throws IllegalStateException if it is open already, in this process or another, or its journal cannot be read
     * @throws UncheckedIOException if it cannot be read or written
     */
    static DataFolder open(Path path, InstantSource clock) {
        Path folder = null;
        FileChannel lock = null;
        boolean opened = false;
        try {
            Files.createDirectories(path);
            Path real = path.toRealPath();
            if (!OPEN.add(real)) {
                throw inUse(path);
            }
            folder = real;
            lock = FileChannel.open(real.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = lock.tryLock();
            if (held == null) {
                throw inUse(path);
            }
            DataFolder data = new DataFolder(real, lock, clock);
            opened = true;
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the data folder " + path, e);
        } finally {
            if (!opened) {
                release(folder, lock);
            }
        }
    }

    private static IllegalStateException inUse(Path path) {
        return new IllegalStateException("The data folder " + path
                + " is in use by another feature store: close that, or choose another folder");
    }

    private static void release(@Nullable Path folder, @Nullable FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot release the data folder " + folder, e);
        } finally {
            if (folder != null) {
                OPEN.remove(folder);
            }
        }
    }

    /** What a process left that was killed; nobody else uses the folder. */
    private static void removeScratch(Path files) throws IOException {
        if (!Files.isDirectory(files)) {
            return;
        }
        try (Stream<Path> left = Files.list(files)) {
            for (Path scratch : left.filter(
                            path -> path.getFileName().toString().startsWith(".scratch-"))
                    .toList()) {
                try (Stream<Path> all = Files.walk(scratch)) {
                    for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private Path journalPath() {
        return folder.resolve("journal.jsonl");
    }

    /** The journal of what is online now; what was to go offline is in files. */
    private void writeAnew(Map<String, SavedGroup> saved) throws IOException {
        Journal.replace(journalPath(), lines -> {
            lines.accept(ChangeJson.header());
            saved.forEach((name, group) -> {
                lines.accept(ChangeJson.created(group.definition()));
                group.entries().forEach((id, entry) -> lines.accept(ChangeJson.written(name, id, entry, null)));
            });
        });
    }

    Path path() {
        return folder;
    }

    LocalOfflineStore offline() {
        return offline;
    }

    /** The groups as they were; for once. */
    List<SavedGroup> takeGroups() {
        List<SavedGroup> all = List.copyOf(groups.values());
        groups.clear();
        return all;
    }

    /** What takes the changes from now on. */
    ChangeLog changes() {
        return new ChangeLog() {
            @Override
            public void created(FeatureGroup<?> group) {
                journal.append(ChangeJson.created(group));
            }

            @Override
            public void redefined(FeatureGroup<?> group) {
                journal.append(ChangeJson.redefined(group));
            }

            @Override
            public void deleted(String group) {
                journal.append(ChangeJson.deleted(group));
            }

            @Override
            public void written(
                    String group, String identifier, @Nullable OnlineEntry online, @Nullable OfflineRow row) {
                journal.append(ChangeJson.written(group, identifier, online, row));
            }
        };
    }

    /**
     * Writes what is not in files yet as files, the journal anew, and gives the folder free. What fails leaves the journal as
     * it is, so that nothing is lost.
     *
     * @param settle returns when all changes under way are done, once the journal takes no more
     */
    synchronized void close(Runnable settle) {
        if (!lock.isOpen()) {
            return;
        }
        try {
            journal.close();
            settle.run();
            offline.close();
            Map<String, SavedGroup> saved = new LinkedHashMap<>();
            Journal.read(journalPath(), line -> ChangeJson.replay(line, saved));
            writeAnew(saved);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the data folder " + folder, e);
        } finally {
            release(folder, lock);
        }
    }
}
