package dev.featurestore.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where a run's files go: into a folder beside the wanted one, which takes its place when all is done, or disappears. */
final class OutputFolder implements AutoCloseable {
    static final String PAYMENTS = "transactions.parquet";
    static final String LABELS = "labels";
    static final String SERVED = "served.parquet";
    static final String TRAINING_AS_SERVED = "training-as-served.parquet";
    static final String TRAINING_EVENT_TIME = "training-event-time.parquet";
    static final String DIFFERENCES = "event-time-differences.parquet";
    static final String OFFLINE_STORE = "offline-store";

    private static final Set<String> OURS =
            Set.of(PAYMENTS, LABELS, SERVED, TRAINING_AS_SERVED, TRAINING_EVENT_TIME, DIFFERENCES, OFFLINE_STORE);

    private final Path target;

    private final boolean overwrite;

    private final Path partial;

    /** Where the run may keep what nobody wants afterwards. */
    private final Path scratch;

    private final Thread onExit;

    private OutputFolder(Path target, boolean overwrite, Path partial) throws IOException {
        this.target = target;
        this.overwrite = overwrite;
        this.partial = partial;
        this.scratch = Files.createDirectory(partial.resolve("scratch"));
        this.onExit = new Thread(() -> delete(partial));
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /**
     * Opens the folder beside the wanted one.
     *
     * @param overwrite whether the results of an earlier run may be replaced; nothing else ever is
     * @throws InvalidInputException if something is there that stays
     */
    static OutputFolder open(Path folder, boolean overwrite) {
        Path target = folder.toAbsolutePath().normalize();
        requireFree(target, overwrite);
        Path parent = target.getParent();
        if (parent == null) {
            throw new InvalidInputException(
                    "The output folder cannot be the root of the file system: name another" + " folder with --output.");
        }
        try {
            Files.createDirectories(parent);
            return new OutputFolder(
                    target, overwrite, Files.createTempDirectory(parent, target.getFileName() + ".partial-"));
        } catch (IOException e) {
            throw new InvalidInputException("Cannot make the output folder " + target + " ("
                    + e.getClass().getSimpleName() + "): name a folder that can be written with --output.");
        }
    }

    private static void requireFree(Path target, boolean overwrite) {
        List<String> names = list(target);
        if (names.isEmpty()) {
            return;
        }
        if (!OURS.containsAll(names)) {
            throw new InvalidInputException("The output folder " + target
                    + " holds files that are not results of this program: name another folder with --output.");
        }
        if (!overwrite) {
            throw new InvalidInputException("The output folder " + target
                    + " holds the results of an earlier run: add --overwrite to replace them (with Maven,"
                    + " -Dquickstart.args=\"--overwrite ...\"), or name another folder with --output.");
        }
    }

    private static List<String> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new InvalidInputException("The output " + folder + " is not a folder that can be read ("
                    + e.getClass().getSimpleName() + "): name another with --output.");
        }
    }

    /** The folder as wanted. */
    Path target() {
        return target;
    }

    /** An empty folder that goes with the run. */
    Path scratch() {
        return scratch;
    }

    /** Where all files are for now. */
    Path folder() {
        return partial;
    }

    /** Where to write a file for now. */
    Path file(String name) {
        return partial.resolve(name);
    }

    /**
     * Puts everything in its place. What was there is moved aside, and removed only when the new results have its name.
     *
     * @throws InvalidInputException if something that stays came there in the meantime
     */
    void publish() {
        delete(scratch);
        requireFree(target, overwrite);
        Path former = partial.resolveSibling(partial.getFileName() + ".former");
        try {
            if (Files.exists(target)) {
                Files.move(target, former, StandardCopyOption.ATOMIC_MOVE);
            }
            moveOrRestore(former);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move the results to " + target, e);
        }
        delete(former);
    }

    private void moveOrRestore(Path former) throws IOException {
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(former)) {
                Files.move(former, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        delete(partial);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder, e);
        }
    }
}
