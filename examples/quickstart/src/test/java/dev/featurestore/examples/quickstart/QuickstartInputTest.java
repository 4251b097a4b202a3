package dev.featurestore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of all kinds, good and bad. A bad one gives one line that names place and remedy, and leaves nothing behind. */
class QuickstartInputTest {
    private static final String HEADER = "id,event_time,card_id,merchant_id,amount\n";

    @TempDir
    Path folder;

    static List<Arguments> badCsv() {
        return List.of(
                Arguments.of("", ": is empty: expected a header line and rows."),
                Arguments.of(HEADER, ": has no rows: expected at least one payment. Check how the file was made."),
                Arguments.of(
                        "id,when,card_id,merchant_id,amount\n1,2025-01-01,c,m,1\n",
                        ", line 1: has no column 'event_time'; it has 5 columns. The first line must hold the names of"
                                + " the columns. Name the right one with --time-column."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,1\n2,2025-01-01,c,m\n",
                        ", line 3: expected 5 fields as in the header, found 4. Correct the line; a field with commas"
                                + " must be in double quotes."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,1\n\n2,2025-01-01,c,m,1,extra\n",
                        ", line 4: expected 5 fields as in the header, found more. Correct the line; a field with commas"
                                + " must be in double quotes."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,1\n2,2025-01-01,c,m,1,2,3\n3,2025-01-01\n4,x\n",
                        ", line 3: expected 5 fields as in the header, found more. Correct the line; a field with"
                                + " commas must be in double quotes."),
                Arguments.of(
                        HEADER + "1,2025-01-01,\"c,m,1\n",
                        ", line 2: a double quote is not closed, or text follows it. Correct the line."),
                Arguments.of(
                        HEADER + "1,yesterday,c,m,1\n",
                        ", line 2, column 'event_time': expected a time such as 2025-01-31T23:59:59.123Z or 2025-01-31"
                                + " 23:59:59, found 9 characters. Correct the row, or see --time-format."),
                Arguments.of(
                        HEADER + "1,,c,m,1\n",
                        ", line 2, column 'event_time': expected a time such as 2025-01-31T23:59:59.123Z or 2025-01-31"
                                + " 23:59:59, found nothing. Correct the row, or see --time-format."),
                Arguments.of(
                        HEADER + "1,1812-06-24,c,m,1\n",
                        ", line 2, column 'event_time': expected a time between the years 1970 and 2261. Correct the"
                                + " row, or say with --time-format how times are given."),
                Arguments.of(
                        HEADER + "1,2025-01-01,\"two\nlines\",m,1\n2,2025-01-01,,m,1\n",
                        ", line 4, column 'card_id': there is no value. Every payment needs one: correct the row, or"
                                + " name another column with --card-column."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,\"\",1\n",
                        ", line 2, column 'merchant_id': there is no value. Every payment needs one: correct the row,"
                                + " or name another column with --merchant-column."),
                Arguments.of(
                        HEADER + "1,2025-01-01," + "x".repeat(2049) + ",m,1\n",
                        ", line 2, column 'card_id': expected at most 2048 bytes, found 2049. Correct the row, or name"
                                + " another column with --card-column."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,free\n",
                        ", line 2, column 'amount': expected a number such as 12.50, found 4 characters. Correct the"
                                + " row, or see --amount-column."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,1\n2,2025-01-01,c,m,nan\n",
                        ", line 3, column 'amount': expected a finite number, found NaN or an infinity. Correct or"
                                + " remove the row."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,-5\n",
                        ", line 2, column 'amount': expected zero or more, found a negative number. Remove refunds"
                                + " before playing the payments."),
                Arguments.of(
                        HEADER + "1,2025-01-01,c,m,1e9\n",
                        ", line 2, column 'amount': expected at most 100000000, found more. Correct the row, or use a"
                                + " larger unit."));
    }

    @ParameterizedTest
    @MethodSource("badCsv")
    void badCsvIsRefusedWithItsPlace(String content, String message) throws IOException {
        refused(csv(content), message);
    }

    @Test
    void linesThatEndInTwoWaysAreRefused() throws IOException {
        refused(
                csv(HEADER + "1,2025-01-01,c,m,1\r\n2,2025-01-01,c,m,2\r\n"),
                ": cannot be read as comma-separated UTF-8 text: DuckDB gives up with Invalid Input Error. Check that the"
                        + " file is complete, that all lines end alike and that every double quote is closed.");
    }

