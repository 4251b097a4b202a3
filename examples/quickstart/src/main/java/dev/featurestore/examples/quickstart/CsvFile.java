package dev.featurestore.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** What DuckDB does not tell of a CSV file: its header line alone, and on which line a row is. */
final class CsvFile {
    private final Path file;

    CsvFile(Path file) {
        this.file = file;
    }

    /** The first line; empty if there is none. */
    String header() throws IOException {
        try (BufferedReader reader = open()) {
            String line = reader.readLine();
            return line == null ? "" : line;
        }
    }

    /**
     * The line on which a row begins: empty lines are no rows, and quoted text may go over several.
     *
     * @param row counted from 1, without the header
     * @return counted from 1, with the header
     */
    long lineOf(long row) {
        try (BufferedReader reader = open()) {
            long records = 0;
            long number = 0;
            boolean quoted = false;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                boolean begins = !quoted && !line.isEmpty();
                // the header is the first record
                if (begins && records++ == row) {
                    return number;
                }
                quoted ^= line.chars().filter(c -> c == '"').count() % 2 == 1;
            }
            return number;
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read (" + e.getClass().getSimpleName() + ").");
        }
    }

    private BufferedReader open() throws IOException {
        InputStream bytes = Files.newInputStream(file);
        boolean packed = file.getFileName().toString().endsWith(".gz");
        return new BufferedReader(
                new InputStreamReader(packed ? new GZIPInputStream(bytes) : bytes, StandardCharsets.ISO_8859_1));
    }
}
