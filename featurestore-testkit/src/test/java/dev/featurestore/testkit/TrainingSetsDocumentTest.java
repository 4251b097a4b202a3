package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The code of the page on training sets is code that the examples run. */
class TrainingSetsDocumentTest {
    private static final Path ATHENA = MarkdownPage.ROOT.resolve(
            "examples/athena-local/src/test/java/dev/featurestore/examples/athena/TrainingOnAthenaTest.java");

    private static final Path GLUE = MarkdownPage.ROOT.resolve(
            "examples/glue-training/src/main/java/dev/featurestore/examples/glue/FraudTrainingJob.java");

    private final MarkdownPage page = page();

    private static MarkdownPage page() {
        try {
            return MarkdownPage.read("docs/training-sets.md");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theCodeOfThePageIsTheCodeOfTheExamples() throws IOException {
        assertThat(page.snippets("java")).hasSize(12);
        page.hasCodeOf(ATHENA, GLUE);
    }

    @Test
    void theQueriesOfThePageAreThoseOfTheExample() throws IOException {
        String code = MarkdownPage.withoutSpace(Files.readString(ATHENA));

        assertThat(page.snippets("sql"))
                .hasSize(3)
                .allSatisfy(sql -> assertThat(code).contains(MarkdownPage.withoutSpace(sql)));
    }

    @Test
    void theScriptOfThePageCallsTheJob() throws IOException {
        String job = Files.readString(GLUE);

        assertThat(job).contains("package dev.featurestore.examples.glue;", "public static void main(String[] args)");
        assertThat(page.snippets("scala"))
                .singleElement()
                .asString()
                .contains("dev.featurestore.examples.glue.FraudTrainingJob.main(args)");
    }
}