    @Test
    void sameIdTwiceIsRefused() throws IOException {
        Path file = csv(HEADER + "a,2025-01-01,c,m,1\nb,2025-01-01,c,m,1\na,2025-01-02,c,m,1\n");
        refused(
                file,
                ", line 4, column 'id': the same id as " + file
                        + ", line 2. Every payment needs an id of its own: correct the row, or leave out --id-column to"
                        + " count rows.",
                "--id-column",
                "id");
    }

    @Test
    void missingIdIsRefused() throws IOException {
        refused(
                csv(HEADER + ",2025-01-01,c,m,1\n"),
                ", line 2, column 'id': there is no value. Every payment needs one: correct the row, or name another"
                        + " column with --id-column.",
                "--id-column",
                "id");
    }

    @Test
    void labelThatIsNoNumberIsRefused() throws IOException {
        refused(
                csv("event_time,card_id,merchant_id,amount,fraud\n2025-01-01,c,m,1,maybe\n"),
                ", line 2, column 'fraud': expected a whole number such as 1, found 5 characters. Correct the row, or"
                        + " name another column with --label-column.",
                "--label-column",
                "fraud");
    }

    @Test
    void missingFileIsRefused() {
        refused(folder.resolve("gone.csv"), ": there is no such file. Check the path given with --input.");
    }

    @Test
    void folderIsRefused() throws IOException {
        refused(
                Files.createDirectory(folder.resolve("folder.csv")),
                ": is not a file that can be read. Check the path given with --input.");
    }

