package dev.featurestore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    private static final String[] SMALL = {
        "--rows", "4000", "--cards", "60", "--merchants", "12", "--days", "20", "--seed", "7"
    };

    @TempDir
    Path folder;

    @Test
    void trainingRowsAreWhatWasServed() {
        Program.Result result = Program.run(folder.resolve("out"), SMALL);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("4,000 of 60 cards at 12 merchants")
                .containsPattern("Training rows +4,000\\n")
                .containsPattern("AS_SERVED +0 rows differ")
                .containsPattern(" 0 are not explained\\n");
        assertThat(number(result, "EVENT_TIME +([\\d,]+) rows differ")).isPositive();
        assertThat(number(result, "([\\d,]+) know a card record that came")).isPositive();
        assertThat(number(result, "([\\d,]+) know statistics of a merchant")).isPositive();
    }

    @Test
    void filesHoldOneRowForEachPayment() throws IOException {
        Path out = folder.resolve("out");
        Program.run(out, SMALL);

        assertThat(Program.names(folder)).containsExactly("out");
        assertThat(Program.names(out))
                .containsExactly(
                        "event-time-differences.parquet",
                        "labels",
                        "offline-store",
                        "served.parquet",
                        "training-as-served.parquet",
                        "training-event-time.parquet",
                        "transactions.parquet");
        for (String file : List.of("served", "training-as-served", "training-event-time", "transactions")) {
            assertThat(Program.query(
                            "SELECT count(*), count(DISTINCT transaction_id) FROM '" + out + "/" + file + ".parquet'"))
                    .as(file)
                    .containsExactly("4000|4000");
        }
        assertThat(Program.query("SELECT DISTINCT card__status FROM '" + out + "/served.parquet' ORDER BY ALL"))
                .containsExactly("absent", "found");
    }

    @Test
    void noRowIsDifferentWhenNothingIsLateAndNothingIsMissing() {
        Program.Result result = Program.run(
                folder.resolve("out"),
                "--rows",
                "500",
                "--cards",
                "20",
                "--merchants",
                "3",
                "--days",
                "1",
                "--late-share",
                "0");

        assertThat(result.exitCode()).isZero();
        assertThat(number(result, "([\\d,]+) know a card record that came")).isZero();
        assertThat(number(result, "([\\d,]+) know statistics of a merchant")).isZero();
    }

    @Test
    void sameSeedGivesTheSameFiles() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Path other = folder.resolve("other");
        Program.run(first, SMALL);
        Program.run(second, SMALL);
        Program.run(other, "--rows", "4000", "--cards", "60", "--merchants", "12", "--days", "20", "--seed", "8");

        for (String file : List.of("served", "training-as-served", "training-event-time", "event-time-differences")) {
            assertThat(difference(first, second, file)).as(file).isZero();
            assertThat(difference(first, other, file)).as(file).isPositive();
        }
    }

    @Test
    void emulatorGivesTheSameFilesAsTheStoreInMemory() {
        Path memory = folder.resolve("memory");
        Path emulator = folder.resolve("emulator");
        Program.run(memory, SMALL);
        List<String> args = new ArrayList<>(List.of(SMALL));
        args.addAll(List.of("--backend", "emulator"));
        Program.Result result = Program.run(emulator, args.toArray(new String[0]));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("Backend +emulator\\n")
                .containsPattern("AS_SERVED +0 rows differ")
                .containsPattern(" 0 are not explained\\n");
        for (String file : List.of("served", "training-as-served", "training-event-time", "event-time-differences")) {
            assertThat(difference(memory, emulator, file)).as(file).isZero();
        }
    }

    @Test
    void unknownBackendIsRefusedWithTheNamesOfThoseThereAre() {
        Program.Result result = Program.run(folder.resolve("out"), "--backend", "aws");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--backend", "memory", "emulator");
    }

    @Test
    void anEngineOfAnotherModuleIsRefusedWithTheCommandThatHasIt() {
        Program.Result result = Program.run(folder.resolve("out"), "--engine", "trino");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("./mvnw -q -Pquickstart,trino -pl examples/athena-local -am package -Dquickstart.args=");
        assertThat(Program.run(folder.resolve("out"), "--engine", "presto").err())
                .contains("Option --engine: expected duckdb, trino or spark.");
    }

    private static long difference(Path left, Path right, String file) {
        String l = "FROM '" + left + "/" + file + ".parquet'";
        String r = "FROM '" + right + "/" + file + ".parquet'";
        return Long.parseLong(Program.query("SELECT (SELECT count(*) FROM (" + l + " EXCEPT ALL " + r
                        + ")) + (SELECT count(*) FROM (" + r + " EXCEPT ALL " + l + "))")
                .get(0));
    }

    @Test
    void laterRunReplacesResultsInANamedFolderOnlyWhenTold() throws IOException {
        Path out = folder.resolve("out");
        Program.run(out, "--rows", "50");

        Program.Result refused = Program.run(out, "--rows", "60");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualToIgnoringNewLines("The output folder " + out
                        + " holds the results of an earlier run: add --overwrite to replace them (with Maven,"
                        + " -Dquickstart.args=\"--overwrite ...\"), or name another folder with --output.");
        assertThat(Program.query("SELECT count(*) FROM '" + out + "/served.parquet'"))
                .containsExactly("50");

        assertThat(Program.run(out, "--rows", "60", "--overwrite").exitCode()).isZero();
        assertThat(Program.query("SELECT count(*) FROM '" + out + "/served.parquet'"))
                .containsExactly("60");
        assertThat(Program.names(folder)).containsExactly("out");
    }

    @Test
    void laterRunReplacesResultsInTheDefaultFolder() throws IOException {
        Path out = folder.resolve("out");
        assertThat(Program.runByDefault(out, "--rows", "50").exitCode()).isZero();

        Program.Result second = Program.runByDefault(out, "--rows", "60");

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(Program.query("SELECT count(*) FROM '" + out + "/served.parquet'"))
                .containsExactly("60");
        assertThat(Program.names(folder)).containsExactly("out");
    }

    @Test
    void failedRunKeepsTheResultsInTheDefaultFolder() throws IOException {
        Path out = folder.resolve("out");
        Program.runByDefault(out, "--rows", "50");

        assertThat(Program.runByDefault(out, "--input", folder + "/gone.csv").exitCode())
                .isEqualTo(2);

        assertThat(Program.query("SELECT count(*) FROM '" + out + "/served.parquet'"))
                .containsExactly("50");
        assertThat(Program.names(folder)).containsExactly("out");
    }

    @Test
    void otherFilesInTheDefaultFolderAreNeverOverwritten() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(out.resolve("thesis.tex"), "years of work");

        Program.Result result = Program.runByDefault(out, "--rows", "50");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("holds files that are not results of this program");
        assertThat(Program.names(out)).containsExactly("thesis.tex");
    }

    @Test
    void otherFilesAreNeverOverwritten() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(out.resolve("thesis.tex"), "years of work");

        Program.Result result = Program.run(out, "--rows", "50", "--overwrite");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("holds files that are not results of this program");
        assertThat(Program.names(out)).containsExactly("thesis.tex");
        assertThat(Program.names(folder)).containsExactly("out");
    }

    @Test
    void reportAndProgressNameNoIdentifier() {
        Program.Result result = Program.run(folder.resolve("out"), SMALL);

        assertThat(result.out() + result.err()).doesNotContain("card-0", "shop-0", "t0000");
        assertThat(result.err()).contains("Playing payments");
    }

    private static long number(Program.Result result, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(result.out());
        assertThat(matcher.find()).as(result.out()).isTrue();
        return Long.parseLong(matcher.group(1).replace(",", ""));
    }
}
