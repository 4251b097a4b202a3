package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.examples.quickstart.Quickstart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's training sets, built by Athena's SQL. */
class TrinoQuickstartTest {
    @Test
    void trainingRowsAreWhatWasServed(@TempDir Path folder) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Quickstart.commandLine(
                        folder.resolve("unused"), TrinoQuickstart.engine(Path.of(System.getProperty("trino.hive"))))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(
                        "--rows",
                        "2000",
                        "--cards",
                        "60",
                        "--merchants",
                        "12",
                        "--days",
                        "20",
                        "--output",
                        folder.resolve("it's out").toString());

        // for the summary of the build
        out.toString()
                .lines()
                .filter(line -> line.matches("(Training rows|AS_SERVED) .*"))
                .forEach(line -> System.out.println("[summary] " + line));
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("Engine +trino\\n")
                .containsPattern("Training rows +2,000\\n")
                .containsPattern("AS_SERVED +0 rows differ")
                .containsPattern(" 0 are not explained\\n");
    }
}