    @Test
    void otherKindsOfFilesAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("payments.json"), "[]");
        refused(file, ": its name must end in .csv, .csv.gz or .parquet. Rename it, or convert it to one of these.");
    }

    @Nested
    class InParquet {
        @Test
        void textIsNotParquet() throws IOException {
            Path file = Files.writeString(folder.resolve("payments.parquet"), HEADER);
            refused(file, ": is not a Parquet file, or it is damaged. Check that it was written completely.");
        }

        @Test
        void missingColumnIsRefused() {
            refused(
                    parquet("SELECT 1 AS card_id, 2 AS shop"),
                    ": has no column 'event_time'; it has 'card_id', 'shop'. Name the right one with --time-column.");
        }

        @Test
        void noRowsAreRefused() {
            refused(
                    parquet(GOOD + " WHERE false"),
                    ": has no rows: expected at least one payment. Check how the file was made.");
        }

        @Test
        void numberAsTimeNeedsItsFormat() {
            refused(
                    parquet("SELECT 1735689600 AS event_time, 'c' AS card_id, 'm' AS merchant_id, 1.5 AS amount"),
                    ", column 'event_time': is of type INTEGER, expected a timestamp or ISO 8601 text. For numbers say"
                            + " --time-format epoch-seconds or epoch-millis.");
        }

        @Test
        void listAsKeyIsRefused() {
            refused(
                    parquet(
                            "SELECT TIMESTAMP '2025-01-01' AS event_time, [1] AS card_id, 'm' AS merchant_id, 1 AS amount"),
                    ", column 'card_id': is of type INTEGER[], expected text or a whole number. Name another column"
                            + " with --card-column.");
        }

        @Test
        void timeAsAmountIsRefused() {
            refused(
                    parquet("SELECT TIMESTAMP '2025-01-01' AS event_time, 'c' AS card_id, 'm' AS merchant_id,"
                            + " DATE '2025-01-01' AS amount"),
                    ", column 'amount': is of type DATE, expected a number. Name another column with"
                            + " --amount-column.");
        }

        @Test
        void rowsAreCountedFromOne() {
            refused(
                    parquet(GOOD + " UNION ALL SELECT TIMESTAMP '2025-01-01', 'c', NULL, 1.5"),
                    ", row 2, column 'merchant_id': there is no value. Every payment needs one: correct the row, or name"
                            + " another column with --merchant-column.");
        }

        private static final String GOOD = "SELECT * FROM (SELECT TIMESTAMP '2025-01-01' AS event_time, 'c' AS card_id,"
                + " 'm' AS merchant_id, 1.5 AS amount)";
    }

    @Nested
    class Good {
        @Test
        void csvWithIdsInZonesAndOutOfOrder() throws IOException {
            Path file = csv(HEADER
                    + "b,2025-01-01T12:00:00.123456Z,\"c,1\",m,2.50\n"
                    + "a,2025-01-01 13:00:00+02:00,\"c,1\",m,0\n\n"
                    + "c,2025-01-05,c2,m,1e2\n");
            played(file, "--id-column", "ID");
            assertThat(payments())
                    .containsExactly(
                            "a|2025-01-01 11:00:00|c,1|m|0.0|null",
                            "b|2025-01-01 12:00:00.123456|c,1|m|2.5|null",
                            "c|2025-01-05 00:00:00|c2|m|100.0|null");
        }

        @Test
        void packedCsvWithOtherNamesAndLabels() throws IOException {
            Path file = folder.resolve("payments.csv.gz");
            try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
                packed.write("t,card,shop,eur,fraud\r\n1735689600.5,1,2,3,1\r\n1735689601,1,2,3,\r\n"
                        .getBytes(StandardCharsets.UTF_8));
            }
            played(
                    file,
                    "--time-column",
                    "t",
                    "--card-column",
                    "card",
                    "--merchant-column",
                    "shop",
                    "--amount-column",
                    "eur",
                    "--label-column",
                    "fraud",
                    "--time-format",
                    "epoch-seconds");
            assertThat(payments())
                    .containsExactly("1|2025-01-01 00:00:00.5|1|2|3.0|1", "2|2025-01-01 00:00:01|1|2|3.0|null");
        }

        @Test
        void parquetWithZonedTimesAndNumbersAsKeys() {
            Path file = parquet("SELECT TIMESTAMPTZ '2025-01-01 12:00:00+01' AS event_time, 7 AS card_id,"
                    + " 8::UTINYINT AS merchant_id, 1.5::DECIMAL(5,2) AS amount");
            played(file);
            assertThat(payments()).containsExactly("1|2025-01-01 11:00:00|7|8|1.5|null");
        }

        @Test
        void parquetWithEpochMillis() {
            Path file = parquet(
                    "SELECT 1735689600123 AS event_time, 'c' AS card_id, 'm' AS merchant_id, 1.5::FLOAT AS amount");
            played(file, "--time-format", "epoch-millis");
            assertThat(payments()).containsExactly("1|2025-01-01 00:00:00.123|c|m|1.5|null");
        }

        @Test
        void paymentsOfAnEarlierRun() {
            Path earlier = folder.resolve("earlier");
            assertThat(Program.run(earlier, "--rows", "300", "--days", "2").exitCode())
                    .isZero();
            played(earlier.resolve("transactions.parquet"), "--id-column", "transaction_id", "--label-column", "label");
            assertThat(payments()).hasSize(300);
        }

        private void played(Path file, String... options) {
            Program.Result result = run(file, options);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).containsPattern("AS_SERVED +0 rows differ");
        }

        private List<String> payments() {
            return Program.query(
                    "SELECT transaction_id, CAST(event_time AS VARCHAR), card_id, merchant_id, amount, label"
                            + " FROM '" + folder + "/out/transactions.parquet'");
        }
    }

    @Nested
    class Options {
        @Test
        void columnsNeedAFile() {
            assertThat(refusal("--time-column", "t")).contains("Missing required argument", "--input");
        }

        @Test
        void fileAndMadeUpPaymentsExcludeEachOther() {
            assertThat(refusal("--input", "x.csv", "--rows", "5")).contains("mutually exclusive");
        }

        @Test
        void rangesAreChecked() {
            assertThat(refusal("--rows", "0"))
                    .isEqualToIgnoringNewLines("Option --rows is 0: expected a number from 1 to 10000000.");
            assertThat(refusal("--late-share", "NaN"))
                    .isEqualToIgnoringNewLines("Option --late-share: expected a number from 0 to 1.");
        }

        private String refusal(String... options) {
            Program.Result result = Program.run(folder.resolve("out"), options);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(folder.resolve("out")).doesNotExist();
            return result.err();
        }
    }

    private Path csv(String content) throws IOException {
        return Files.writeString(folder.resolve("payments.csv"), content);
    }

    private Path parquet(String sql) {
        Path file = folder.resolve("payments.parquet");
        Program.execute("COPY (" + sql + ") TO '" + file + "' (FORMAT parquet)");
        return file;
    }

    private Program.Result run(Path file, String... options) {
        List<String> args = new ArrayList<>(List.of("--input", file.toString()));
        args.addAll(Arrays.asList(options));
        return Program.run(folder.resolve("out"), args.toArray(new String[0]));
    }

    private void refused(Path file, String message, String... options) {
        Program.Result result = run(file, options);
        String problem = result.err()
                .lines()
                .filter(line -> !line.matches(".*, \\d+ s"))
                .reduce("", (left, right) -> left.isEmpty() ? right : left + "\n" + right);
        assertThat(problem).isEqualTo(file + message);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        try {
            assertThat(Program.names(folder)).isSubsetOf(file.getFileName().toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
