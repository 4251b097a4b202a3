package dev.featurestore.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.featurestore.errors.StoreUnavailableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of JSON lines that grows at its end. A line is handed to the operating system whole before {@link #append} returns:
 * it survives the end of the process, whatever ends it. Safe for use by many threads.
 */
final class Journal {
    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path path;

    /** Not a channel: that would be closed by the interruption of a thread that writes. */
    private final RandomAccessFile file;

    private boolean closed;

    private Journal(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Opens a journal at its end; what was cut off there is gone. */
    static Journal open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        file.seek(file.length());
        return new Journal(path, file);
    }

    /**
     * Reads the lines of a journal; none if it is not there. A last line that has no end was being written when the program
     * was killed: it is passed over with a warning.
     *
     * @throws IllegalStateException if another line cannot be read
     */
    static void read(Path path, Consumer<JsonNode> lines) {
        if (!Files.exists(path)) {
            return;
        }
        int number = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                number++;
                lines.accept(MAPPER.readTree(line.toByteArray()));
                line.reset();
            }
            if (line.size() > 0) {
                LOGGER.warn(
                        "Line {} of {} was cut off after {} bytes, by a program that was killed: it is passed over",
                        number + 1,
                        path,
                        line.size());
            }
        } catch (JsonProcessingException e) {
            throw corrupt(path, number, "it is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        } catch (RuntimeException e) {
            throw corrupt(path, number, String.valueOf(e.getMessage()));
        }
    }

    /** The cause is left out: it may quote the line, which has values. */
    private static IllegalStateException corrupt(Path path, int line, String why) {
        return new IllegalStateException("Line " + line + " of " + path + " cannot be read: " + why
                + ". Restore the file, or move its folder away to begin anew");
    }

    /**
     * Writes the lines of a new journal over the one that is there, if any, all at once.
     *
     * @param writer writes JSON lines to what it is given
     */
    static void replace(Path path, Consumer<Consumer<JsonNode>> writer) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try (FileOutputStream file = new FileOutputStream(next.toFile());
                OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
            writer.accept(line -> {
                try {
                    out.write(bytes(line));
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot write " + next, e);
                }
            });
            out.flush();
            file.getFD().sync();
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] bytes(JsonNode line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        MAPPER.writeValue(bytes, line);
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /**
     * Appends a line.
     *
     * @throws StoreUnavailableException if it cannot be written, as when the disk is full; nothing of it is there then
     * @throws IllegalStateException if the journal is closed
     */
    void append(JsonNode line) {
        try {
            byte[] bytes = bytes(line);
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("The feature store is closed, and its journal with it");
                }
                long end = file.getFilePointer();
                try {
                    file.write(bytes);
                } catch (IOException e) {
                    cutOff(end);
                    throw e;
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "The write was not noted in " + path + " and has no effect: " + e.getMessage()
                            + ". Check the space on the disk",
                    null,
                    null,
                    e);
        }
    }

    /** What follows half a line could never be read. */
    private void cutOff(long end) throws IOException {
        try {
            file.setLength(end);
            file.seek(end);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Refuses further lines. */
    synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
        }
    }
}
