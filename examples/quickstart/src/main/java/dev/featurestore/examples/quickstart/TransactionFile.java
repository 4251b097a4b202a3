package dev.featurestore.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a CSV or Parquet file of payments into a table. DuckDB parses; what cannot be used is told by line and column. */
final class TransactionFile {
    static final String TABLE = "input";

    private static final String CSV_REJECTS = "csv_rejects";

    private final Workbench workbench;

    private final InputOptions options;

    private final Path scratch;

    private final boolean csv;

    private TransactionFile(Workbench workbench, InputOptions options, Path scratch) {
        this.workbench = workbench;
        this.options = options;
        this.scratch = scratch;
        this.csv = isCsv();
    }

    /**
     * Fills {@link #TABLE}.
     *
     * @throws InvalidInputException for the first thing in the file that cannot be used
     */
    static void read(Workbench workbench, InputOptions options, Path scratch) {
        TransactionFile file = new TransactionFile(workbench, options, scratch);
        file.requireContent();
        Map<String, String> types = file.columnTypes();
        file.requireColumns(types);
        file.load(types);
        file.requireSoundLines();
        new InputChecks(workbench, options, file::where, types).run();
    }

    private boolean isCsv() {
        String name = String.valueOf(options.file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
            return true;
        }
        if (name.endsWith(".parquet")) {
            return false;
        }
        throw problem("", "its name must end in .csv, .csv.gz or .parquet. Rename it, or convert it to one of these.");
    }

    private void requireContent() {
        if (!Files.exists(options.file)) {
            throw problem("", "there is no such file. Check the path given with --input.");
        }
        if (!Files.isRegularFile(options.file) || !Files.isReadable(options.file)) {
            throw problem("", "is not a file that can be read. Check the path given with --input.");
        }
        try {
            if (Files.size(options.file) == 0) {
                throw problem("", "is empty: expected " + (csv ? "a header line and rows." : "a Parquet file."));
            }
        } catch (IOException e) {
            throw problem("", "cannot be read (" + e.getClass().getSimpleName() + ").");
        }
    }

    /** The types of the columns by their names in lower case. */
    private Map<String, String> columnTypes() {
        String source;
        if (csv) {
            // the header alone: what follows may be so ragged that DuckDB would not find the columns
            Path header = scratch.resolve("header.csv");
            try {
                Files.writeString(header, new CsvFile(options.file).header() + "\n", StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw problem("", "cannot be read (" + e.getClass().getSimpleName() + ").");
            }
            source = "read_csv(" + Workbench.text(header)
                    + ", header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')";
        } else {
            source = "read_parquet(" + Workbench.text(options.file) + ")";
        }
        Map<String, String> types = new LinkedHashMap<>();
        try (Statement statement = workbench.connection().createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
            while (columns.next()) {
                types.put(columns.getString(1), columns.getString(2));
            }
        } catch (SQLException e) {
            throw csv
                    ? problem(", line 1", "is not a header of comma-separated names in UTF-8.")
                    : problem("", "is not a Parquet file, or it is damaged. Check that it was written completely.");
        }
        return types;
    }

    private void requireColumns(Map<String, String> types) {
        options.columns().forEach((option, column) -> {
            if (find(types, column) == null) {
                // the names of a CSV file without header would be values
                throw problem(
                        csv ? ", line 1" : "",
                        "has no column '" + column + "'; it has "
                                + (csv
                                        ? types.size() + " columns. The first line must hold the names of the columns"
                                        : types.keySet().stream().collect(Collectors.joining("', '", "'", "'")))
                                + ". Name the right one with " + option + ".");
            }
        });
    }

    /** The type of a column; DuckDB does not distinguish case. */
    static @Nullable String find(Map<String, String> types, String column) {
        for (Map.Entry<String, String> type : types.entrySet()) {
            if (type.getKey().equalsIgnoreCase(column)) {
                return type.getValue();
            }
        }
        return null;
    }

    private void load(Map<String, String> types) {
        String sql = "CREATE TABLE " + TABLE + " AS SELECT " + InputChecks.columns(options, types) + " FROM "
                + source(types);
        try (Statement statement = workbench.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw problem(
                    "",
                    "cannot be read as " + (csv ? "comma-separated UTF-8 text" : "Parquet")
                            + ": DuckDB gives up with " + kind(e) + ". Check that the file is complete"
                            + (csv ? ", that all lines end alike and that every double quote is closed." : "."));
        }
    }

    /** The kind of a DuckDB error; the rest of its message may quote the file. */
    private static String kind(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int colon = message.indexOf(':');
        return colon > 0 && colon < 40 ? message.substring(0, colon) : "an error";
    }

    private String source(Map<String, String> types) {
        if (!csv) {
            return "read_parquet(" + Workbench.text(options.file) + ")";
        }
        String columns = types.keySet().stream()
                .map(name -> Workbench.text(name) + ": 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        return "read_csv(" + Workbench.text(options.file)
                + ", header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = " + columns
                + ", store_rejects = true, rejects_table = " + Workbench.text(CSV_REJECTS) + ")";
    }

    /** Tells of the first line that DuckDB could not take apart. */
    private void requireSoundLines() {
        if (!csv) {
            return;
        }
        String sql = "SELECT line, error_type::VARCHAR, error_message FROM " + CSV_REJECTS + " ORDER BY line LIMIT 1";
        try (Statement statement = workbench.connection().createStatement();
                ResultSet rejects = statement.executeQuery(sql)) {
            if (rejects.next()) {
                throw problem(", line " + rejects.getLong(1), explanation(rejects.getString(2), rejects.getString(3)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read DuckDB's list of rejected lines", e);
        }
    }

    /** @param message counts the fields of the line, but stops after the first too many */
    private static String explanation(String type, String message) {
        return switch (type) {
            case "MISSING COLUMNS", "TOO MANY COLUMNS" ->
                message.replaceAll(
                                "Expected Number of Columns: (\\d+) Found: (\\d+)",
                                "expected $1 fields as in the header, found "
                                        + (type.startsWith("TOO") ? "more" : "$2"))
                        + ". Correct the line; a field with commas must be in double quotes.";
            case "UNQUOTED VALUE" -> "a double quote is not closed, or text follows it. Correct the line.";
            case "INVALID ENCODING" -> "expected UTF-8 text. Convert the file to UTF-8.";
            case "LINE SIZE OVER MAXIMUM" -> "the line is too long. Correct the line.";
            default -> "cannot be taken apart into fields (" + type.toLowerCase(Locale.ROOT) + "). Correct the line.";
        };
    }

    /** Where a row is, counted from 1, for people. */
    private String where(long row) {
        return options.file + (csv ? ", line " + new CsvFile(options.file).lineOf(row) : ", row " + row);
    }

    private InvalidInputException problem(String place, String what) {
        return new InvalidInputException(options.file + place + ": " + what);
    }
}
