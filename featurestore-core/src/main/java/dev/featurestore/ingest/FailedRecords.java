package dev.featurestore.ingest;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the records that a load could not write, one JSON object a line: {@code position}, {@code identifierHash},
 * {@code code}, {@code reason} and {@code record}. It holds the records with all their values: guard it as the data itself. A
 * load adds to a file that is there.
 */
public final class FailedRecords {
    private final Path path;

    private FailedRecords(Path path) {
        this.path = path;
    }

    /** Failures in this file, which need not exist yet; its folder must. */
    public static FailedRecords file(Path path) {
        return new FailedRecords(Objects.requireNonNull(path, "path"));
    }

    /**
     * The records of the file, to be written again; in the file's order, repeats included: a record that failed in a run that
     * crashed may be there twice. Those that failed because no record could be made of their row are not in the file and not
     * here. Close the stream.
     *
     * @throws UncheckedIOException if the file cannot be read, now or as the stream is consumed
     * @throws IllegalArgumentException as the stream is consumed, if a line is not of such a file
     * @throws RecordMappingException as the stream is consumed, if a record is not one of the group
     */
    public <R> Stream<R> rows(FeatureGroup<R> group) {
        BufferedReader reader;
        try {
            reader = Files.newBufferedReader(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the failed records in " + path, e);
        }
        return reader.lines()
                .map(line -> RecordJson.record(group, line))
                .filter(Objects::nonNull)
                .map(record -> group.rowMapper().fromRecord(Objects.requireNonNull(record)))
                .onClose(() -> {
                    try {
                        reader.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    Writer open() throws IOException {
        removeTornLine();
        return new Writer(new FileOutputStream(path.toFile(), true));
    }

    /** A crash may have cut the last line; its record was not settled then and is written once more. */
    private void removeTornLine() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long end = file.length();
            while (end > 0) {
                file.seek(end - 1);
                if (file.read() == '\n') {
                    break;
                }
                end--;
            }
            file.setLength(end);
        }
    }

    /** Adds failures. For one thread at a time. Not a channel: an interrupt would close that. */
    static final class Writer implements AutoCloseable {
        private final FileOutputStream file;

        private Writer(FileOutputStream file) {
            this.file = file;
        }

        /** Has left the process when this returns. */
        void add(FailedRecord failure, @Nullable FeatureRecord record) throws IOException {
            Map<String, String> remarks = new LinkedHashMap<>();
            remarks.put("position", Long.toString(failure.position()));
            remarks.put("identifierHash", failure.identifierHash());
            remarks.put("code", failure.code().name());
            remarks.put("reason", failure.reason());
            file.write((RecordJson.line(remarks, record) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** Is on the disk when this returns. */
        void force() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** The file. */
    @Override
    public String toString() {
        return "failed records in " + path;
    }
}
