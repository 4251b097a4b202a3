package dev.featurestore.serving;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines in numbered files of a folder. A file is made when there is something to write to it, left when it is full, and
 * deleted when there are too many. For one thread at a time.
 */
final class RollingFile {
    private static final Logger LOG = LoggerFactory.getLogger(RollingFile.class);

    static final String SUFFIX = ".jsonl";

    private static final String PREFIX = "served-";

    private final Path folder;

    private final long bytesPerFile;

    private final int files;

    private final Opener opener;

    private @Nullable OutputStream open;

    private Path path;

    /** Whether the last write may have left half a line. */
    private boolean torn;

    RollingFile(Path folder, long bytesPerFile, int files, Opener opener) {
        this.folder = folder;
        this.path = folder;
        this.bytesPerFile = bytesPerFile;
        this.files = files;
        this.opener = opener;
    }

    /** Makes a file. */
    interface Opener {
        /** Makes it; throws {@link FileAlreadyExistsException} if it is there already. */
        OutputStream open(Path file) throws IOException;
    }

    /** Not a channel: an interrupt would close that. */
    static OutputStream create(Path file) throws IOException {
        Files.createFile(file);
        try {
            return new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Writes whole lines; after a failure some of them may be there, and half of one. The next write begins a new line. */
    void write(String lines) throws IOException {
        if (open != null && isLeft()) {
            close();
        }
        if (open == null) {
            List<Path> old = written();
            open = openAfter(old.isEmpty() ? 0 : number(old.get(old.size() - 1)));
            torn = false;
            old.subList(0, Math.max(0, old.size() - files + 1)).forEach(RollingFile::delete);
        }
        byte[] text = (torn ? "\n" + lines : lines).getBytes(StandardCharsets.UTF_8);
        torn = true;
        open.write(text);
        open.flush();
        torn = false;
    }

    /** Whether the file is full, or gone: a file that was deleted takes whatever is written to it, and it is lost. */
    private boolean isLeft() {
        try {
            return Files.size(path) >= bytesPerFile;
        } catch (IOException e) {
            return true;
        }
    }

    /** Closes the file if one is open. The next write makes another one. */
    void close() throws IOException {
        OutputStream last = open;
        open = null;
        if (last != null) {
            last.close();
        }
    }

    /** A file that cannot be deleted, such as one that is being read, stops no vectors; the next time tries again. */
    private static void delete(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            LOG.warn("An old file of served vectors could not be deleted [file={} failure={}]", old, e.toString());
        }
    }

    private OutputStream openAfter(long last) throws IOException {
        long number = last;
        while (true) {
            number++;
            try {
                path = folder.resolve(String.format(Locale.ROOT, "%s%06d%s", PREFIX, number, SUFFIX));
                return opener.open(path);
            } catch (FileAlreadyExistsException e) {
                // of another sink, made meanwhile: it has that one, and this one the next
            }
        }
    }

    /** The files that are there, the oldest first. */
    private List<Path> written() throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(file -> number(file) > 0)
                    .sorted((one, other) -> Long.compare(number(one), number(other)))
                    .toList();
        }
    }

    /** Of a file's name; 0 if it is none of a sink. */
    private static long number(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return 0;
        }
        String digits = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        return digits.matches("\\d{6,18}") ? Long.parseLong(digits) : 0;
    }
}
