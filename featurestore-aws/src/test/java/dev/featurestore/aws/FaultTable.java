package dev.featurestore.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of {@code docs/aws.md} that says what a fault does to a call. */
final class FaultTable {
    private static final Path DOCUMENT = Path.of("..", "docs", "aws.md");

    private static final String HEAD = "| fault | calls |";

    private static final Pattern NUMBER = Pattern.compile("(\\d+)(?: \\((\\d+)\\))?");

    private FaultTable() {}

    /**
     * A number of the table.
     *
     * @param usual over most HTTP clients
     * @param urlConnection over the JDK's, which repeats some requests by itself
     */
    record Count(int usual, int urlConnection) {
        static Count parse(String cell) {
            Matcher matcher = NUMBER.matcher(cell);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Not a count: " + cell);
            }
            int usual = Integer.parseInt(matcher.group(1));
            return new Count(usual, matcher.group(2) == null ? usual : Integer.parseInt(matcher.group(2)));
        }
    }

    /**
     * What comes of a call.
     *
     * @param verdict {@code ok}, {@code unprocessed}, or the code of the failure
     * @param requests how many the service got
     * @param effects how often the write took effect; none of a read
     */
    record Outcome(String verdict, Count requests, Count effects) {
        static Outcome parse(String verdict, String requests, String effects) {
            return new Outcome(
                    verdict.replace("`", ""),
                    Count.parse(requests),
                    effects.isEmpty() ? new Count(0, 0) : Count.parse(effects));
        }
    }

    /** A row: what comes of each of the calls if the fault happens once, and if it does not end. */
    record Row(String fault, List<String> calls, Outcome once, Outcome always) {}

    static List<Row> read() {
        try {
            return Files.readAllLines(DOCUMENT).stream()
                    .dropWhile(line -> !line.startsWith(HEAD))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(FaultTable::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        List<String> cells =
                Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
        return new Row(
                cells.get(0),
                List.of(cells.get(1).split(", ")),
                Outcome.parse(cells.get(2), cells.get(3), cells.get(4)),
                Outcome.parse(cells.get(5), cells.get(6), cells.get(7)));
    }
}
