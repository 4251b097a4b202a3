package dev.featurestore.examples.quickstart;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What a row must be to be played. Messages tell types and lengths, never a value. */
final class InputChecks {
    /** The service's limit for record identifiers. */
    private static final int MAX_KEY_BYTES = 2048;

    /** Keeps the sums of windows exact. */
    private static final String MAX_AMOUNT = "100000000";

    private static final Set<String> TIMES =
            Set.of("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "DATE", "TIMESTAMP WITH TIME ZONE");

    private static final Set<String> INTEGERS = Set.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT");

    private final Workbench workbench;

    private final InputOptions options;

    private final LongFunction<String> where;

    InputChecks(Workbench workbench, InputOptions options, LongFunction<String> where, Map<String, String> types) {
        this.workbench = workbench;
        this.options = options;
        this.where = where;
        requireTypes(types);
    }

    /** The columns of the table in SQL: each as it is wanted, null where it cannot be, and how long the texts were. */
    static String columns(InputOptions options, Map<String, String> types) {
        String time = Workbench.name(options.timeColumn);
        String amount = Workbench.name(options.amountColumn);
        List<String> columns = new ArrayList<>();
        columns.add("row_number() OVER () AS row");
        columns.add((options.idColumn == null ? "CAST(row_number() OVER () AS VARCHAR)" : text(options.idColumn))
                + " AS transaction_id");
        columns.add(timestamp(time, options.timeFormat) + " AS event_time");
        columns.add(text(options.cardColumn) + " AS card_id");
        columns.add(text(options.merchantColumn) + " AS merchant_id");
        columns.add("TRY_CAST(" + amount + " AS DOUBLE) AS amount");
        columns.add(
                options.labelColumn == null
                        ? "CAST(NULL AS BIGINT) AS label"
                        : "TRY_CAST(" + Workbench.name(options.labelColumn) + " AS BIGINT) AS label");
        columns.add("length(CAST(" + time + " AS VARCHAR)) AS time_length");
        columns.add("length(CAST(" + amount + " AS VARCHAR)) AS amount_length");
        columns.add(
                options.labelColumn == null
                        ? "CAST(NULL AS BIGINT) AS label_length"
                        : "length(CAST(" + Workbench.name(options.labelColumn) + " AS VARCHAR)) AS label_length");
        return String.join(", ", columns);
    }

    private static String text(String column) {
        return "CAST(" + Workbench.name(column) + " AS VARCHAR)";
    }

    private static String timestamp(String column, InputOptions.TimeFormat format) {
        return switch (format) {
            case AUTO -> "TRY_CAST(" + column + " AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'UTC'";
            case EPOCH_SECONDS ->
                "TRY(make_timestamp(CAST(TRY_CAST(" + column + " AS DECIMAL(24, 6)) * 1000000 AS BIGINT)))";
            case EPOCH_MILLIS ->
                "TRY(make_timestamp(CAST(TRY_CAST(" + column + " AS DECIMAL(24, 3)) * 1000 AS BIGINT)))";
        };
    }

    private void requireTypes(Map<String, String> types) {
        options.columns().forEach((option, column) -> {
            String type = Objects.requireNonNull(TransactionFile.find(types, column), "checked before");
            String expected = expected(option, type);
            if (expected != null) {
                throw new InvalidInputException(
                        options.file + ", column '" + column + "': is of type " + type + ", expected " + expected);
            }
        });
    }

    /** What the column should have been; null if it is all right. Texts are looked at row by row. */
    private @Nullable String expected(String option, String type) {
        if (type.equals("VARCHAR")) {
            return null;
        }
        boolean number =
                INTEGERS.contains(type) || type.equals("DOUBLE") || type.equals("FLOAT") || type.startsWith("DECIMAL");
        return switch (option) {
            case "--time-column" -> {
                if (options.timeFormat != InputOptions.TimeFormat.AUTO) {
                    yield number ? null : "a number. Leave out --time-format for timestamps and ISO 8601 text.";
                }
                yield TIMES.contains(type)
                        ? null
                        : "a timestamp or ISO 8601 text. For numbers say --time-format epoch-seconds or epoch-millis.";
            }
            case "--amount-column" -> number ? null : "a number. Name another column with --amount-column.";
            case "--label-column" ->
                INTEGERS.contains(type) || type.equals("BOOLEAN")
                        ? null
                        : "a whole number. Name another column with --label-column.";
            default ->
                INTEGERS.contains(type) || type.equals("UUID")
                        ? null
                        : "text or a whole number. Name another column with " + option + ".";
        };
    }

    /** @throws InvalidInputException for the first row that cannot be played */
    void run() {
        long rows = workbench.numbers("SELECT count(*) FROM " + TransactionFile.TABLE)[0];
        if (rows == 0) {
            throw new InvalidInputException(
                    options.file + ": has no rows: expected at least one payment. Check how the file was made.");
        }
        key(options.idColumn == null ? "the row's number" : options.idColumn, "transaction_id", "--id-column");
        time();
        key(options.cardColumn, "card_id", "--card-column");
        key(options.merchantColumn, "merchant_id", "--merchant-column");
        amount();
        label();
        if (options.idColumn != null) {
            uniqueIds(options.idColumn);
        }
    }

    private void key(String column, String name, String option) {
        first("coalesce(" + name + ", '') = ''", "0")
                .ifFound((row, length) -> problem(
                        row,
                        column,
                        "there is no value. Every payment needs one: correct the row, or name" + " another column with "
                                + option + "."));
        first("strlen(" + name + ") > " + MAX_KEY_BYTES, "strlen(" + name + ")")
                .ifFound((row, length) -> problem(
                        row,
                        column,
                        "expected at most " + MAX_KEY_BYTES + " bytes, found " + length
                                + ". Correct the row, or name another column with " + option + "."));
    }

    private void time() {
        String expected = options.timeFormat == InputOptions.TimeFormat.AUTO
                ? "a time such as 2025-01-31T23:59:59.123Z or 2025-01-31 23:59:59"
                : "a time in " + options.timeFormat;
        required("event_time", "time_length", options.timeColumn, expected, "--time-format");
        first("NOT isfinite(event_time) OR year(event_time) NOT BETWEEN 1970 AND 2261", "0")
                .ifFound((row, length) -> problem(
                        row,
                        options.timeColumn,
                        "expected a time between the years 1970 and 2261. Correct the row, or say with --time-format"
                                + " how times are given."));
    }

    private void amount() {
        required("amount", "amount_length", options.amountColumn, "a number such as 12.50", "--amount-column");
        first("NOT isfinite(amount)", "amount_length")
                .ifFound((row, length) -> problem(
                        row,
                        options.amountColumn,
                        "expected a finite number, found NaN or an infinity. Correct or remove the row."));
        first("amount < 0", "0")
                .ifFound((row, length) -> problem(
                        row,
                        options.amountColumn,
                        "expected zero or more, found a negative number. Remove refunds before playing the payments."));
        first("amount > " + MAX_AMOUNT, "0")
                .ifFound((row, length) -> problem(
                        row,
                        options.amountColumn,
                        "expected at most " + MAX_AMOUNT + ", found more. Correct the row, or use a larger unit."));
    }

    private void label() {
        if (options.labelColumn != null) {
            String column = options.labelColumn;
            first("label IS NULL AND label_length > 0", "label_length")
                    .ifFound((row, length) -> problem(
                            row,
                            column,
                            "expected a whole number such as 1, found " + characters(length)
                                    + ". Correct the row, or name another column with --label-column."));
        }
    }

    private void required(String name, String lengthName, String column, String expected, String option) {
        first(name + " IS NULL", "coalesce(" + lengthName + ", 0)")
                .ifFound((row, length) -> problem(
                        row,
                        column,
                        "expected " + expected + ", found " + characters(length) + ". Correct the row, or see " + option
                                + "."));
    }

    private static String characters(long length) {
        return length == 0 ? "nothing" : length + " characters";
    }

    private void uniqueIds(String column) {
        String sql = "SELECT min(row), max(row) FROM (SELECT row, transaction_id, row_number() OVER"
                + " (PARTITION BY transaction_id ORDER BY row) AS nth FROM " + TransactionFile.TABLE
                + ") WHERE nth <= 2 GROUP BY transaction_id HAVING count(*) = 2 ORDER BY max(row) LIMIT 1";
        find(sql)
                .ifFound((earlier, row) -> problem(
                        row,
                        column,
                        "the same id as " + where.apply(earlier)
                                + ". Every payment needs an id of its own: correct the row, or leave out --id-column to count"
                                + " rows."));
    }

    /** The first row that fulfils a condition, and a number. */
    private Found first(String condition, String number) {
        return find("SELECT row, " + number + " FROM " + TransactionFile.TABLE + " WHERE " + condition
                + " ORDER BY row LIMIT 1");
    }

    private Found find(String sql) {
        try (Statement statement = workbench.connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? new Found(new long[] {result.getLong(1), result.getLong(2)}) : new Found(null);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot run: " + sql, e);
        }
    }

    private void problem(long row, String column, String what) {
        throw new InvalidInputException(where.apply(row) + ", column '" + column + "': " + what);
    }

    private static final class Found {
        private final long @Nullable [] numbers;

        Found(long @Nullable [] numbers) {
            this.numbers = numbers;
        }

        void ifFound(Problem problem) {
            if (numbers != null) {
                problem.tell(numbers[0], numbers[1]);
            }
        }
    }

    private interface Problem {
        void tell(long first, long second);
    }
}
