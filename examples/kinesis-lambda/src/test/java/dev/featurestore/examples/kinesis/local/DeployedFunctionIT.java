package dev.featurestore.examples.kinesis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The jar that is deployed does, has and weighs what the page says. */
class DeployedFunctionIT {
    private static final Path JAR = Path.of("target", "kinesis-lambda.jar");

    private static String page() throws IOException {
        return Files.readString(Path.of("README.md")).replace("\r", "");
    }

    @Test
    void anInvocationPrintsWhatThePageSays() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        LocalRun.run(JAR, Path.of("kinesis-event.json"), new PrintStream(printed, true, StandardCharsets.UTF_8));

        String output = printed.toString(StandardCharsets.UTF_8).replace("\r", "");
        assertThat(output).contains("card_id=card-1", "card_id=card-2");
        assertThat(page()).contains("```\n" + output + "```\n");
    }

    @Test
    void whatAFunctionDoesNotNeedIsNotInIt() throws IOException {
        List<String> names;
        try (JarFile jar = new JarFile(JAR.toFile())) {
            names = jar.stream().map(entry -> entry.getName()).toList();
        }

        assertThat(names)
                .contains(
                        "dev/featurestore/examples/fraud/Fraud.class",
                        "dev/featurestore/examples/kinesis/CardFeaturesHandler.class",
                        "org/slf4j/simple/SimpleServiceProvider.class",
                        "simplelogger.properties")
                .noneMatch(name -> name.startsWith("dev/featurestore/testkit/"))
                .noneMatch(name -> name.startsWith("dev/featurestore/examples/kinesis/local/"))
                .noneMatch(name -> name.contains("duckdb") || name.contains("junit"))
                .noneMatch(name -> name.startsWith("software/amazon/awssdk/services/sagemaker/"))
                .noneMatch(name -> name.startsWith("software/amazon/awssdk/services/athena/"));
    }

    @Test
    void itWeighsWhatThePageSays() throws IOException {
        MatchResult said = Pattern.compile("\\*\\*(\\d+\\.\\d) MB\\*\\*")
                .matcher(page())
                .results()
                .findFirst()
                .orElseThrow();

        assertThat(Files.size(JAR) / 1e6).isCloseTo(Double.parseDouble(said.group(1)), within(0.2));
    }
}
