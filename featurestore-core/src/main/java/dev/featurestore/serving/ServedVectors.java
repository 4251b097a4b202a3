package dev.featurestore.serving;

import dev.featurestore.training.SpineRow;
import dev.featurestore.view.FeatureView;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A serving log to be read: the files of a {@link FileServingSink}, or vectors kept elsewhere. Immutable; each call reads anew.
 *
 * <p>A file has one JSON object a line, in UTF-8: {@code version} 1, {@code view}, {@code fingerprint}, {@code time} in ISO 8601,
 * either {@code keys}, an object of texts, or {@code keysHash}; {@code groups}, an array of objects with {@code selection},
 * {@code status}, and where there is one {@code eventTime}, {@code staleness} as an ISO 8601 duration, and {@code failure};
 * {@code values}, an object with the wire text of each column that has a value. Blank lines are passed over.
 */
public final class ServedVectors {
    private final String description;

    private final Supplier<Stream<ServedLine>> source;

    private final @Nullable String salt;

    private ServedVectors(String description, Supplier<Stream<ServedLine>> source, @Nullable String salt) {
        this.description = description;
        this.source = source;
        this.salt = salt;
    }

    /**
     * The vectors of files, one file after the other.
     *
     * @param filesOrFolders of a folder all files directly in it that end in {@code .jsonl}, in the order of their names. A sink
     *     may be writing to it: files that it deletes before they are read are passed over, and the line that
     *     it is just writing may be unreadable
     */
    public static ServedVectors in(Path... filesOrFolders) {
        List<Path> paths = List.of(filesOrFolders);
        return new ServedVectors("serving log in " + paths, () -> paths.stream().flatMap(ServedVectors::linesOf), null);
    }

    /** Vectors from anywhere else, such as those that a sink of your own kept. */
    public static ServedVectors of(Collection<ServedVector> vectors) {
        List<ServedVector> copy = List.copyOf(vectors);
        return new ServedVectors(
                "serving log of " + copy.size() + " vectors",
                () -> copy.stream().map(ServedLine.Vector::new),
                null);
    }

    /** The same, with the salt that its keys were hashed with, so that they are found among others. */
    public ServedVectors withSalt(String saltOfTheLog) {
        return new ServedVectors(description, source, saltOfTheLog);
    }

    /** The salt; null if none was given. */
    @Nullable
    String salt() {
        return salt;
    }

    /**
     * What each line is, one after the other; a line that cannot be read does not end the reading. Close the stream.
     *
     * @throws UncheckedIOException if there is no such file or folder, or one cannot be read, now or as the stream is consumed
     */
    public Stream<ServedLine> lines() {
        return source.get();
    }

    /**
     * The vectors; lines that cannot be read are an error. Close the stream.
     *
     * @throws IllegalArgumentException as the stream is consumed, if a line is none; the message has file, line and problem
     * @throws UncheckedIOException as {@link #lines()} throws
     */
    public Stream<ServedVector> vectors() {
        return lines().map(line -> {
            if (line instanceof ServedLine.Vector read) {
                return read.vector();
            }
            throw new IllegalArgumentException("Not a line of a serving log: " + line);
        });
    }

    /**
     * A label for each vector of a view, of the time of its fetch and its keys, so that it can be compared without a table of
     * labels: {@code Spine.rows(log.labels(view))}. Vectors of other views and lines that cannot be read are left out.
     *
     * @throws IllegalArgumentException if a vector of the view has hashed keys, which no label can be made of
     */
    public List<SpineRow> labels(FeatureView view) {
        List<SpineRow> labels = new ArrayList<>();
        try (Stream<ServedLine> lines = lines()) {
            lines.forEach(line -> {
                if (line instanceof ServedLine.Vector read
                        && read.vector().fingerprint().equals(view.fingerprint())) {
                    labels.add(label(read.vector()));
                }
            });
        }
        return labels;
    }

    private static SpineRow label(ServedVector vector) {
        if (vector.keysHash() != null) {
            throw new IllegalArgumentException(
                    "The log has hashed keys, of which no labels can be made: compare it with a"
                            + " training set whose spine has the keys and the times of the fetches");
        }
        return SpineRow.of(vector.time(), vector.keys());
    }

    private static Stream<ServedLine> linesOf(Path fileOrFolder) {
        if (!Files.isDirectory(fileOrFolder)) {
            return lines(fileOrFolder, false);
        }
        return files(fileOrFolder).stream().flatMap(file -> lines(file, true));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(file -> file.toString().endsWith(RollingFile.SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the serving log in " + folder, e);
        }
    }

    private static Stream<ServedLine> lines(Path file, boolean mayBeGone) {
        try {
            Lines lines = new Lines(file);
            return StreamSupport.stream(lines, false).onClose(lines::close);
        } catch (IOException e) {
            if (mayBeGone && e instanceof NoSuchFileException) {
                return Stream.empty();
            }
            throw new UncheckedIOException("Cannot open the serving log " + file, e);
        }
    }

    /** The lines of a file. Decoded one by one, so that bytes which are no text concern their own line only. */
    private static final class Lines extends Spliterators.AbstractSpliterator<ServedLine> {
        private final Path file;
        private final InputStream in;
        private long number;

        Lines(Path file) throws IOException {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.file = file;
            this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        }

        @Override
        public boolean tryAdvance(Consumer<? super ServedLine> action) {
            byte[] bytes = next();
            while (bytes != null && isBlank(bytes)) {
                bytes = next();
            }
            if (bytes == null) {
                return false;
            }
            action.accept(read(bytes));
            return true;
        }

        private ServedLine read(byte[] bytes) {
            try {
                String line = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                return new ServedLine.Vector(ServedJson.read(line));
            } catch (CharacterCodingException e) {
                return new ServedLine.Unreadable(file, number, "not UTF-8, in " + bytes.length + " bytes");
            } catch (IllegalArgumentException e) {
                return new ServedLine.Unreadable(file, number, String.valueOf(e.getMessage()));
            }
        }

        private static boolean isBlank(byte[] bytes) {
            for (byte one : bytes) {
                if (one != ' ' && one != '\r' && one != '\t') {
                    return false;
                }
            }
            return true;
        }

        private byte @Nullable [] next() {
            try {
                int one = in.read();
                if (one < 0) {
                    return null;
                }
                ByteArrayOutputStream line = new ByteArrayOutputStream(512);
                while (one >= 0 && one != '\n') {
                    line.write(one);
                    one = in.read();
                }
                number++;
                return line.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the serving log " + file, e);
            }
        }

        void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close the serving log " + file, e);
            }
        }
    }

    /** Where it is; neither vectors nor salt. */
    @Override
    public String toString() {
        return description;
    }
}
