package dev.featurestore.testkit.athena;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The CSV that Athena leaves of a query's rows: every value in quotes, a null as nothing at all. */
final class ResultFile {
    private ResultFile() {}

    static void write(Path file, AthenaResult result) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(line(
                    result.columns().stream().map(AthenaResult.Column::name).collect(Collectors.toList())));
            for (List<@Nullable String> row : result.rows()) {
                out.write(line(row));
            }
        }
    }

    private static String line(List<? extends @Nullable String> values) {
        return values.stream()
                        .map(value -> value == null ? "" : '"' + value.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(","))
                + "\n";
    }
}
