package dev.featurestore.ingest;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * How far a load has come, in a file, so that it can go on after a crash. It holds a position below which every record is
 * settled; those behind it may be written a second time, which is harmless. For one load at a time.
 */
public final class Checkpoint {
    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Path path;

    private final String runId;

    private Checkpoint(Path path, String runId) {
        this.path = path;
        this.runId = runId;
    }

    /**
     * A checkpoint in this file, which need not exist yet; its folder must.
     *
     * @param runId names the load and the state of its source, such as {@code cards-2026-03-10}: a checkpoint of another one
     *     is refused. 1 to 128 letters, digits, dots, dashes and underscores
     */
    public static Checkpoint file(Path path, String runId) {
        if (!RUN_ID.matcher(runId).matches()) {
            throw new IllegalArgumentException(
                    "A run id is 1 to 128 letters, digits, dots, dashes and underscores, got " + runId.length()
                            + " characters with others among them");
        }
        return new Checkpoint(Objects.requireNonNull(path, "path"), runId);
    }

    /**
     * What has become of the records below a position.
     *
     * @param position how many records from the first are settled
     * @param failed how many of them failed for good
     * @param unknown of how many of them the outcome is unknown
     */
    record State(long position, long failed, long unknown) {
        static final State NONE = new State(0, 0, 0);
    }

    State load(String group) {
        if (!Files.exists(path)) {
            return State.NONE;
        }
        Properties stored = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            stored.load(reader);
            require("feature group", group, stored.getProperty("group"));
            require("run", runId, stored.getProperty("run"));
            return new State(number(stored, "position"), number(stored, "failed"), number(stored, "unknown"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read checkpoint " + path, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "Checkpoint " + path + " is damaged: delete it to load everything once more", e);
        }
    }

    private void require(String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException("Checkpoint " + path + " is of " + what + " '" + found + "', not of '"
                    + expected + "': name another file for this load, or delete it to begin anew");
        }
    }

    private static long number(Properties stored, String name) {
        long number = Long.parseLong(String.valueOf(stored.getProperty(name)));
        if (number < 0) {
            throw new NumberFormatException(name + " is negative");
        }
        return number;
    }

    /** Replaces the file as a whole, on the disk when this returns. */
    void save(String group, State state) throws IOException {
        String text = "group=" + group + "\nrun=" + runId + "\nposition=" + state.position() + "\nfailed="
                + state.failed() + "\nunknown=" + state.unknown() + "\n";
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (FileOutputStream file = new FileOutputStream(next.toFile())) {
            file.write(text.getBytes(StandardCharsets.UTF_8));
            file.getFD().sync();
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The file and the run. */
    @Override
    public String toString() {
        return "checkpoint " + path + " of run '" + runId + "'";
    }
}
